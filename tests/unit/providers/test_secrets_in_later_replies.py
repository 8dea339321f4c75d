"""A provider may repeat a secret parameter in every reply after the start: its value is neither shown nor logged."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from conftest import LogLines
from farsync.aws.client import AwsCaller
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError, ProviderUnavailable
from farsync.model.execution import Execution
from farsync.operations.get_execution import get_execution
from farsync.operations.list_jobs import list_jobs
from farsync.providers.base import Provider
from farsync.runtime.context import Context
from farsync.runtime.entrypoint import serve
from farsync.runtime.request import Invocation
from tests.unit.http_client.wire_server import Respond, WireServer, reply, wire_server
from tests.unit.providers.conftest import NAVER_SECRET
from tests.unit.providers.huawei_replies import NOW
from tests.unit.providers.huawei_replies import SECRET as HUAWEI_SECRET

Opener = Callable[..., Provider]
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
READS: dict[str, Callable[[Provider], object]] = {
    "get": lambda provider: provider.get_execution("daily", "7"),
    "job": lambda provider: provider.get_job("daily"),
    "list": lambda provider: provider.list_executions("daily"),
    "jobs": lambda provider: provider.list_jobs(),
    "start": lambda provider: provider.start("daily", condition=None, parameters={}),
}


def ok(content: object) -> Respond:
    return reply(200, json.dumps(content).encode(), Content_Type="application/json;charset=UTF-8")


def environment(server: WireServer, transport: Transport, secret: dict[str, str]) -> Context:
    connection = json.dumps({**secret, "endpoint": server.endpoint})
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


@pytest.fixture(params=[NAVER_SECRET, HUAWEI_SECRET], ids=["naver", "huawei"])
def secret(request: pytest.FixtureRequest) -> dict[str, str]:
    content: dict[str, str] = request.param
    return content


@pytest.mark.parametrize("ask", READS.values(), ids=READS.keys())
@pytest.mark.parametrize(
    "body",
    [json.dumps(ECHOING).encode()[:-40], json.dumps({"list": 1, "jobs": 1, "a": VALUE}).encode(), VALUE.encode()],
)
def test_of_a_reply_that_cannot_be_read_only_its_length_and_type_are_kept(
    open_any: Opener, ask: Callable[[Provider], object], body: bytes
) -> None:
    with wire_server(reply(200, body, Content_Type="text/plain;charset=UTF-8")) as server:
        provider = open_any(server)
        with pytest.raises(FarsyncError) as caught:
            ask(provider)

    assert caught.value.said is not None
    assert caught.value.said.message == f"{len(body)} bytes of text/plain"
    assert VALUE not in f"{caught.value} {caught.value.said} {caught.value.__cause__}"


@pytest.mark.parametrize("status", [302, 400, 404, 409, 500, 502])
@pytest.mark.parametrize("ask", [*READS.values(), lambda p: p.cancel("daily", "7")], ids=[*READS, "cancel"])
def test_of_a_rejection_in_an_unknown_shape_only_its_length_and_type_are_kept(
    open_any: Opener, ask: Callable[[Provider], object], status: int
) -> None:
    body = f"<html>{VALUE}</html>".encode()
    with wire_server(reply(status, body, Content_Type="text/html")) as server:
        provider = open_any(server)
        with pytest.raises(FarsyncError) as caught:
            ask(provider)

    assert caught.value.said is not None
    assert caught.value.said.message == f"{len(body)} bytes of text/html"


def test_a_media_type_that_is_none_is_not_repeated(open_any: Opener) -> None:
    with wire_server(reply(200, b"?", Content_Type=f"{VALUE} {VALUE}")) as server:
        provider = open_any(server)
        with pytest.raises(ProviderUnavailable) as caught:
            provider.get_execution("daily", "7")

    assert caught.value.said is not None
    assert caught.value.said.message == "1 bytes of no known type"


def test_what_a_rejected_read_says_in_a_known_shape_is_kept_for_the_log(open_any: Opener) -> None:
    said = json.dumps({"error_code": "DLF.9", "error_msg": "said", "errorCode": "9", "message": "said"}).encode()
    with wire_server(reply(400, said)) as server:
        provider = open_any(server)
        with pytest.raises(FarsyncError) as caught:
            provider.get_execution("daily", "7")

    assert caught.value.said is not None
    assert caught.value.said.message == "said"


def test_a_repeated_parameter_is_there_to_compare_with_and_in_no_text(open_naver: Opener) -> None:
    with wire_server(ok(ECHOING)) as server:
        execution = open_naver(server).get_execution("daily", "7")

    assert execution.parameters == {"$k": VALUE}
    assert VALUE not in f"{execution!r} {execution.model_dump_json()} {execution.model_dump()}"


@pytest.mark.parametrize("word", ["RUNNING", "FAILED", "fail", "running", "SOMETHING_NEW"])
def test_an_execution_is_shown_over_http_without_the_values_of_its_parameters(
    transport: Transport, secret: dict[str, str], log_lines: LogLines, word: str
) -> None:
    with wire_server(ok({**ECHOING, "status": word})) as server:
        shown = show(environment(server, transport, secret))

    execution: Any = json.loads(shown["body"])["execution"]
    assert (shown["statusCode"], execution["ref"]["executionId"]) == (200, "7")
    assert VALUE not in f"{shown} {log_lines()}"


@pytest.mark.parametrize("cut", [40, 200])
def test_an_execution_whose_reply_was_cut_is_not_logged(
    transport: Transport, secret: dict[str, str], log_lines: LogLines, cut: int
) -> None:
    with wire_server(reply(200, json.dumps(ECHOING).encode()[:-cut])) as server:
        shown = show(environment(server, transport, secret))

    assert shown["statusCode"] == 503
    assert log_lines()[-1]["provider_http_status"] == 200
    assert VALUE not in f"{shown} {log_lines()}"


@pytest.mark.parametrize(
    ("stored", "told"), [({"$k": VALUE, "$n": 3}, {"$k": "***", "$n": "***"}), ([VALUE], "***"), (None, "***")]
)
@pytest.mark.parametrize("asked", [{"job": "daily"}, {}], ids=["one", "list"])
def test_jobs_are_shown_with_the_names_of_their_stored_parameters_only(
    transport: Transport, asked: dict[str, object], stored: object, told: object
) -> None:
    job = {"jobId": "daily", "name": "d", "runCondition": {"numWorker": 2, "parameters": stored}}
    with wire_server(ok(job if asked else {"list": [job], "count": 1})) as server:
        answer = list_jobs(environment(server, transport, NAVER_SECRET), Invocation("state_machine", asked))

    assert VALUE not in answer.body.model_dump_json()
    shown: Any = answer.body if asked else vars(answer.body)["jobs"][0]
    assert shown.condition == {"numWorker": 2, "parameters": told}


def show(environment: Context) -> Any:
    event = {
        "version": "2.0",
        "routeKey": "GET /connections/{connection}/jobs/{job}/executions/{executionId}",
        "pathParameters": {"connection": "default", "job": "daily", "executionId": "7"},
        "requestContext": {"http": {"method": "GET"}},
    }
    return serve(event, lambda invocation: get_execution(environment, invocation))


def test_an_execution_of_another_cloud_is_as_discreet() -> None:
    ref = {"connection": "toy", "job": "daily", "executionId": "7"}
    told = {"status": "FAILED", "providerStatus": "broken", "parameters": {"k": VALUE}, "failureReason": VALUE}
    execution = Execution.model_validate({"ref": ref, **told})

    assert execution.parameters == {"k": VALUE}
    assert VALUE not in f"{execution!r} {execution.model_dump_json()}"
