"""Starts that are postponed: nothing was posted, and the run comes back after a while, for as long as it may."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.aws.client import AwsRequestFailed, Service
from farsync.connections.store import ConnectionStore
from farsync.model.errors import AlreadyRunning, FarsyncError, QuotaExceeded
from farsync.model.execution import iso_instant
from farsync.operations.cancel_execution import cancel
from tests.unit.operations.old_cloud import Cloud, StandingRuns, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.run_calls import begun, executed, prepared

DAY = timedelta(days=1)


def aged(run: dict[str, Any], age: timedelta) -> dict[str, Any]:
    """The run variable of a run that began so long ago and has as much time left."""
    now = datetime.now(UTC)
    return {**run, "startedAt": iso_instant(now - age), "deadlineAt": iso_instant(now + age)}


def test_a_start_that_is_throttled_comes_later_and_has_posted_nothing(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", "http_429")
    answer = begun(cloud, job)
    assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", "Throttled")
    assert answer["waitSeconds"] >= 5
    assert cloud.emulator.truly_started(job) == []
    assert begun(cloud, job)["outcome"] == "started"


def test_a_provider_that_asks_for_two_minutes_gets_them(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", "http_429", retryAfter=120)
    assert 120 <= begun(cloud, job)["waitSeconds"] <= 180


def test_a_provider_that_asks_for_a_day_is_asked_again_within_minutes(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", "http_429", retryAfter=86_400)
    assert 600 <= begun(cloud, job)["waitSeconds"] <= 900


def test_a_provider_that_cannot_be_reached_for_the_post_delays_the_start(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = prepared(cloud, job)
    cloud.server.stop()
    answer = begun(cloud, job, run)
    assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", "ProviderUnavailable")


def fail_parameters(code: str) -> Callable[[Cloud], Cloud]:
    class Failing(StandingRuns):
        def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
            if service == "secretsmanager":
                raise AwsRequestFailed(code, "not now", 500)
            return super().call(service, action, payload)

    def change(cloud: Cloud) -> Cloud:
        cloud.environment = cloud.environment._replace(aws=Failing(cloud.environment.transport, {}))
        return cloud

    return change


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServiceError", "Unreachable"])
def test_a_secret_that_aws_does_not_give_for_a_while_delays_the_start(cloud: Cloud, code: str) -> None:
    job = cloud.emulator.make_job()
    parameters = {cloud.emulator.parameter: {"secret": "token"}}
    run = prepared(cloud, job, parameters=parameters)
    assert begun(fail_parameters(code)(cloud), job, run, parameters=parameters)["outcome"] == "postponed"
    assert cloud.emulator.truly_started(job) == []


def test_a_connection_whose_secret_aws_does_not_give_for_a_while_delays_the_start(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = prepared(cloud, job)

    def fetch(_: str) -> str:
        raise AwsRequestFailed("InternalServiceError", "not now", 500)

    store = ConnectionStore(fetch, clock=cloud.environment.clock)
    environment = cloud.environment._replace(connections=store)
    assert begun(cloud, job, run, environment=environment)["outcome"] == "postponed"


@pytest.mark.parametrize(("fault", "error"), [("already_running", AlreadyRunning), ("quota_exceeded", QuotaExceeded)])
class TestWhereTheProviderAllowsNoSecondExecution:
    @pytest.fixture
    def job(self, cloud: Cloud, fault: str) -> str:
        job = cloud.emulator.make_job()
        cloud.emulator.add_fault(job, "start", fault)
        return job

    def test_a_run_that_waits_for_its_turn_comes_later(self, cloud: Cloud, job: str, error: type[FarsyncError]) -> None:
        answer = begun(cloud, job, ifRunning="wait")
        assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", error.__name__)
        assert begun(cloud, job, ifRunning="wait")["outcome"] == "started"

    @pytest.mark.parametrize("wish", ["start", "fail"])
    def test_every_other_run_is_rejected_by_name(
        self, cloud: Cloud, job: str, error: type[FarsyncError], wish: str
    ) -> None:
        with pytest.raises(error):
            begun(cloud, job, ifRunning=wish)
        assert cloud.emulator.truly_started(job) == []


def test_a_run_that_attaches_comes_later_to_what_the_list_does_not_show_yet(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", "already_running")
    assert begun(cloud, job, ifRunning="attach")["outcome"] == "postponed"


class TestAtItsTurn:
    def test_a_run_waits_while_another_execution_runs_and_says_for_which(self, slow_cloud: Cloud) -> None:
        job = slow_cloud.emulator.make_job()
        running = executed(slow_cloud, job)
        answer = begun(slow_cloud, job, ifRunning="wait")
        assert (answer["outcome"], answer["reason"]) == ("postponed", f"it waits for the end of {running}")
        assert answer["waitSeconds"] >= 30
        assert len(slow_cloud.emulator.truly_started(job)) == 1

    def test_a_run_starts_once_the_other_execution_has_ended(self, slow_cloud: Cloud) -> None:
        job = slow_cloud.emulator.make_job()
        running = executed(slow_cloud, job)
        assert begun(slow_cloud, job, ifRunning="wait")["outcome"] == "postponed"
        slow_cloud.ask(cancel, {"job": job, "executionId": running})
        slow_cloud.wait_until_over(job, running)
        assert begun(slow_cloud, job, ifRunning="wait")["outcome"] == "started"
        assert len(slow_cloud.emulator.truly_started(job)) == 2

    def test_a_run_that_has_waited_for_long_asks_less_often(self, slow_cloud: Cloud) -> None:
        job = slow_cloud.emulator.make_job()
        executed(slow_cloud, job)
        run = aged(prepared(slow_cloud, job, ifRunning="wait"), 20 * DAY)
        wait = begun(slow_cloud, job, run, ifRunning="wait")["waitSeconds"]
        assert 0.01 <= wait / (20 * DAY).total_seconds() <= 0.016


def test_no_wait_is_so_short_that_a_long_run_fills_its_history(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = aged(prepared(cloud, job), 20 * DAY)
    cloud.emulator.add_fault(job, "start", "http_429")
    assert begun(cloud, job, run)["waitSeconds"] >= 0.01 * (20 * DAY).total_seconds()


def test_a_run_that_waits_hears_of_its_deadline_soon_after_it(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = prepared(cloud, job, timeoutSeconds=40)
    cloud.emulator.add_fault(job, "start", "http_429", retryAfter=600)
    assert begun(cloud, job, run)["waitSeconds"] <= 40
