from collections.abc import Mapping
from typing import Any

import pytest

from farsync.aws.client import AwsRequestFailed, Service
from farsync.model.errors import (
    DeadlineExceeded,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    StartUnconfirmed,
    Throttled,
)
from farsync.model.execution import ExecutionStatus
from farsync.operations.trigger_execution import start
from tests.unit.operations.old_cloud import DATA_FLOW, Cloud, StandingRuns, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.run_calls import begun, executed, prepared


def test_a_start_gives_the_run_its_execution_and_the_first_wait(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    started = begun(cloud, job)
    assert started["outcome"] == "started"
    assert started["run"]["executionId"] == cloud.emulator.truly_started(job)[0].execution_id
    assert 1 <= started["waitSeconds"] <= 600


def test_what_only_the_start_needs_travels_no_further(cloud: Cloud) -> None:
    run = begun(cloud, cloud.emulator.make_job())["run"]
    assert "condition" not in run
    assert "baseline" not in run


def test_parameters_reach_the_provider_verbatim(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    begun(cloud, job, parameters={cloud.emulator.parameter: "값 'x' & \"y\""})
    assert cloud.emulator.truly_started(job)[0].parameters == {cloud.emulator.parameter: "값 'x' & \"y\""}


def test_a_time_reaches_the_provider_as_it_is_written_in_its_zone(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    the_day_before = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "shiftDays": -1}
    begun(cloud, job, parameters={cloud.emulator.parameter: the_day_before})
    assert cloud.emulator.truly_started(job)[0].parameters == {cloud.emulator.parameter: "2026-11-21"}


@pytest.mark.parametrize("cloud", DATA_FLOW, indirect=True)
def test_the_request_overrides_the_stored_run_settings_field_by_field(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = begun(cloud, job, condition={"numWorker": 5})["run"]
    execution = cloud.provider().get_execution(job, run["executionId"])
    assert execution.condition is not None
    assert execution.condition["numWorker"] == 5
    assert execution.condition["nrn"] == "nrn:PUB:IAM::1:Role/r"


@pytest.mark.parametrize("fault", ["reset_after", "truncated_json", "http_500", "http_502_html", "http_503"])
def test_a_start_whose_reply_is_lost_is_unconfirmed_and_never_posted_again(cloud: Cloud, fault: str) -> None:
    job = cloud.emulator.make_job()
    is_done = {"done": True} if fault.startswith("http") else {}
    cloud.emulator.add_fault(job, "start", fault, **is_done)
    with pytest.raises(StartUnconfirmed, match=f"execution of job {job} .*may be this one"):
        begun(cloud, job)
    assert len(cloud.emulator.truly_started(job)) == 1


@pytest.mark.parametrize(
    ("fault", "error"), [("not_found", JobNotFound), ("bad_state", JobNotRunnable), ("reject", InvalidRequest)]
)
def test_a_start_that_no_waiting_helps_is_rejected_by_name(cloud: Cloud, fault: str, error: type[FarsyncError]) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", fault)
    with pytest.raises(error):
        begun(cloud, job)
    assert cloud.emulator.truly_started(job) == []


@pytest.mark.parametrize("cloud", DATA_FLOW, indirect=True)
def test_a_key_rotated_a_moment_ago_is_fetched_again_and_the_job_starts_once(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = prepared(cloud, job)
    fetched_before = len(cloud.secrets_fetched)
    cloud.emulator.add_fault(job, "start", "http_401")
    begun(cloud, job, run)
    assert len(cloud.emulator.truly_started(job)) == 1
    assert len(cloud.secrets_fetched) == fetched_before + 1


def test_a_start_is_never_posted_after_the_runs_deadline(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    with pytest.raises(DeadlineExceeded):
        begun(cloud, job, {**prepared(cloud, job), "deadlineAt": "2026-01-01T00:00:00Z"})
    assert cloud.emulator.truly_started(job) == []


def test_a_redriven_run_posts_nothing_before_its_execution_has_been_searched_for(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = prepared(cloud, job)
    answer = begun(cloud, job, run, redrive_count=1)
    assert (answer["outcome"], answer["waitSeconds"]) == ("search", run["consistencyWaitSeconds"])
    assert cloud.emulator.truly_started(job) == []


def test_a_redriven_run_whose_search_found_nothing_starts_its_job(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = {**prepared(cloud, job), "redrivesSearched": 1}
    assert begun(cloud, job, run, redrive_count=1)["outcome"] == "started"
    assert len(cloud.emulator.truly_started(job)) == 1


class ClosedRuns(StandingRuns):
    """Step Functions, after somebody has stopped every run."""

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        return {**super().call(service, action, payload), "status": "ABORTED"}


class UnknowableRuns(StandingRuns):
    """Step Functions, which does not answer."""

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:  # noqa: ARG002
        raise AwsRequestFailed("Unreachable", "states could not be reached")


def status_in(cloud: Cloud, aws: type[StandingRuns], job: str, **more: Any) -> ExecutionStatus:
    """How an execution goes that was posted for a run of which Step Functions says this."""
    environment = cloud.environment._replace(aws=aws(cloud.environment.transport, {}))
    run = begun(cloud, job, environment=environment, **more)["run"]
    return cloud.provider().get_execution(job, run["executionId"]).status


def test_a_start_whose_run_was_closed_meanwhile_cancels_its_own_execution(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    slow_cloud.emulator.add_fault(job, "cancel", "http_503")
    assert status_in(slow_cloud, ClosedRuns, job) is ExecutionStatus.CANCELED


@pytest.mark.parametrize("fault", ["http_403", "not_found", "reject"])
def test_a_rejected_cancel_does_not_make_a_posted_start_look_as_if_nothing_was_posted(
    slow_cloud: Cloud, fault: str
) -> None:
    job = slow_cloud.emulator.make_job()
    slow_cloud.emulator.add_fault(job, "cancel", fault, times=9)
    assert not status_in(slow_cloud, ClosedRuns, job).is_terminal


def test_a_start_whose_run_was_closed_leaves_its_execution_alone_if_the_request_wants_it(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    assert not status_in(slow_cloud, ClosedRuns, job, cancelOnAbort=False).is_terminal


def test_a_start_answered_from_before_its_redrive_keeps_its_execution(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    run = {**prepared(slow_cloud, job), "redrivesSearched": 1}
    assert not status_in(slow_cloud, ClosedRuns, job, run=run, redrive_count=1).is_terminal


def test_a_start_that_cannot_ask_after_its_run_keeps_its_execution(slow_cloud: Cloud) -> None:
    assert not status_in(slow_cloud, UnknowableRuns, slow_cloud.emulator.make_job()).is_terminal


def test_a_run_that_attaches_posts_nothing_and_has_the_execution(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    running = executed(slow_cloud, job)
    answer = begun(slow_cloud, job, ifRunning="attach")
    assert (answer["outcome"], answer["run"]["executionId"]) == ("started", running)
    assert len(slow_cloud.emulator.truly_started(job)) == 1


def test_a_run_that_may_attach_starts_its_job_where_nothing_runs(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    assert not begun(cloud, job, ifRunning="attach")["run"]["isAttached"]
    assert len(cloud.emulator.truly_started(job)) == 1


class TestOutsideOfARun:
    def test_a_start_reads_the_job_itself_and_says_when_a_poll_is_worth_while(self, cloud: Cloud) -> None:
        job = cloud.emulator.make_job()
        started = cloud.ask(start, {"job": job})
        (execution,) = cloud.emulator.truly_started(job)
        ref = {"connection": "default", "job": job, "executionId": execution.execution_id}
        assert started["execution"] == ref
        assert started["waitSeconds"] >= 1

    def test_a_throttled_start_says_so_since_nobody_would_try_again(self, cloud: Cloud) -> None:
        job = cloud.emulator.make_job()
        cloud.emulator.add_fault(job, "start", "http_429")
        with pytest.raises(Throttled):
            cloud.ask(start, {"job": job})
        assert cloud.emulator.truly_started(job) == []

    @pytest.mark.parametrize("wish", ["wait", "attach"])
    def test_a_start_can_neither_wait_nor_attach(self, cloud: Cloud, wish: str) -> None:
        with pytest.raises(InvalidRequest, match="ifRunning"):
            cloud.ask(start, {"job": "a-job", "ifRunning": wish})

    def test_what_belongs_to_a_run_must_bring_its_request(self, cloud: Cloud) -> None:
        job = cloud.emulator.make_job()
        with pytest.raises(InvalidRequest) as caught:
            cloud.ask(start, {"job": job, "run": prepared(cloud, job)})
        assert caught.value.field == "run"
        assert cloud.emulator.truly_started(job) == []
