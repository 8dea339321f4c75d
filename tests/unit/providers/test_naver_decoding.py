"""Data Flow's replies, from the provider's own examples to what its pages never promised."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.providers.naver.decoding import decode_execution, decode_executions, decode_job, decode_jobs

FIXTURES = Path(__file__).parents[2] / "fixtures" / "naver"


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def job_from(**fields: object) -> Job:
    body = {"jobId": "j", "name": "n", "status": "RUNNABLE", **fields}
    return decode_job(json.dumps(body).encode(), str(body["jobId"]))


def execution_from(**fields: object) -> Execution:
    return decode_execution(json.dumps({"jobExecutionId": "e", "status": "RUNNING", **fields}).encode(), "c", "j")


def test_the_providers_example_of_a_job() -> None:
    job = decode_job(fixture("get_job"), "gqigvHhTu7ra")

    assert (job.job, job.name, job.type, job.status, job.is_runnable) == (
        "gqigvHhTu7ra",
        "job001",
        "DATAFLOW",
        "RUNNABLE",
        True,
    )
    assert job.timeout_minutes == 2880
    assert job.condition is not None
    assert job.condition["logPath"] == "dataflow-2706412-a1b2/sparkHistoryLogs/"
    assert job.created_at == datetime(2025, 3, 19, 6, 3, 42, tzinfo=UTC)
    assert (job.description, job.last_execution_status) == ("", None)


def test_the_providers_example_of_a_list_of_jobs() -> None:
    page = decode_jobs(fixture("list_jobs"), page=0, limit=50)

    assert [(job.job, job.name, job.last_execution_status) for job in page.items] == [
        ("fAjvcR7kd02L", "job002", "COMPLETED"),
        ("gqigvHhTu7ra", "job001", "COMPLETED"),
    ]
    assert (page.total, page.page, page.limit) == (2, 0, 1000)


def test_the_providers_example_of_a_finished_execution() -> None:
    execution = decode_execution(fixture("get_execution"), "default", "gqigvHhTu7ra")

    assert execution.ref == ExecutionRef(connection="default", job="gqigvHhTu7ra", execution_id="fKE22JmT4wQz")
    assert (execution.status, execution.provider_status) == (ExecutionStatus.SUCCEEDED, "COMPLETED")
    assert execution.duration_seconds == 14 * 60 + 53
    assert execution.job_name == "job001"
    assert execution.parameters is None
    assert execution.log_paths == (
        "dataflow-2706412-a1b2/sparkHistoryLogs/console/gqigvHhTu7ra/fKE22JmT4wQz_2025-03-21T11:12:56.log",
        "dataflow-2706412-a1b2/sparkHistoryLogs/",
    )


def test_the_providers_example_of_a_start() -> None:
    execution = decode_execution(fixture("start"), "default", "gqigvHhTu7ra")

    assert (execution.ref.execution_id, execution.status) == ("p4Y5PkX9sB3e", ExecutionStatus.PENDING)
    assert execution.started_at == execution.created_at == datetime(2025, 3, 20, 8, 27, 17, tzinfo=UTC)
    assert execution.ended_at is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("READY", ExecutionStatus.PENDING),
        ("RUNNING", ExecutionStatus.RUNNING),
        ("COMPLETED", ExecutionStatus.SUCCEEDED),
        ("FAILED", ExecutionStatus.FAILED),
        ("CANCELED", ExecutionStatus.CANCELED),
    ],
)
def test_each_documented_word_has_its_status(word: str, status: ExecutionStatus) -> None:
    execution = execution_from(status=word)

    assert (execution.status, execution.provider_status, execution.is_status_known) == (status, word, True)


@pytest.mark.parametrize("word", ["TIMEOUT", "completed", "CANCELLED", "", "끝"])
def test_an_unknown_word_is_kept_and_never_an_end(word: str) -> None:
    execution = execution_from(status=word)

    assert (execution.status, execution.provider_status, execution.is_status_known) == (
        ExecutionStatus.RUNNING,
        word,
        False,
    )


@pytest.mark.parametrize("word", ["DRAFT", "EDITING", "STOPPED", "DELETED"])
def test_a_job_with_one_of_four_words_cannot_run(word: str) -> None:
    assert not job_from(status=word).is_runnable


@pytest.mark.parametrize("word", ["RUNNABLE", "RUNNING", "READY", "UNKNOWN", "SOMETHING_NEW", None, [], {}])
def test_a_job_with_any_other_word_may_run(word: object) -> None:
    assert job_from(status=word).is_runnable


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2025-03-21T11:12:54+09:00", datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)),
        ("2025-03-21T11:12:54.5+09:00", datetime(2025, 3, 21, 2, 12, 54, 500_000, tzinfo=UTC)),
        ("2023-10-20T13:45:15.000", datetime(2023, 10, 20, 4, 45, 15, tzinfo=UTC)),
        ("2023-10-20T13:45:15", datetime(2023, 10, 20, 4, 45, 15, tzinfo=UTC)),
        ("2025-03-21T02:12:54Z", datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)),
        ("COMPLETED", None),
        ("", None),
        (None, None),
        ([], None),
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
def test_parameters_are_reported_only_where_they_are_echoed_as_an_object(
    parsed: object, parameters: dict[str, str] | None
) -> None:
    assert execution_from(parsedParameters=parsed).parameters == parameters


def test_an_id_given_as_a_number_is_text() -> None:
    assert execution_from(jobExecutionId=90071992547409931).ref.execution_id == "90071992547409931"
    assert job_from(jobId=1697776914576).job == "1697776914576"


def test_a_job_of_a_list_may_be_known_by_its_resource_id() -> None:
    page = decode_jobs(b'{"list": [{"resourceId": "r"}]}', page=2, limit=10)

    assert page.items[0].job == "r"
    assert (page.total, page.page, page.limit) == (None, 2, 10)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"runCondition": None},
        {"runCondition": []},
        {"runCondition": "none"},
        {"runCondition": {"timeout": "soon"}},
        {"name": None, "description": None, "type": None, "lastExecutionStatus": None},
        {"nodes": [{"id": 1}], "maxConcurrentRuns": 3, "type": "SCRIPT", "unheardOf": {"a": [1]}},
    ],
)
def test_missing_empty_and_unheard_of_fields_do_no_harm(fields: dict[str, Any]) -> None:
    assert job_from(**fields).timeout_minutes is None


ODD_TEXTS: tuple[object, ...] = (True, {}, ["x"], None)


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_an_odd_text_of_one_job_counts_as_missing_and_spoils_no_page(odd: object) -> None:
    odd_job = {"jobId": "a", "description": odd, "type": odd, "lastExecutionStatus": odd}
    body = json.dumps({"list": [odd_job, {"jobId": "b", "description": "plain"}]}).encode()

    first, second = decode_jobs(body, 0, 10).items

    assert (first.description, first.type, first.last_execution_status) == (None, None, None)
    assert second.description == "plain"


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_an_odd_text_of_one_execution_counts_as_missing_and_spoils_no_page(odd: object) -> None:
    body = json.dumps({"list": [{"jobExecutionId": "a", "jobName": odd, "type": odd}, {"jobExecutionId": "b"}]})

    first, _ = decode_executions(body.encode(), "c", "j", 0, 10).items

    assert (first.job_name, first.is_manual) == (None, None)


def test_a_job_reads_the_same_in_our_own_json_whoever_decoded_it() -> None:
    decoded = decode_job(fixture("get_job"), "gqigvHhTu7ra")

    told = json.loads(decoded.model_dump_json(by_alias=True))
    assert told.pop("isRunnable") is True
    assert Job.model_validate_json(json.dumps(told)).model_dump() == decoded.model_dump()


def test_executions_come_in_pages_with_the_total_if_it_is_reported() -> None:
    body = json.dumps({"list": [json.loads(fixture("get_execution"))], "count": 41, "page": 4, "limit": 10})

    page = decode_executions(body.encode(), "default", "gqigvHhTu7ra", page=4, limit=10)

    assert [execution.ref.execution_id for execution in page.items] == ["fKE22JmT4wQz"]
    assert (page.total, page.page, page.limit) == (41, 4, 10)


@pytest.mark.parametrize("body", [b"", b"true", b"[]", b"{}", b"<html>", b'{"list"', b'{"jobId": ""}', b"\xff"])
def test_what_is_none_of_ours_is_no_value(body: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        decode_job(body, "j")
    with pytest.raises(ValueError, match=r"validation error|not a list"):
        decode_jobs(body, 0, 1)
    with pytest.raises(ValueError, match="validation error"):
        decode_execution(body, "c", "j")
    with pytest.raises(ValueError, match=r"validation error|not a list"):
        decode_executions(body, "c", "j", 0, 1)


@pytest.mark.parametrize("name", ["runCondition", "jobCondition"])
def test_stored_run_settings_are_read_under_either_of_the_providers_names(name: str) -> None:
    job = job_from(**{name: {"timeout": 30, "numWorker": 2}})
    assert (job.timeout_minutes, job.condition) == (30, {"timeout": 30, "numWorker": 2})
