"""What a provider says of an execution may repeat a secret of whoever started it, and nobody here knows which."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from conftest import LogLines
from farsync.model.errors import FarsyncError, ProviderUnavailable
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.observability import log_rejection
from sandbox.provider_service.http_messages import Reply, Request
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import DATA_FLOW
from tests.unit.operations.test_executions_over_http import post

Ask = Callable[[ConnectedProvider, str], object]

ASKED_OF_EXECUTIONS: dict[str, Ask] = {
    "get": lambda provider, job: provider.get_execution(job, "1"),
    "list": lambda provider, job: provider.list_executions(job),
    "cancel": lambda provider, job: provider.cancel(job, "1"),
}
ASKED_OF_JOBS: dict[str, Ask] = {
    "get": lambda provider, job: provider.get_job(job),
    "list": lambda provider, _: provider.list_jobs(),
}


def logged(cloud: Cloud, ask: Ask, log_lines: LogLines) -> dict[str, Any]:
    """Of a rejection in words of the provider's."""
    job, provider = cloud.job, cloud.provider()
    words = {"error_msg": "not with hunter2", "error_code": "X.1", "message": "not with hunter2", "errorCode": "X.1"}
    answer = Reply(413, json.dumps(words).encode())
    cloud.emulator.exchange = lambda request: answer  # type: ignore[method-assign]  # noqa: ARG005
    with pytest.raises(FarsyncError) as rejected:
        ask(provider, job)
    log_rejection(rejected.value)
    assert "hunter2" not in f"{rejected.value} {rejected.value.__cause__}"
    return log_lines()[-1]


@pytest.mark.parametrize("ask", ASKED_OF_EXECUTIONS.values(), ids=ASKED_OF_EXECUTIONS)
def test_words_about_an_execution_stand_in_no_log_and_the_code_does(
    cloud: Cloud, log_lines: LogLines, ask: Ask
) -> None:
    line = logged(cloud, ask, log_lines)
    assert (line["provider_code"], line["provider_http_status"]) == ("X.1", 413)
    assert "hunter2" not in str(log_lines())


def test_of_a_reply_that_cannot_be_read_length_and_type_stand_in_the_log(cloud: Cloud, log_lines: LogLines) -> None:
    job, provider = cloud.job, cloud.provider()
    cloud.emulator.exchange = lambda request: Reply(200, b"hunter2")  # type: ignore[method-assign]  # noqa: ARG005
    with pytest.raises(ProviderUnavailable) as unreadable:
        provider.get_execution(job, "1")
    log_rejection(unreadable.value)
    assert log_lines()[-1]["provider_message"] == "7 bytes of application/json"


@pytest.mark.parametrize("ask", ASKED_OF_JOBS.values(), ids=ASKED_OF_JOBS)
def test_words_about_a_job_stand_in_the_log(cloud: Cloud, log_lines: LogLines, ask: Ask) -> None:
    assert logged(cloud, ask, log_lines)["provider_message"] == "not with hunter2"


@pytest.mark.parametrize("wants_reasons", [True, False])
def test_the_reason_of_an_execution_that_somebody_else_started_is_kept_out_unless_the_connection_wants_it(
    slow_cloud: Cloud, wants_reasons: bool
) -> None:
    slow_cloud.connection["watchedFailureReasons"] = wants_reasons
    slow_cloud.post()
    attached = slow_cloud.prepared(ifRunning="attach")
    assert attached["isAttached"] is True
    assert attached["hasSecretParameters"] is not wants_reasons
    assert slow_cloud.prepared()["hasSecretParameters"] is False


@DATA_FLOW
def test_an_id_that_a_provider_gives_begins_no_header(slow_cloud: Cloud) -> None:
    exchange, job = slow_cloud.emulator.exchange, slow_cloud.job
    begun = {"jobExecutionId": "x\r\nset-cookie: a=b", "jobId": job, "status": "READY"}

    def answer(request: Request) -> Reply:
        return exchange(request) if request.method == "GET" else Reply(200, json.dumps(begun).encode())

    slow_cloud.emulator.exchange = answer  # type: ignore[method-assign]
    answered = post(slow_cloud)
    assert [value for value in answered.headers.values() if "\r" in value or "\n" in value] == []
    assert "set-cookie" not in answered.headers
