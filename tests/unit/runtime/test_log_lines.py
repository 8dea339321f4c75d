"""What stands on every line that a function logs, whoever calls it."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import LogLines
from farsync.aws.client import AwsRequestFailed
from farsync.model.errors import FarsyncError, InvalidRequest, JobNotFound, ProviderReply, RunNotFound, Throttled
from farsync.model.names import NAME_OF_A_RUN
from farsync.runtime.entrypoint import serve
from farsync.runtime.observability import log_rejection, logger
from farsync.runtime.queue_messages import Record, serve_messages
from farsync.runtime.request import Answer, Invocation

EVENTS = Path(__file__).parents[3] / "events"
CALLS = sorted(path.stem for path in EVENTS.glob("*.*.json") if path.stem.endswith((".state_machine", ".schedule")))


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def reject_with(error: FarsyncError) -> Any:
    def reject(_: Invocation) -> Answer:
        raise error

    return reject


def log_a_line(record: Record) -> bool:
    logger.info("received", message_id=record.message_id)
    return True


def without_connection(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: without_connection(inner) for name, inner in value.items() if name != "connection"}


def log_a_call(payload: Any, log_lines: LogLines) -> dict[str, Any]:
    """Of a call from a state machine that is rejected."""
    with pytest.raises(JobNotFound):
        serve(payload, reject_with(JobNotFound("gone")))
    return log_lines()[-1]


def test_the_providers_own_words_stand_in_the_log_and_in_no_answer(log_lines: LogLines) -> None:
    said = ProviderReply(http_status=404, code="300", message="URL not found.", trace_id="t-1")
    response = serve(sample("manage_runs.http"), reject_with(JobNotFound("no such job", said=said)))
    line = log_lines()[-1]
    assert (line["provider_trace_id"], line["provider_code"]) == ("t-1", "300")
    assert line["error_name"] == "JobNotFound"
    assert "t-1" not in str(response["body"])


def test_every_log_line_names_run_connection_job_and_execution(log_lines: LogLines) -> None:
    serve_messages(sample("poll_execution.sqs"), log_a_line)
    line = log_lines()[-1]
    assert NAME_OF_A_RUN.fullmatch(line["run"])
    assert (line["connection"], line["job"]) == ("default", "5Yns7JgRt25f")
    assert line["execution_id"] == "mY3275GiRXkm"


@pytest.mark.parametrize("call", CALLS)
def test_a_log_line_names_the_default_connection_where_none_is_given(log_lines: LogLines, call: str) -> None:
    assert log_a_call(without_connection(sample(call)), log_lines)["connection"] == "default"


def test_a_log_line_names_the_run_that_is_closed_and_no_unknown_connection(log_lines: LogLines) -> None:
    serve_messages(sample("close_run.sqs"), log_a_line)
    line = log_lines()[-1]
    assert NAME_OF_A_RUN.fullmatch(line["run"])
    assert "connection" not in line


@pytest.mark.parametrize("name", ["manage_runs.http_show", "manage_runs.http_abort"])
def test_a_log_line_names_the_run_of_the_path_and_no_unknown_connection(log_lines: LogLines, name: str) -> None:
    serve(sample(name), reject_with(RunNotFound("gone")))
    line = log_lines()[-1]
    assert line["run"] == sample(name)["pathParameters"]["name"]
    assert "connection" not in line


def test_a_name_that_jobs_are_searched_by_is_no_run(log_lines: LogLines) -> None:
    serve({**sample("list_jobs.http"), "queryStringParameters": {"name": "sales"}}, reject_with(Throttled("slower")))
    line = log_lines()[-1]
    assert (line["connection"], "run" in line) == ("default", False)


def test_a_log_line_of_an_event_of_no_known_shape_names_no_connection(log_lines: LogLines) -> None:
    with pytest.raises(InvalidRequest):
        serve({"Records": []}, reject_with(JobNotFound("gone")))
    assert "connection" not in log_lines()[-1]


FITTING = {
    "connection": "of-Busan_2",
    "job": "매출 집계.daily",
    "executionId": "mY32-75_x",
    "run": {"name": "판매 2026"},
}
KEYS = {"connection": "connection", "job": "job", "executionId": "execution_id", "run": "run"}
SECRET = {"provider": "naver", "secretKey": "TOPSECRET"}
WRONG: list[object] = [SECRET, ["TOPSECRET"], 7, True, "", "TOP\nSECRET"]


def payload_with(name: str, value: object) -> dict[str, object]:
    return {**FITTING, name: {"name": value} if name == "run" else value}


def test_a_name_that_can_be_one_stands_on_a_log_line_as_it_was_sent(log_lines: LogLines) -> None:
    line = log_a_call(FITTING, log_lines)
    assert [line[key] for key in KEYS.values()] == ["of-Busan_2", "매출 집계.daily", "mY32-75_x", "판매 2026"]


@pytest.mark.parametrize(
    ("name", "longest", "wrong"),
    [
        ("connection", 40, [*WRONG, "a secret"]),
        ("job", 128, WRONG),
        ("executionId", 64, [*WRONG, "a secret"]),
        ("run", 80, WRONG),
    ],
)
def test_a_text_that_can_be_no_name_stands_on_no_log_line(
    log_lines: LogLines, name: str, longest: int, wrong: list[object]
) -> None:
    assert log_a_call(payload_with(name, "x" * longest), log_lines)[KEYS[name]] == "x" * longest
    for value in (*wrong, "x" * (longest + 1)):
        line = log_a_call(payload_with(name, value), log_lines)
        assert KEYS[name] not in line
        assert "SECRET" not in str(line)


def test_a_failure_of_aws_is_logged_by_its_name_with_its_remedy_and_aws_own_code(log_lines: LogLines) -> None:
    log_rejection(AwsRequestFailed("QueueDoesNotExist", "there is none", 400))
    line = log_lines()[-1]
    assert (line["error_name"], line["provider_code"]) == ("PermissionDenied", "QueueDoesNotExist")
    assert "deploy the stack again" in line["message"]
