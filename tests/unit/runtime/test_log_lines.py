"""What stands on every line that a function logs, whoever calls it."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import LogLines
from farsync.model.errors import FarsyncError, InvalidRequest, JobNotFound, ProviderReply, RunNotFound, Throttled
from farsync.model.names import NAME_OF_A_RUN
from farsync.runtime.entrypoint import serve
from farsync.runtime.observability import logger
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


def without_connection(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: without_connection(one) for name, one in value.items() if name != "connection"}


def test_the_providers_own_words_stand_in_the_log_and_in_no_answer(log_lines: LogLines) -> None:
    said = ProviderReply(http_status=404, code="300", message="URL not found.", trace_id="t-1")
    response = serve(sample("manage_runs.http"), reject_with(JobNotFound("no such job", said=said)))
    line = log_lines()[-1]
    assert line["provider_trace_id"] == "t-1"
    assert line["provider_code"] == "300"
    assert line["error_name"] == "JobNotFound"
    assert "t-1" not in str(response["body"])


def log_a_line(record: Record) -> bool:
    logger.info("received", message_id=record.message_id)
    return True


def test_every_log_line_names_run_connection_job_and_execution(log_lines: LogLines) -> None:
    serve_messages(sample("poll_execution.sqs"), log_a_line)
    line = log_lines()[-1]
    assert NAME_OF_A_RUN.fullmatch(line["run"])
    assert line["connection"] == "default"
    assert line["job"] == "5Yns7JgRt25f"
    assert line["execution_id"] == "mY3275GiRXkm"


@pytest.mark.parametrize("function", ["prepare_execution", "trigger_execution", "find_execution"])
def test_a_log_line_of_a_run_without_an_execution_names_the_rest(log_lines: LogLines, function: str) -> None:
    with pytest.raises(JobNotFound):
        serve(sample(f"{function}.state_machine"), reject_with(JobNotFound("gone")))
    line = log_lines()[-1]
    assert NAME_OF_A_RUN.fullmatch(line["run"])
    assert (line["connection"], line["job"]) == ("default", "5Yns7JgRt25f")


def test_a_log_line_names_the_run_that_is_closed_and_no_connection_that_nobody_knows(log_lines: LogLines) -> None:
    serve_messages(sample("close_run.sqs"), log_a_line)
    line = log_lines()[-1]
    assert NAME_OF_A_RUN.fullmatch(line["run"])
    assert "connection" not in line


@pytest.mark.parametrize("call", CALLS)
def test_a_log_line_names_the_default_connection_where_none_is_given(log_lines: LogLines, call: str) -> None:
    with pytest.raises(JobNotFound):
        serve(without_connection(sample(call)), reject_with(JobNotFound("gone")))
    assert log_lines()[-1]["connection"] == "default"


@pytest.mark.parametrize("name", ["manage_runs.http_show", "manage_runs.http_abort"])
def test_a_log_line_names_the_run_of_the_path_and_no_connection_that_nobody_knows(
    log_lines: LogLines, name: str
) -> None:
    serve(sample(name), reject_with(RunNotFound("gone")))
    line = log_lines()[-1]
    assert line["run"] == sample(name)["pathParameters"]["name"]
    assert "connection" not in line


def test_a_name_that_jobs_are_looked_for_by_is_no_run(log_lines: LogLines) -> None:
    event = sample("list_jobs.http")
    serve({**event, "queryStringParameters": {"name": "sales"}}, reject_with(Throttled("slower")))
    line = log_lines()[-1]
    assert line["connection"] == "default"
    assert "run" not in line


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


def last_line_of(payload: dict[str, Any], log_lines: LogLines) -> dict[str, Any]:
    with pytest.raises(JobNotFound):
        serve(payload, reject_with(JobNotFound("gone")))
    return log_lines()[-1]


def test_what_can_be_such_a_name_stands_on_a_log_line_as_it_was_sent(log_lines: LogLines) -> None:
    line = last_line_of(FITTING, log_lines)
    told = {name: line[name] for name in ("connection", "job", "execution_id", "run")}
    assert told == {
        "connection": "of-Busan_2",
        "job": "매출 집계.daily",
        "execution_id": "mY32-75_x",
        "run": "판매 2026",
    }


WRONG: list[object] = [{"secretKey": "TOPSECRET"}, ["TOPSECRET"], 7, True, "", "TOP\nSECRET", "x" * 129]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    ("name", "key"), [("connection", "connection"), ("job", "job"), ("executionId", "execution_id")]
)
def test_what_can_be_no_such_name_stands_on_no_log_line(
    log_lines: LogLines, name: str, key: str, wrong: object
) -> None:
    assert key not in last_line_of({**FITTING, name: wrong}, log_lines)


@pytest.mark.parametrize("wrong", [*WRONG, "x" * 81])
def test_what_can_be_no_name_of_a_run_stands_on_no_log_line(log_lines: LogLines, wrong: object) -> None:
    assert "run" not in last_line_of({**FITTING, "run": {"name": wrong}}, log_lines)


def test_a_runs_name_stands_on_a_log_line_up_to_its_greatest_length(log_lines: LogLines) -> None:
    assert last_line_of({"run": {"name": "x" * 80}}, log_lines)["run"] == "x" * 80


@pytest.mark.parametrize(("name", "longest"), [("connection", 40), ("job", 128), ("executionId", 64)])
def test_a_name_stands_on_a_log_line_up_to_its_greatest_length(log_lines: LogLines, name: str, longest: int) -> None:
    assert "x" * longest in last_line_of({**FITTING, name: "x" * longest}, log_lines).values()
    assert "x" * (longest + 1) not in last_line_of({**FITTING, name: "x" * (longest + 1)}, log_lines).values()


@pytest.mark.parametrize("name", ["connection", "executionId"])
def test_other_characters_than_those_of_a_name_stand_on_no_log_line(log_lines: LogLines, name: str) -> None:
    assert "a secret" not in last_line_of({**FITTING, name: "a secret"}, log_lines).values()


def test_a_connections_secret_in_the_place_of_its_name_is_not_logged(log_lines: LogLines) -> None:
    secret = {"provider": "naver", "accessKey": "AK", "secretKey": "TOPSECRET"}
    assert "TOPSECRET" not in str(last_line_of({"job": "j", "connection": secret}, log_lines))
