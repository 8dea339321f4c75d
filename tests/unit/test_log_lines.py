"""What stands on every line that a function logs, whoever calls it."""

import json
from pathlib import Path
from typing import Any

import pytest

from farsync.errors import FarsyncError, InvalidRequest, JobNotFound, RunNotFound, Throttled, VendorReply
from farsync.invocation import Answer, Invocation
from farsync.serving import serve
from tests.conftest import LogLines

EVENTS = Path(__file__).parents[2] / "events"
FUNCTIONS = sorted(path.name for path in (EVENTS.parent / "functions").iterdir() if (path / "app.py").exists())


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def refuse_with(error: FarsyncError) -> Any:
    def refuse(_: Invocation) -> Answer:
        raise error

    return refuse


def without_connection(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: without_connection(one) for name, one in value.items() if name != "connection"}


def test_the_vendors_own_words_stand_in_the_log_and_in_no_answer(log_lines: LogLines) -> None:
    vendor = VendorReply(http_status=404, code="300", message="URL not found.", trace_id="t-1")
    response = serve(sample("manage_runs.http"), refuse_with(JobNotFound("no such job", vendor=vendor)))
    line = log_lines()[-1]
    assert line["vendor_trace_id"] == "t-1"
    assert line["vendor_code"] == "300"
    assert line["error_name"] == "JobNotFound"
    assert "t-1" not in str(response["body"])


def test_every_log_line_names_run_connection_job_and_execution(log_lines: LogLines) -> None:
    with pytest.raises(JobNotFound):
        serve(sample("poll_execution.state_machine"), refuse_with(JobNotFound("gone")))
    line = log_lines()[-1]
    assert line["run"].startswith("0123456789abcdef")
    assert line["connection"] == "default"
    assert line["job"] == "5Yns7JgRt25f"
    assert line["execution_id"] == "mY3275GiRXkm"


@pytest.mark.parametrize("way", ["state_machine", "schedule"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_log_line_names_the_default_connection_where_a_function_is_told_none(
    log_lines: LogLines, function: str, way: str
) -> None:
    with pytest.raises(JobNotFound):
        serve(without_connection(sample(f"{function}.{way}")), refuse_with(JobNotFound("gone")))
    assert log_lines()[-1]["connection"] == "default"


@pytest.mark.parametrize("name", ["manage_runs.http_show", "manage_runs.http_abort"])
def test_a_log_line_names_the_run_of_the_path_and_no_connection_that_nobody_knows(
    log_lines: LogLines, name: str
) -> None:
    serve(sample(name), refuse_with(RunNotFound("gone")))
    line = log_lines()[-1]
    assert line["run"] == sample(name)["pathParameters"]["name"]
    assert "connection" not in line


def test_a_name_that_jobs_are_looked_for_by_is_no_run(log_lines: LogLines) -> None:
    event = sample("list_jobs.http")
    serve({**event, "queryStringParameters": {"name": "sales"}}, refuse_with(Throttled("slower")))
    line = log_lines()[-1]
    assert line["connection"] == "default"
    assert "run" not in line


def test_a_log_line_of_an_event_of_no_known_shape_names_no_connection(log_lines: LogLines) -> None:
    with pytest.raises(InvalidRequest):
        serve({"Records": []}, refuse_with(JobNotFound("gone")))
    assert "connection" not in log_lines()[-1]
