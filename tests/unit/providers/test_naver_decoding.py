"""Data Flow's replies, from the provider's own examples to what its pages never promised."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.providers.naver.decoding import decode_execution, decode_executions, decode_job, decode_jobs
from tests.unit.providers.replies import example

JOB = "gqigvHhTu7ra"
LOGS = "dataflow-2706412-a1b2/sparkHistoryLogs/"
WORDS_OF_RUNNABLE_JOBS: list[object] = ["RUNNABLE", "RUNNING", "READY", "UNKNOWN", "SOMETHING_NEW", None, [], {}]
NO_DATES: list[object] = ["COMPLETED", "", None, []]
ODD_CONDITIONS: list[object] = [None, [], "none", {"timeout": "soon"}]


def job_from(**fields: object) -> Job:
    body = {"jobId": "j", "name": "n", "status": "RUNNABLE", **fields}
    return decode_job(json.dumps(body).encode(), str(body["jobId"]))


def execution_from(**fields: object) -> Execution:
    return decode_execution(json.dumps({"jobExecutionId": "e", "status": "RUNNING", **fields}).encode(), "c", "j")


def test_the_providers_example_of_a_job() -> None:
    job = decode_job(example("naver", "get_job"), JOB)
    assert (job.job, job.name, job.type, job.status) == (JOB, "job001", "DATAFLOW", "RUNNABLE")
    assert (job.is_runnable, job.timeout_minutes, job.description) == (True, 2880, "")
    assert job.condition is not None
    assert job.condition["logPath"] == LOGS
    assert job.created_at == datetime(2025, 3, 19, 6, 3, 42, tzinfo=UTC)
    assert job.last_execution_status is None


def test_the_providers_example_of_a_list_of_jobs() -> None:
    page = decode_jobs(example("naver", "list_jobs"), page=0, limit=50)
    assert [(job.job, job.name, job.last_execution_status) for job in page.items] == [
        ("fAjvcR7kd02L", "job002", "COMPLETED"),
        (JOB, "job001", "COMPLETED"),
    ]
    assert (page.total, page.page, page.limit) == (2, 0, 1000)


def test_the_providers_example_of_a_finished_execution() -> None:
    execution = decode_execution(example("naver", "get_execution"), "default", JOB)
    assert execution.ref == ExecutionRef(connection="default", job=JOB, execution_id="fKE22JmT4wQz")
    assert (execution.status, execution.provider_status) == (ExecutionStatus.SUCCEEDED, "COMPLETED")
    assert (execution.duration_seconds, execution.job_name, execution.parameters) == (14 * 60 + 53, "job001", None)
    assert execution.log_paths == (f"{LOGS}console/{JOB}/fKE22JmT4wQz_2025-03-21T11:12:56.log", LOGS)


def test_the_providers_example_of_a_start() -> None:
    execution = decode_execution(example("naver", "start"), "default", JOB)
    assert (execution.ref.execution_id, execution.status) == ("p4Y5PkX9sB3e", ExecutionStatus.PENDING)
    assert execution.started_at == execution.created_at == datetime(2025, 3, 20, 8, 27, 17, tzinfo=UTC)
    assert execution.ended_at is None


def test_executions_come_in_pages_with_the_total_if_it_is_reported() -> None:
    listing = {"list": [json.loads(example("naver", "get_execution"))], "count": 41, "page": 4, "limit": 10}
    page = decode_executions(json.dumps(listing).encode(), "default", JOB, page=4, limit=10)
    assert [execution.ref.execution_id for execution in page.items] == ["fKE22JmT4wQz"]
    assert (page.total, page.page, page.limit) == (41, 4, 10)


@pytest.mark.parametrize(
    ("word", "is_runnable"),
    [
        *((word, False) for word in ("DRAFT", "EDITING", "STOPPED", "DELETED")),
        *((word, True) for word in WORDS_OF_RUNNABLE_JOBS),
    ],
)
def test_a_job_may_run_unless_it_has_one_of_four_words(word: object, is_runnable: bool) -> None:
    assert job_from(status=word).is_runnable is is_runnable


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2025-03-21T11:12:54+09:00", datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)),
        ("2025-03-21T11:12:54.5+09:00", datetime(2025, 3, 21, 2, 12, 54, 500_000, tzinfo=UTC)),
        ("2023-10-20T13:45:15.000", datetime(2023, 10, 20, 4, 45, 15, tzinfo=UTC)),
        ("2023-10-20T13:45:15", datetime(2023, 10, 20, 4, 45, 15, tzinfo=UTC)),
        ("2025-03-21T02:12:54Z", datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)),
        *((odd, None) for odd in NO_DATES),
    ],
)
def test_dates_come_with_and_without_offset_and_fraction_or_not_at_all(date: object, moment: datetime | None) -> None:
    assert execution_from(createdDate=date).created_at == moment
    assert job_from(updatedDate=date).updated_at == moment


@pytest.mark.parametrize(
    ("parsed", "parameters"),
    [
        ([], None),
        (None, None),
        ([{"name": "$a", "value": "1"}], None),
        ({}, {}),
        ({"$table": "t", "$n": 3, "$flag": True}, {"$table": "t", "$n": "3", "$flag": "true"}),
    ],
)
def test_parameters_are_read_only_from_an_object(parsed: object, parameters: dict[str, str] | None) -> None:
    assert execution_from(parsedParameters=parsed).parameters == parameters


def test_an_id_given_as_a_number_is_text() -> None:
    assert execution_from(jobExecutionId=90071992547409931).ref.execution_id == "90071992547409931"
    assert job_from(jobId=1697776914576).job == "1697776914576"


def test_a_job_of_a_list_may_be_known_by_its_resource_id() -> None:
    page = decode_jobs(b'{"list": [{"resourceId": "r"}]}', page=2, limit=10)
    assert (page.items[0].job, page.total, page.page, page.limit) == ("r", None, 2, 10)


@pytest.mark.parametrize(
    "fields",
    [
        *({"runCondition": condition} for condition in ODD_CONDITIONS),
        {"name": None, "description": None, "type": None, "lastExecutionStatus": None},
        {"nodes": [{"id": 1}], "maxConcurrentRuns": 3, "type": "SCRIPT", "unheardOf": {"a": [1]}},
    ],
    ids=str,
)
def test_missing_empty_and_unheard_of_fields_do_no_harm(fields: dict[str, Any]) -> None:
    assert job_from(**fields).timeout_minutes is None


@pytest.mark.parametrize("name", ["runCondition", "jobCondition"])
def test_stored_run_settings_are_read_under_either_of_the_providers_names(name: str) -> None:
    job = job_from(**{name: {"timeout": 30, "numWorker": 2}})
    assert (job.timeout_minutes, job.condition) == (30, {"timeout": 30, "numWorker": 2})
