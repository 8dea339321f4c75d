"""Starts that are postponed: nothing was posted, and the run comes back after a while, for as long as it may."""

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.connections.store import ConnectionStore
from farsync.model.errors import AlreadyRunning, FarsyncError, QuotaExceeded
from tests.unit.operations.cloud import Cloud


def test_a_start_that_is_throttled_comes_later_and_has_posted_nothing(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", "http_429")
    answer = cloud.begun(job)
    assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", "Throttled")
    assert answer["waitSeconds"] >= 5
    assert cloud.emulator.truth() == []
    assert cloud.begun(job)["outcome"] == "started"


@pytest.mark.parametrize(("asked", "least", "most"), [(120, 120, 180), (86_400, 600, 900)], ids=["minutes", "a-day"])
def test_a_provider_that_asks_for_time_gets_it_within_bounds(cloud: Cloud, asked: int, least: int, most: int) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", "http_429", retryAfter=asked)
    assert least <= cloud.begun(job)["waitSeconds"] <= most


def test_a_provider_that_cannot_be_reached_for_the_post_delays_the_start(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = cloud.prepared(job)
    cloud.emulator.stop()
    answer = cloud.begun(job, run)
    assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", "ProviderUnavailable")


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServiceError", "Unreachable"])
def test_a_secret_that_aws_does_not_give_for_a_while_delays_the_start(cloud: Cloud, code: str) -> None:
    job = cloud.emulator.make_job()
    parameters = {cloud.emulator.parameter: {"secret": "token"}}
    run = cloud.prepared(job, parameters=parameters)
    cloud.aws.reject("GetSecretValue", code=code)
    assert cloud.begun(job, run, parameters=parameters)["outcome"] == "postponed"
    assert cloud.emulator.truth() == []


def test_a_connection_whose_secret_aws_does_not_give_for_a_while_delays_the_start(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = cloud.prepared(job)

    def fetch(_: str) -> str:
        raise AwsRequestFailed("InternalServiceError", "not now", 500)

    cloud.base = cloud.base._replace(connections=ConnectionStore(fetch, clock=cloud.clock))
    assert cloud.begun(job, run)["outcome"] == "postponed"


@pytest.mark.parametrize(("fault", "error"), [("already_running", AlreadyRunning), ("quota_exceeded", QuotaExceeded)])
def test_where_the_provider_allows_no_second_execution_only_a_run_that_waits_for_its_turn_comes_later(
    cloud: Cloud, fault: str, error: type[FarsyncError]
) -> None:
    job = cloud.emulator.make_job()
    with cloud.emulator.faults(job, "start", {"fault": fault}):
        answer = cloud.begun(job, ifRunning="wait")
        assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", error.__name__)
        for wish in ("start", "fail"):
            with pytest.raises(error):
                cloud.begun(job, ifRunning=wish)
        if error is AlreadyRunning:
            assert cloud.begun(job, ifRunning="attach")["outcome"] == "postponed", "the list may lag"
    assert cloud.emulator.truth() == []
    assert cloud.begun(job, ifRunning="wait")["outcome"] == "started"


def test_a_run_waits_while_another_execution_runs_says_for_which_and_starts_once_it_has_ended(
    slow_cloud: Cloud,
) -> None:
    job = slow_cloud.emulator.make_job()
    running = slow_cloud.emulator.start_by_hand(job)
    answer = slow_cloud.begun(job, ifRunning="wait")
    assert (answer["outcome"], answer["reason"]) == ("postponed", f"it waits for the end of {running}")
    assert answer["waitSeconds"] >= 30
    assert len(slow_cloud.emulator.truth()) == 1
    slow_cloud.provider().cancel(job, running)
    slow_cloud.wait_until_over(running)
    assert slow_cloud.begun(job, ifRunning="wait")["outcome"] == "started"
