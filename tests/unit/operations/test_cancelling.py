import pytest

from farsync.model.errors import ExecutionNotFound, InvalidRequest
from farsync.operations.cancel_execution import cancel
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401


def begin(cloud: Cloud) -> tuple[str, str]:
    """A job, and the id of its execution."""
    job = cloud.emulator.make_job()
    condition = cloud.provider().get_job(job).condition
    return job, cloud.provider().start(job, condition=condition, parameters={}).ref.execution_id


def test_an_execution_is_cancelled_when_somebody_asks_for_it(slow_cloud: Cloud) -> None:
    job, execution_id = begin(slow_cloud)
    answer = slow_cloud.ask(cancel, {"job": job, "executionId": execution_id})
    assert answer["execution"]["executionId"] == execution_id
    slow_cloud.wait_until_over(job, execution_id)
    assert slow_cloud.emulator.truly_started(job)[0].status == slow_cloud.emulator.canceled_word


def test_cancelling_what_is_already_over_is_success(cloud: Cloud) -> None:
    job, execution_id = begin(cloud)
    cloud.wait_until_over(job, execution_id)
    answer = cloud.ask(cancel, {"job": job, "executionId": execution_id})
    assert answer["execution"]["executionId"] == execution_id
    assert cloud.emulator.truly_started(job)[0].status == cloud.emulator.succeeded_word


def test_an_execution_that_nobody_knows_cannot_be_cancelled(cloud: Cloud) -> None:
    with pytest.raises(ExecutionNotFound):
        cloud.ask(cancel, {"job": cloud.emulator.make_job(), "executionId": "987654321"})


def test_a_cancel_without_an_execution_is_asked_for_one(cloud: Cloud) -> None:
    with pytest.raises(InvalidRequest, match="executionId: is required"):
        cloud.ask(cancel, {"job": "x"})
