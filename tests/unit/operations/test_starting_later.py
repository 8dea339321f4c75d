"""Starts that are postponed: nothing was posted, and the run comes back after a while, for as long as it may."""

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.connections.store import ConnectionStore
from farsync.model.errors import AlreadyRunning, FarsyncError, QuotaExceeded
from tests.unit.operations.cloud import Cloud


def test_a_start_that_is_throttled_comes_later_and_has_posted_nothing(cloud: Cloud) -> None:
    cloud.fault("start", "http_429")
    answer = cloud.begun()
    assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", "Throttled")
    assert answer["waitSeconds"] >= 5
    assert cloud.emulator.truth() == []
    assert cloud.begun()["outcome"] == "started"


@pytest.mark.parametrize(("asked", "least", "most"), [(120, 120, 180), (86_400, 600, 900)], ids=["minutes", "a-day"])
def test_a_provider_that_asks_for_time_gets_it_within_bounds(cloud: Cloud, asked: int, least: int, most: int) -> None:
    cloud.fault("start", "http_429", retryAfter=asked)
    assert least <= cloud.begun()["waitSeconds"] <= most


def test_a_provider_that_cannot_be_reached_for_the_post_delays_the_start(cloud: Cloud) -> None:
    run = cloud.prepared()
    cloud.emulator.stop()
    answer = cloud.begun(run)
    assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", "ProviderUnavailable")


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServiceError", "ExpiredTokenException"])
def test_a_secret_that_aws_does_not_give_for_a_while_delays_the_start(cloud: Cloud, code: str) -> None:
    parameters = {cloud.emulator.parameter: {"secret": "token"}}
    run = cloud.prepared(parameters=parameters)
    cloud.aws.reject("GetSecretValue", code=code)
    assert cloud.begun(run, parameters=parameters)["outcome"] == "postponed"
    assert cloud.emulator.truth() == []


def test_a_connection_whose_secret_aws_does_not_give_for_a_while_delays_the_start(cloud: Cloud) -> None:
    run = cloud.prepared()

    def fetch(_: str) -> str:
        raise AwsRequestFailed("InternalServiceError", "not now", 500)

    cloud.base = cloud.base._replace(connections=ConnectionStore(fetch, clock=cloud.clock))
    assert cloud.begun(run)["outcome"] == "postponed"


@pytest.mark.parametrize(("fault", "error"), [("already_running", AlreadyRunning), ("quota_exceeded", QuotaExceeded)])
def test_where_the_provider_allows_no_second_execution_only_a_run_that_waits_for_its_turn_comes_later(
    cloud: Cloud, fault: str, error: type[FarsyncError]
) -> None:
    with cloud.emulator.faults(cloud.job, "start", {"fault": fault}):
        answer = cloud.begun(ifRunning="wait")
        assert (answer["outcome"], answer["reason"].partition(":")[0]) == ("postponed", error.__name__)
        for wish in ("start", "fail"):
            with pytest.raises(error):
                cloud.begun(ifRunning=wish)
        if error is AlreadyRunning:
            assert cloud.begun(ifRunning="attach")["outcome"] == "postponed", "the list may lag"
    assert cloud.emulator.truth() == []
    assert cloud.begun(ifRunning="wait")["outcome"] == "started"


def test_a_run_waits_while_another_execution_runs_says_for_which_and_starts_once_it_has_ended(
    slow_cloud: Cloud,
) -> None:
    running = slow_cloud.post()
    answer = slow_cloud.begun(ifRunning="wait")
    assert (answer["outcome"], answer["reason"]) == ("postponed", f"it waits for the end of {running}")
    assert answer["waitSeconds"] >= 30
    assert len(slow_cloud.emulator.truth()) == 1
    slow_cloud.provider().cancel(slow_cloud.job, running)
    slow_cloud.wait_until_over(running)
    assert slow_cloud.begun(ifRunning="wait")["outcome"] == "started"
