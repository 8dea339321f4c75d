"""DataArts Factory's replies, from the provider's own examples to what its pages never promised."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.providers.huawei.decoding import decode_instance, decode_instances, decode_job, decode_jobs
from tests.unit.providers.replies import example, instance_from, list_of, node_from

PENDING, RUNNING, CANCELED = ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.CANCELED
SUCCEEDED, FAILED = ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED
NO_MESSAGES: list[object] = ["", " \n", None, ["odd"]]


def test_the_providers_example_of_an_instance() -> None:
    execution = decode_instance(example("huawei", "view_instance"), "default", "job_batch", "34765")
    assert execution.ref == ExecutionRef(connection="default", job="job_batch", execution_id="34765")
    assert (execution.status, execution.provider_status, execution.duration_seconds) == (FAILED, "fail", 60)
    assert execution.created_at == datetime(2019, 3, 1, 7, 28, 46, 540_000, tzinfo=UTC)
    assert [(node.name, node.type, node.status) for node in execution.nodes] == [
        ("Dummy_8556", "Dummy", SUCCEEDED),
        ("error", "DWS SQL", SUCCEEDED),
    ]
    assert execution.log_paths == ("obs://dlf-test-log/job_batch/2019-03-04 11_53_00.000/error/error.job",)
    assert execution.failed_node is None
    read_again = Execution.model_validate_json(execution.model_dump_json(by_alias=True))
    assert read_again.model_dump() == execution.model_dump(exclude={"attempt"})


def test_the_providers_example_of_a_list_of_instances() -> None:
    page = decode_instances(example("huawei", "list_instances"), "default", "job_batch", 0, 10)
    seen = [
        (listed.ref.execution_id, listed.status, listed.is_manual, listed.duration_seconds) for listed in page.items
    ]
    assert seen == [("34765", SUCCEEDED, True, 18), ("34764", SUCCEEDED, False, 17)]
    assert (page.total, page.page, page.limit) == (2, 0, 10)


def test_the_providers_examples_of_a_job() -> None:
    listed = decode_jobs(example("huawei", "list_jobs"), 0, 100).items[0]
    viewed = decode_job(example("huawei", "view_job"), "myJob")
    assert (listed.job, listed.name, listed.type, listed.status) == ("myJob", "myJob", "BATCH", "SCHEDULING")
    assert (listed.last_execution_status, listed.is_runnable) == ("success", True)
    assert listed.created_at == datetime(2023, 4, 6, 12, 20, 36, tzinfo=UTC)
    assert (viewed.job, viewed.type, viewed.timeout_minutes, viewed.is_runnable) == ("myJob", "BATCH", 90, True)


@pytest.mark.parametrize("written", [1551671580123, "1551671580123"])
def test_a_time_is_in_milliseconds_and_the_beginning_names_the_attempt(written: object) -> None:
    execution = instance_from(planTime=written, startTime=written, endTime=written)
    moment = datetime(2019, 3, 4, 3, 53, 0, 123_000, tzinfo=UTC)
    assert execution.created_at == execution.started_at == execution.ended_at == moment
    assert execution.attempt == "1551671580123"


@pytest.mark.parametrize("written", [0, -1, None, "", "soon", []])
def test_what_is_no_time_counts_as_missing(written: object) -> None:
    execution = instance_from(planTime=written, startTime=written, endTime=written)
    assert execution.created_at is execution.started_at is execution.ended_at is None
    assert execution.attempt == ""


def test_a_time_beyond_all_calendars_counts_as_missing() -> None:
    assert instance_from(endTime=10**30).ended_at is None


def test_an_instance_that_has_not_started_has_no_duration_whatever_the_provider_counts() -> None:
    assert instance_from(status="waiting", planTime=1551671580000, executeTime=0.3).duration_seconds is None


@pytest.mark.parametrize(
    ("word", "needs_attention"),
    [
        *((word, True) for word in ("running-exception", "pause", "freeze", "waiting-confirm")),
        *((word, False) for word in ("waiting", "running", "success", "fail", "manual-stop", "something-new")),
    ],
)
def test_a_state_that_waits_for_a_person_says_so(word: str, needs_attention: bool) -> None:
    execution = instance_from(status=word)
    assert (execution.needs_attention, "console" in str(execution.attention_reason)) == (needs_attention,) * 2


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"status": "success"}, None),
        ({"status": "success", "forceSuccess": True}, "forced"),
        ({"status": "forceSuccess"}, "forced"),
        ({"status": "success", "ignoreSuccess": True}, "failure_ignored"),
        ({"status": "ignoreSuccess"}, "failure_ignored"),
        ({"status": "fail", "forceSuccess": True}, "forced"),
    ],
    ids=str,
)
def test_forced_and_ignored_success_is_a_success_in_either_form(fields: dict[str, Any], kind: str | None) -> None:
    for execution in (instance_from(**fields), list_of({"instanceId": 7, **fields}).items[0]):
        assert (execution.status, execution.success_kind) == (SUCCEEDED, kind)


@pytest.mark.parametrize("word", ["running", "running-exception", "waiting", "pause"])
def test_a_flag_of_success_is_no_end_while_the_instance_goes_on(word: str) -> None:
    execution = instance_from(status=word, forceSuccess=True, ignoreSuccess=True)
    assert (execution.status.is_terminal, execution.success_kind) == (False, None)


@pytest.mark.parametrize(
    ("word", "status"),
    [("waiting", PENDING), ("running", RUNNING), ("skip", CANCELED), ("manual-stop", CANCELED), ("new", RUNNING)],
)
def test_a_nodes_word_has_its_status(word: str, status: ExecutionStatus) -> None:
    node = node_from(status=word)
    assert (node.status, node.provider_status) == (status, word)


def test_failed_nodes_come_first_with_their_logs_and_no_log_comes_twice() -> None:
    logs = {"success": "obs://b/shared", "fail": "obs://b/failed", "skip": ""}
    words = ["success", "fail", "skip", "success", "fail"]
    nodes = [{"nodeName": str(number), "status": word, "logPath": logs[word]} for number, word in enumerate(words)]
    execution = instance_from(status="fail", nodes=nodes)
    assert [node.name for node in execution.nodes] == ["1", "4", "0", "2", "3"]
    assert execution.failed_node == execution.nodes[0]
    assert execution.log_paths == ("obs://b/failed", "obs://b/shared")


def test_a_node_says_retries_rows_speed_and_log() -> None:
    node = node_from(type="DLI SQL", retryTimes=2, inputRowCount=10**12, speed=12.5, logPath="obs://b/l", queue="q")
    assert (node.type, node.retries, node.log_path) == ("DLI SQL", 2, "obs://b/l")
    assert (node.input_rows, node.rows_per_second) == (10**12, 12.5)


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
        *((odd, None) for odd in NO_MESSAGES),
    ],
)
def test_the_reason_is_the_first_line_of_the_message(message: object, reason: str | None) -> None:
    listed = list_of({"instanceId": 7, "status": "fail", "errorMessage": message}).items[0]
    assert listed.failure_reason == reason


def test_instances_of_other_jobs_that_a_loose_match_brought_along_are_only_counted() -> None:
    ours, other, nameless = {"instanceId": 1, "jobName": "j"}, {"instanceId": 2, "jobName": "j_2"}, {"instanceId": 3}
    loose = list_of(ours, other, nameless, total=9)
    exact = list_of(ours, total=1)
    assert [listed.ref.execution_id for listed in loose.items] == ["1", "3"]
    assert (loose.total, [listed.ref.execution_id for listed in loose.listed]) == (9, ["1", "2", "3"])
    assert (exact.total, exact.listed) == (1, exact.items)


@pytest.mark.parametrize(
    ("kind", "is_manual"), [(2, True), ("2", True), (0, False), (None, None), ("by hand", None), ([], None)]
)
def test_a_run_by_hand_is_reported_apart_from_a_scheduled_one(kind: object, is_manual: bool | None) -> None:
    assert instance_from(instanceType=kind).is_manual is is_manual


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
    ids=str,
)
def test_missing_odd_and_unheard_of_fields_do_no_harm(fields: dict[str, object]) -> None:
    execution = instance_from(**fields)
    assert (execution.status, execution.parameters, execution.condition) == (RUNNING, None, None)
    assert (execution.attention_reason, execution.success_kind, execution.log_paths) == (None, None, ())


def test_a_real_time_job_cannot_be_run() -> None:
    assert not decode_job(b'{"name": "j", "processType": "REAL_TIME"}', "j").is_runnable
    assert not decode_jobs(b'{"jobs": [{"name": "j", "jobType": "REAL_TIME"}]}', 0, 1).items[0].is_runnable


@pytest.mark.parametrize("timeout", [0, None, "soon", -1])
def test_a_timeout_of_zero_is_no_limit(timeout: object) -> None:
    body = json.dumps({"name": "j", "basicConfig": {"instanceTimeout": timeout}})
    assert decode_job(body.encode(), "j").timeout_minutes is None
