"""A start: one post, or none; and what becomes of an execution whose run was closed meanwhile."""

import json
from typing import Any

import pytest

from farsync.model.errors import (
    DeadlineExceeded,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
)
from farsync.operations.trigger_execution import start
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import DATA_FLOW, only

VERBATIM = "값 'x' & \"y\""
IN_ITS_ZONE = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "shiftDays": -1}


@pytest.mark.parametrize(("given", "sent"), [(VERBATIM, VERBATIM), (IN_ITS_ZONE, "2026-11-21")], ids=["text", "time"])
def test_a_start_gives_the_run_its_execution_and_the_first_wait(cloud: Cloud, given: Any, sent: str) -> None:
    started = cloud.begun(parameters={cloud.emulator.parameter: given})
    (execution,) = cloud.emulator.truth()
    assert (started["outcome"], started["run"]["executionId"]) == ("started", execution.execution_id)
    assert 1 <= started["waitSeconds"] <= 600
    assert execution.value == sent
    assert not {"condition", "baseline"} & started["run"].keys(), "what only the start needs travels no further"


@only("cloud", "data-flow")
def test_the_request_overrides_the_stored_run_settings_field_by_field(cloud: Cloud) -> None:
    run = cloud.begun(condition={"numWorker": 5})["run"]
    condition = cloud.provider().get_execution(cloud.job, run["executionId"]).condition
    assert condition is not None
    assert (condition["numWorker"], condition["nrn"]) == (5, "nrn:PUB:IAM::1:Role/r")


@only("cloud", "data-flow")
def test_the_trigger_and_workflow_of_the_request_reach_data_flow(cloud: Cloud) -> None:
    run = cloud.begun(providerOptions={"triggerId": "T63391JxQHNj", "workflowId": "pJ1HCEI7L9ha"})["run"]
    cloud.wait_until_over(run["executionId"])
    replies = list[bytes]()

    def read_along(reply: bytes) -> bytes:
        replies.append(reply)
        return reply

    cloud.emulator.distort = read_along
    cloud.provider().get_execution(cloud.job, run["executionId"])
    shown = json.loads(replies[-1])
    assert (shown["type"], shown["triggerId"]) == ("WORKFLOW", "T63391JxQHNj")


@only("cloud", "dataarts")
def test_dataarts_rejects_options_of_data_flow(cloud: Cloud) -> None:
    with pytest.raises(InvalidRequest, match="providerOptions: DataArts has no triggerId; leave"):
        cloud.begun(providerOptions={"triggerId": "T63391JxQHNj"})
    assert cloud.emulator.truth() == []


@pytest.mark.parametrize(
    ("fault", "error"), [("not_found", JobNotFound), ("bad_state", JobNotRunnable), ("reject", InvalidRequest)]
)
def test_a_start_that_no_waiting_helps_is_rejected_by_name(cloud: Cloud, fault: str, error: type[FarsyncError]) -> None:
    cloud.fault("start", fault)
    with pytest.raises(error):
        cloud.begun()
    assert cloud.emulator.truth() == []


@DATA_FLOW
def test_a_start_is_never_posted_after_the_runs_deadline(slow_cloud: Cloud) -> None:
    run = slow_cloud.prepared()
    at_the_deadline = slow_cloud.environment.now().isoformat()
    with pytest.raises(DeadlineExceeded, match="the run's deadline passed before its start could be posted"):
        slow_cloud.begun({**run, "deadlineAt": at_the_deadline})
    assert slow_cloud.emulator.truth() == []


@DATA_FLOW
def test_a_redriven_run_posts_nothing_before_its_execution_has_been_searched_for(slow_cloud: Cloud) -> None:
    run = slow_cloud.prepared()
    answer = slow_cloud.begun(run, 1)
    assert (answer["outcome"], answer["waitSeconds"]) == ("search", run["consistencyWaitSeconds"])
    assert answer["reason"] == "the run was redriven; a start that it posted before is searched for first"
    assert slow_cloud.emulator.truth() == []
    assert slow_cloud.begun({**run, "redrivesSearched": 1}, 1)["outcome"] == "started"


def begin_after_close(cloud: Cloud, **more: Any) -> bool:
    """Whether the execution was canceled that was posted for a run which somebody has stopped."""
    cloud.aws.runs["a-run"] = Run("a-run", "{}", status="ABORTED")
    cloud.begun(**more)
    return cloud.emulator.truth()[0].is_cancel_requested


def test_a_start_whose_run_was_closed_meanwhile_cancels_its_own_execution(slow_cloud: Cloud) -> None:
    slow_cloud.fault("cancel", "http_503")
    assert begin_after_close(slow_cloud)


@pytest.mark.parametrize("fault", ["http_403", "not_found", "reject"])
def test_a_rejected_cancel_does_not_make_a_posted_start_look_as_if_nothing_was_posted(
    slow_cloud: Cloud, fault: str
) -> None:
    slow_cloud.emulator.fail_every("cancel", fault)
    assert not begin_after_close(slow_cloud)


@DATA_FLOW
def test_a_start_whose_run_was_closed_leaves_its_execution_alone_if_the_request_wants_it(slow_cloud: Cloud) -> None:
    assert not begin_after_close(slow_cloud, cancelOnAbort=False)


@DATA_FLOW
def test_a_start_that_hears_of_its_run_from_before_its_redrive_keeps_its_execution(slow_cloud: Cloud) -> None:
    run = {**slow_cloud.prepared(), "redrivesSearched": 1}
    assert not begin_after_close(slow_cloud, run=run, redrive_count=1)


def test_a_run_that_may_attach_posts_only_where_nothing_runs(slow_cloud: Cloud) -> None:
    first = slow_cloud.begun(ifRunning="attach")["run"]
    second = slow_cloud.begun(ifRunning="attach")
    assert (second["outcome"], second["run"]["executionId"]) == ("started", first["executionId"])
    assert (first["isAttached"], second["run"]["isAttached"]) == (False, True)
    assert len(slow_cloud.emulator.truth()) == 1


class TestOutsideOfARun:
    @DATA_FLOW
    def test_a_run_must_bring_its_request(self, slow_cloud: Cloud) -> None:
        with pytest.raises(InvalidRequest) as caught:
            slow_cloud.ask(start, {"job": slow_cloud.job, "run": slow_cloud.prepared()})
        assert caught.value.field == "run"
        assert slow_cloud.emulator.truth() == []
