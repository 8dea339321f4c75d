import pytest

from farsync.cancelling import cancel
from farsync.errors import ExecutionNotFound, InvalidRequest
from farsync.starting import start
from tests.unit.use_cases.conftest import Cloud


def test_an_execution_is_cancelled_and_the_run_remembers_why(slow_cloud: Cloud) -> None:
    run = slow_cloud.ask(start, {"job": slow_cloud.vendor.make_job()})["run"]
    answer = slow_cloud.ask(cancel, {"run": run})
    assert answer["run"]["cancelReason"] == "deadline"
    slow_cloud.wait_until_over(run["job"], run["executionId"])
    assert slow_cloud.vendor.truly_started(run["job"])[0].status == slow_cloud.vendor.canceled_word


def test_a_run_remembers_why_it_was_first_cancelled(slow_cloud: Cloud) -> None:
    run = slow_cloud.ask(start, {"job": slow_cloud.vendor.make_job()})["run"]
    aborted = slow_cloud.ask(cancel, {"run": run, "reason": "abort"})["run"]
    assert aborted["cancelReason"] == "abort"
    assert slow_cloud.ask(cancel, {"run": aborted, "reason": "deadline"})["run"]["cancelReason"] == "abort"


def test_a_cancel_for_no_known_reason_is_refused(cloud: Cloud) -> None:
    run = cloud.ask(start, {"job": cloud.vendor.make_job()})["run"]
    with pytest.raises(InvalidRequest, match="reason"):
        cloud.ask(cancel, {"run": run, "reason": "weather"})


def test_cancelling_what_is_already_over_is_success(cloud: Cloud) -> None:
    run = cloud.ask(start, {"job": cloud.vendor.make_job()})["run"]
    cloud.wait_until_over(run["job"], run["executionId"])
    answer = cloud.ask(cancel, {"job": run["job"], "executionId": run["executionId"]})
    assert answer["execution"]["executionId"] == run["executionId"]
    assert cloud.vendor.truly_started(run["job"])[0].status == cloud.vendor.succeeded_word


def test_an_execution_that_nobody_knows_cannot_be_cancelled(cloud: Cloud) -> None:
    with pytest.raises(ExecutionNotFound):
        cloud.ask(cancel, {"job": cloud.vendor.make_job(), "executionId": "987654321"})


def test_a_cancel_without_an_execution_is_asked_for_one(cloud: Cloud) -> None:
    with pytest.raises(InvalidRequest, match="executionId: is required"):
        cloud.ask(cancel, {"job": "x"})
