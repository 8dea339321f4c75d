"""DataArts Factory's replies, from the provider's own examples to what its pages never promised."""

import json
from datetime import UTC, datetime

import pytest

from farsync.model.execution import Execution, ExecutionStatus, Job
from farsync.providers.huawei.decoding import (
    decode_instance,
    decode_instances,
    decode_job,
    decode_jobs,
    decode_started,
)
from tests.unit.providers.huawei_replies import fixture, instance_from, list_of, node_from

RUNNING, SUCCEEDED, FAILED = ExecutionStatus.RUNNING, ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED


def test_the_providers_example_of_an_instance() -> None:
    execution = decode_instance(fixture("view_instance"), "default", "job_batch", "34765")

    assert (execution.ref.connection, execution.ref.job, execution.ref.execution_id) == (
        "default",
        "job_batch",
        "34765",
    )
    assert (execution.status, execution.provider_status) == (FAILED, "fail")
    assert execution.duration_seconds == 60
    assert execution.created_at == datetime(2019, 3, 1, 7, 28, 46, 540_000, tzinfo=UTC)
    assert [(node.name, node.type, node.status) for node in execution.nodes] == [
        ("Dummy_8556", "Dummy", SUCCEEDED),
        ("error", "DWS SQL", SUCCEEDED),
    ]
    assert execution.log_paths == ("obs://dlf-test-log/job_batch/2019-03-04 11_53_00.000/error/error.job",)
    assert execution.failed_node is None


def test_the_providers_example_of_a_list_of_instances() -> None:
    page = decode_instances(fixture("list_instances"), "default", "job_batch", 0, 10)

    assert [(one.ref.execution_id, one.status, one.is_manual) for one in page.items] == [
        ("34765", SUCCEEDED, True),
        ("34764", SUCCEEDED, False),
    ]
    assert [one.duration_seconds for one in page.items] == [18, 17]
    assert (page.total, page.page, page.limit) == (2, 0, 10)


def test_the_providers_examples_of_a_job() -> None:
    listed = decode_jobs(fixture("list_jobs"), 0, 100).items[0]
    viewed = decode_job(fixture("view_job"), "myJob")

    assert (listed.job, listed.name, listed.type, listed.status) == ("myJob", "myJob", "BATCH", "SCHEDULING")
    assert (listed.last_execution_status, listed.is_runnable) == ("success", True)
    assert listed.created_at == datetime(2023, 4, 6, 12, 20, 36, tzinfo=UTC)
    assert (viewed.job, viewed.type, viewed.timeout_minutes, viewed.is_runnable) == ("myJob", "BATCH", 90, True)


def test_the_providers_example_of_a_start() -> None:
    assert decode_started(fixture("run_immediate"), "myJob") == "132343"


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        (1551671580123, datetime(2019, 3, 4, 3, 53, 0, 123_000, tzinfo=UTC)),
        ("1551671580123", datetime(2019, 3, 4, 3, 53, 0, 123_000, tzinfo=UTC)),
        (0, None),
        (-1, None),
        (None, None),
        ("", None),
        ("soon", None),
        (10**30, None),
        ([], None),
    ],
)
def test_a_time_is_milliseconds_or_nothing(told: object, moment: datetime | None) -> None:
    execution = instance_from(planTime=told, startTime=told, endTime=told)

    assert execution.created_at == execution.started_at == execution.ended_at == moment


def test_an_instance_that_has_not_started_has_no_duration_whatever_the_provider_counts() -> None:
    assert instance_from(status="waiting", planTime=1551671580000, executeTime=0.3).duration_seconds is None


def test_failed_nodes_come_first_and_the_others_stay_in_order() -> None:
    words = ["success", "fail", "skip", "success", "fail"]
    nodes = [{"nodeName": str(number), "status": word} for number, word in enumerate(words)]

    execution = instance_from(status="fail", nodes=nodes)

    assert [node.name for node in execution.nodes] == ["1", "4", "0", "2", "3"]
    assert execution.failed_node is not None
    assert execution.failed_node.name == "1"


def test_a_node_says_retries_rows_speed_and_log() -> None:
    node = node_from(type="DLI SQL", retryTimes=2, inputRowCount=10**12, speed=12.5, logPath="obs://b/l", queue="q")

    assert (node.type, node.retries, node.input_rows, node.rows_per_second, node.log_path) == (
        "DLI SQL",
        2,
        10**12,
        12.5,
        "obs://b/l",
    )


def test_the_log_of_the_failed_node_is_reported_first_and_no_log_twice() -> None:
    nodes = [
        {"nodeName": "a", "status": "success", "logPath": "obs://b/shared"},
        {"nodeName": "b", "status": "success", "logPath": "obs://b/shared"},
        {"nodeName": "c", "status": "fail", "logPath": "obs://b/failed"},
    ]

    assert instance_from(nodes=nodes).log_paths == ("obs://b/failed", "obs://b/shared")


def test_no_more_than_fifty_logs_are_reported() -> None:
    nodes = [{"nodeName": str(n), "status": "success", "logPath": f"obs://b/{n}"} for n in range(60)]

    execution = instance_from(nodes=nodes)

    assert (len(execution.log_paths), len(execution.nodes)) == (50, 60)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Table sales does not exist.\n  at line 3", "Table sales does not exist."),
        ("\n\n  blank lines first \n", "blank lines first"),
        ("x" * 900, "x" * 500),
        ("", None),
        (" \n", None),
        (None, None),
        (["odd"], None),
    ],
)
def test_the_reason_is_the_first_line_of_the_message(message: object, reason: str | None) -> None:
    listed = list_of({"instanceId": 7, "status": "fail", "errorMessage": message}).items[0]

    assert listed.failure_reason == reason


def test_instances_of_other_jobs_that_a_loose_match_brought_along_are_left_out() -> None:
    page = list_of({"instanceId": 1, "jobName": "j"}, {"instanceId": 2, "jobName": "j_2"}, {"instanceId": 3}, total=9)

    assert [one.ref.execution_id for one in page.items] == ["1", "3"]


def test_pages_count_the_instances_of_other_jobs_too() -> None:
    loose = list_of({"instanceId": 1, "jobName": "j"}, {"instanceId": 2, "jobName": "j_2"}, total=9)
    exact = list_of({"instanceId": 1, "jobName": "j"}, total=1)

    assert (loose.total, [one.ref.execution_id for one in loose.listed]) == (9, ["1", "2"])
    assert (exact.total, exact.listed) == (1, exact.items)


@pytest.mark.parametrize("kind", [2, "2"])
def test_a_run_by_hand_is_reported_from_a_scheduled_one(kind: object) -> None:
    assert instance_from(instanceType=kind).is_manual is True
    assert instance_from(instanceType=0).is_manual is False
    assert instance_from().is_manual is None


@pytest.mark.parametrize(
    "fields",
    [
        {"nodes": None},
        {"nodes": "none"},
        {"nodes": [None]},
        {"nodes": [{}]},
        {"nodes": [{"speed": "fast", "retryTimes": None, "inputRowCount": [], "logPath": ""}]},
        {"parameters": {"a": 1}, "condition": [], "success_kind": "forced", "attentionReason": "no", "ref": 1},
        {"forceSuccess": None, "ignoreSuccess": "perhaps", "instanceType": [], "jobName": []},
        {"jobId": "868641,", "total": "two", "unheardOf": {"a": [1]}},
    ],
)
def test_missing_odd_and_unheard_of_fields_do_no_harm(fields: dict[str, object]) -> None:
    execution = instance_from(**fields)

    assert (execution.status, execution.parameters, execution.condition) == (RUNNING, None, None)
    assert (execution.attention_reason, execution.success_kind, execution.log_paths) == (None, None, ())


@pytest.mark.parametrize("odd", [True, {}, ["x"], None])
def test_an_odd_text_counts_as_missing_and_spoils_neither_page_nor_nodes(odd: object) -> None:
    odd_job = {"name": "a", "jobType": odd, "description": odd, "lastInstanceStatus": odd}
    job, _ = decode_jobs(json.dumps({"jobs": [odd_job, {"name": "b"}]}).encode(), 0, 10).items
    instance = instance_from(jobName=odd, nodes=[{"nodeName": "n", "logPath": odd}])

    assert (job.type, job.description, job.last_execution_status, job.is_runnable) == (None, None, None, True)
    assert instance.job_name is None
    assert [(node.name, node.log_path) for node in instance.nodes] == [("n", None)]


def test_a_real_time_job_cannot_be_run() -> None:
    assert not decode_job(b'{"name": "j", "processType": "REAL_TIME"}', "j").is_runnable
    assert not decode_jobs(b'{"jobs": [{"name": "j", "jobType": "REAL_TIME"}]}', 0, 1).items[0].is_runnable


@pytest.mark.parametrize("timeout", [0, None, "soon", -1])
def test_a_timeout_of_zero_is_no_limit(timeout: object) -> None:
    body = json.dumps({"name": "j", "basicConfig": {"instanceTimeout": timeout}})

    assert decode_job(body.encode(), "j").timeout_minutes is None


def test_what_the_provider_wrote_reads_the_same_in_our_own_json() -> None:
    execution = decode_instance(fixture("view_instance"), "default", "job_batch", "34765")
    job = decode_job(fixture("view_job"), "myJob")

    read_again = Execution.model_validate_json(execution.model_dump_json(by_alias=True))
    assert read_again.model_dump() == execution.model_dump(exclude={"attempt"})
    told = json.loads(job.model_dump_json(by_alias=True))
    assert told.pop("isRunnable") is True
    assert Job.model_validate_json(json.dumps(told)).model_dump() == job.model_dump()


@pytest.mark.parametrize(
    "body", [b"", b"true", b"[]", b"{}", b"<html>", b'{"jobs"', b'{"instanceId": ""}', b'{"instanceId": null}', b"\xff"]
)
def test_what_is_none_of_ours_is_no_value(body: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        decode_job(body, "j")
    with pytest.raises(ValueError, match=r"validation error|not a list"):
        decode_jobs(body, 0, 1)
    with pytest.raises(ValueError, match="validation error"):
        decode_started(body, "j")
    with pytest.raises(ValueError, match="validation error"):
        decode_instance(body, "c", "j", "7")
    with pytest.raises(ValueError, match=r"validation error|not a list"):
        decode_instances(body, "c", "j", 0, 1)
