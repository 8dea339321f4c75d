from collections.abc import Mapping
from typing import Any

import pytest

from farsync.aws_requests import AwsRequestFailed, Service
from farsync.errors import (
    DeadlineExceeded,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    StartUnconfirmed,
    Throttled,
)
from farsync.execution import ExecutionStatus
from farsync.invocation import Invocation
from farsync.preparing import prepare
from farsync.starting import Started, start
from tests.unit.use_cases.conftest import DATA_FLOW, Cloud, StandingRuns, now_iso


def prepared(cloud: Cloud, job: str) -> dict[str, Any]:
    return cloud.ask(prepare, {"job": job, "run": {"name": "a-run", "startedAt": now_iso()}})


def test_a_start_gives_the_run_its_execution_and_the_first_wait(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    started = cloud.ask(start, {"job": job, "run": prepared(cloud, job)})
    assert started["run"]["executionId"] == cloud.vendor.truly_started(job)[0].execution_id
    assert started["waitSeconds"] >= 1


def test_what_only_the_start_needs_travels_no_further(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    run = cloud.ask(start, {"job": job, "run": prepared(cloud, job)})["run"]
    assert "condition" not in run
    assert "baseline" not in run


def test_parameters_reach_the_vendor_verbatim(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    cloud.ask(start, {"job": job, "parameters": {cloud.vendor.parameter: "값 'x' & \"y\""}})
    assert cloud.vendor.truly_started(job)[0].parameters == {cloud.vendor.parameter: "값 'x' & \"y\""}


def test_a_time_reaches_the_vendor_as_it_is_written_in_its_zone(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    the_day_before = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "shiftDays": -1}
    cloud.ask(start, {"job": job, "parameters": {cloud.vendor.parameter: the_day_before}})
    assert cloud.vendor.truly_started(job)[0].parameters == {cloud.vendor.parameter: "2026-11-21"}


@pytest.mark.parametrize("cloud", DATA_FLOW, indirect=True)
def test_the_request_overrides_the_stored_run_settings_field_by_field(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    run = cloud.ask(start, {"job": job, "condition": {"numWorker": 5}})["run"]
    execution = cloud.provider().get_execution(job, run["executionId"])
    assert execution.condition is not None
    assert execution.condition["numWorker"] == 5
    assert execution.condition["nrn"] == "nrn:PUB:IAM::1:Role/r"


def test_outside_a_run_a_start_reads_the_job_itself(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    run = cloud.ask(start, {"job": job})["run"]
    assert "name" not in run
    assert len(cloud.vendor.truly_started(job)) == 1


@pytest.mark.parametrize("fault", ["reset_after", "truncated_json", "http_500", "http_502_html", "http_503"])
def test_a_start_whose_reply_is_lost_is_unconfirmed_and_never_posted_again(cloud: Cloud, fault: str) -> None:
    job = cloud.vendor.make_job()
    is_done = {"done": True} if fault.startswith("http") else {}
    cloud.vendor.add_fault(job, "start", fault, **is_done)
    with pytest.raises(StartUnconfirmed, match=f"execution of job {job} .*may be this one"):
        cloud.ask(start, {"job": job})
    assert len(cloud.vendor.truly_started(job)) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [("http_429", Throttled), ("not_found", JobNotFound), ("bad_state", JobNotRunnable), ("refuse", InvalidRequest)],
)
def test_a_refused_start_has_a_name_and_started_nothing(cloud: Cloud, fault: str, error: type[FarsyncError]) -> None:
    job = cloud.vendor.make_job()
    cloud.vendor.add_fault(job, "start", fault)
    with pytest.raises(error):
        cloud.ask(start, {"job": job})
    assert cloud.vendor.truly_started(job) == []


@pytest.mark.parametrize("cloud", DATA_FLOW, indirect=True)
def test_a_key_rotated_a_moment_ago_is_fetched_again_and_the_job_starts_once(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    run = prepared(cloud, job)
    fetched_before = len(cloud.secrets_fetched)
    cloud.vendor.add_fault(job, "start", "http_401")
    cloud.ask(start, {"job": job, "run": run})
    assert len(cloud.vendor.truly_started(job)) == 1
    assert len(cloud.secrets_fetched) == fetched_before + 1


class ClosedRuns(StandingRuns):
    """Step Functions, after somebody has stopped every run."""

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        return {**super().call(service, action, payload), "status": "ABORTED"}


class UnknowableRuns(StandingRuns):
    """Step Functions, which does not answer."""

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:  # noqa: ARG002
        raise AwsRequestFailed("Unreachable", "states could not be reached")


def started_in(cloud: Cloud, aws: type[StandingRuns], job: str, **request: object) -> ExecutionStatus:
    """How an execution goes that was posted for a run of which Step Functions tells this."""
    run = prepared(cloud, job)
    environment = cloud.environment._replace(aws=aws(cloud.environment.transport, {}))
    answer = start(environment, Invocation("state_machine", {"job": job, **request, "run": run}))
    assert isinstance(answer.body, Started)
    execution_id = answer.body.run.execution_id
    assert execution_id
    return cloud.provider().get_execution(job, execution_id).status


def test_a_start_whose_run_was_closed_meanwhile_cancels_its_own_execution(slow_cloud: Cloud) -> None:
    job = slow_cloud.vendor.make_job()
    slow_cloud.vendor.add_fault(job, "cancel", "http_503")
    assert started_in(slow_cloud, ClosedRuns, job) is ExecutionStatus.CANCELED


def test_a_start_whose_run_was_closed_leaves_its_execution_alone_if_the_request_wants_it(slow_cloud: Cloud) -> None:
    job = slow_cloud.vendor.make_job()
    assert not started_in(slow_cloud, ClosedRuns, job, cancelOnAbort=False).is_terminal


def test_a_start_that_cannot_ask_after_its_run_keeps_its_execution(slow_cloud: Cloud) -> None:
    assert not started_in(slow_cloud, UnknowableRuns, slow_cloud.vendor.make_job()).is_terminal


def test_a_run_that_watches_an_execution_posts_nothing(slow_cloud: Cloud) -> None:
    job = slow_cloud.vendor.make_job()
    watched = slow_cloud.ask(start, {"job": job})["run"]["executionId"]
    begun = {"name": "a-run", "startedAt": now_iso()}
    run = slow_cloud.ask(prepare, {"job": job, "ifRunning": "adopt", "run": begun})
    assert slow_cloud.ask(start, {"job": job, "ifRunning": "adopt", "run": run})["run"]["executionId"] == watched
    assert len(slow_cloud.vendor.truly_started(job)) == 1


def test_outside_a_run_a_start_that_adopts_posts_nothing_beside_what_runs(slow_cloud: Cloud) -> None:
    job = slow_cloud.vendor.make_job()
    running = slow_cloud.ask(start, {"job": job})["run"]["executionId"]
    assert slow_cloud.ask(start, {"job": job, "ifRunning": "adopt"})["run"]["executionId"] == running
    assert len(slow_cloud.vendor.truly_started(job)) == 1


def test_a_redriven_run_posts_nothing_before_its_execution_has_been_looked_for(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    run = prepared(cloud, job)
    with pytest.raises(StartUnconfirmed, match="redriven"):
        cloud.ask(start, {"job": job, "run": run, "redriveCount": 1})
    assert cloud.vendor.truly_started(job) == []
    cloud.ask(start, {"job": job, "run": {**run, "redrivesSearched": 1}, "redriveCount": 1})
    assert len(cloud.vendor.truly_started(job)) == 1


def test_a_start_is_never_posted_after_the_runs_deadline(cloud: Cloud) -> None:
    job = cloud.vendor.make_job()
    run = {**prepared(cloud, job), "deadlineAt": "2026-01-01T00:00:00Z"}
    with pytest.raises(DeadlineExceeded):
        cloud.ask(start, {"job": job, "run": run})
    assert cloud.vendor.truly_started(job) == []
