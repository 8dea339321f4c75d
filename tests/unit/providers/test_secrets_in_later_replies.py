"""A provider may repeat a secret parameter in every reply after the start: its value is neither shown nor logged."""

import json
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from conftest import LogLines
from farsync.aws.client import AwsCaller
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution
from farsync.operations.get_execution import get_execution
from farsync.operations.list_jobs import list_jobs
from farsync.providers.base import Provider
from farsync.runtime.context import Context
from farsync.runtime.entrypoint import serve as serve_function
from farsync.runtime.request import Invocation
from tests.unit.http_client.wire_server import Respond, reply, wire_server
from tests.unit.providers.conftest import SECRETS, Serve, ok
from tests.unit.providers.replies import NOW

VALUE = "hunter2"
ECHOING = {
    "jobExecutionId": "7",
    "jobId": "daily",
    "status": "FAILED",
    "parsedParameters": {"$k": VALUE},
    "jobCondition": {"numWorker": 2, "logPath": "b/logs/", "parameters": {"$k": VALUE}},
    "instanceId": 7,
    "jobName": "daily",
    "jobParams": [{"name": "k", "value": VALUE}],
    "errorMessage": f"cannot connect with {VALUE}",
}
CUT = json.dumps(ECHOING).encode()[:-40]
READS: dict[str, Callable[[Provider], object]] = {
    "get": lambda provider: provider.get_execution("daily", "7"),
    "job": lambda provider: provider.get_job("daily"),
    "list": lambda provider: provider.list_executions("daily"),
    "jobs": lambda provider: provider.list_jobs(),
    "start": lambda provider: provider.start("daily", condition=None, parameters={}),
}
CALLS = {**READS, "cancel": lambda provider: provider.cancel("daily", "7")}
SHOW = {
    "version": "2.0",
    "routeKey": "GET /connections/{connection}/jobs/{job}/executions/{executionId}",
    "pathParameters": {"connection": "default", "job": "daily", "executionId": "7"},
    "requestContext": {"http": {"method": "GET"}},
}


def context(transport: Transport, cloud: str, endpoint: str) -> Context:
    connection = json.dumps({**SECRETS[cloud], "endpoint": endpoint})
    return Context(
        clock=lambda: NOW,
        sleep=lambda _: None,
        random=random.random,
        new_token=lambda: "token",
        transport=transport,
        aws=AwsCaller(transport, {}),
        connections=ConnectionStore(lambda _: connection, clock=lambda: NOW),
        variables={},
    )


def shown(transport: Transport, cloud: str, answer: Respond) -> Any:
    """What a caller over HTTP gets of the execution."""
    with wire_server(answer) as server:
        return serve_function(SHOW, partial(get_execution, context(transport, cloud, server.endpoint)))


@pytest.mark.parametrize("ask", READS.values(), ids=READS.keys())
@pytest.mark.parametrize("body", [CUT, json.dumps({"list": 1, "jobs": 1, "a": VALUE}).encode(), VALUE.encode()])
def test_of_an_unreadable_reply_length_and_type_are_kept(
    serve_cloud: Serve, ask: Callable[[Provider], object], body: bytes
) -> None:
    provider, _ = serve_cloud(reply(200, body, Content_Type="text/plain;charset=UTF-8"))
    with pytest.raises(FarsyncError, match="cannot be read") as caught:
        ask(provider)
    assert caught.value.said is not None
    assert caught.value.said.message == f"{len(body)} bytes of text/plain"
    assert VALUE not in f"{caught.value} {caught.value.said} {caught.value.__cause__}"


@pytest.mark.parametrize("status", [302, 400, 404, 409, 500, 502])
@pytest.mark.parametrize("ask", CALLS.values(), ids=CALLS.keys())
def test_of_an_unknown_rejection_length_and_type_are_kept(
    serve_cloud: Serve, ask: Callable[[Provider], object], status: int
) -> None:
    body = f"<html>{VALUE}</html>".encode()
    provider, _ = serve_cloud(reply(status, body, Content_Type="text/html"))
    with pytest.raises(FarsyncError) as caught:
        ask(provider)
    assert caught.value.said is not None
    assert caught.value.said.message == f"{len(body)} bytes of text/html"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply(200, b"?", Content_Type=f"{VALUE} {VALUE}"), "1 bytes of no known type"),
        (reply(400, b'{"error_code": "DLF.9", "error_msg": "said", "errorCode": "9", "message": "said"}'), "said"),
    ],
    ids=["no media type", "known shape"],
)
def test_a_known_shape_is_kept_and_an_odd_media_type_not(serve_cloud: Serve, answer: Respond, message: str) -> None:
    provider, _ = serve_cloud(answer)
    with pytest.raises(FarsyncError) as caught:
        provider.get_execution("daily", "7")
    assert caught.value.said is not None
    assert caught.value.said.message == message


def test_a_repeated_parameter_is_there_to_compare_with_and_in_no_text(serve_naver: Serve) -> None:
    execution = serve_naver(ok(ECHOING))[0].get_execution("daily", "7")
    assert execution.parameters == {"$k": VALUE}
    assert VALUE not in f"{execution!r} {execution.model_dump_json()} {execution.model_dump()}"


@pytest.mark.parametrize("word", ["RUNNING", "FAILED", "fail", "running", "SOMETHING_NEW"])
def test_an_execution_is_shown_without_values_of_parameters(
    transport: Transport, cloud: str, log_lines: LogLines, word: str
) -> None:
    answer = shown(transport, cloud, ok({**ECHOING, "status": word}))
    execution: Any = json.loads(answer["body"])["execution"]
    assert (answer["statusCode"], execution["ref"]["executionId"]) == (200, "7")
    assert VALUE not in f"{answer} {log_lines()}"


@pytest.mark.parametrize("cut", [40, 200])
def test_an_execution_in_a_cut_reply_is_not_logged(
    transport: Transport, cloud: str, log_lines: LogLines, cut: int
) -> None:
    answer = shown(transport, cloud, reply(200, json.dumps(ECHOING).encode()[:-cut]))
    assert (answer["statusCode"], log_lines()[-1]["provider_http_status"]) == (503, 200)
    assert VALUE not in f"{answer} {log_lines()}"


@pytest.mark.parametrize(
    ("stored", "hidden"), [({"$k": VALUE, "$n": 3}, {"$k": "***", "$n": "***"}), ([VALUE], "***"), (None, "***")]
)
@pytest.mark.parametrize("asked", [{"job": "daily"}, {}], ids=["one", "list"])
def test_jobs_are_shown_without_values_of_parameters(
    transport: Transport, asked: dict[str, object], stored: object, hidden: object
) -> None:
    job = {"jobId": "daily", "name": "d", "runCondition": {"numWorker": 2, "parameters": stored}}
    with wire_server(ok({**job, "list": [] if asked else [job], "count": 1})) as server:
        answer = list_jobs(context(transport, "naver", server.endpoint), Invocation("state_machine", asked))
    assert VALUE not in answer.body.model_dump_json()
    listed: Any = answer.body if asked else vars(answer.body)["jobs"][0]
    assert listed.condition == {"numWorker": 2, "parameters": hidden}


def test_an_execution_of_another_cloud_is_as_discreet() -> None:
    ref = {"connection": "toy", "job": "daily", "executionId": "7"}
    given = {"status": "FAILED", "providerStatus": "broken", "parameters": {"k": VALUE}, "failureReason": VALUE}
    execution = Execution.model_validate({"ref": ref, **given})
    assert execution.parameters == {"k": VALUE}
    assert VALUE not in f"{execution!r} {execution.model_dump_json()}"
