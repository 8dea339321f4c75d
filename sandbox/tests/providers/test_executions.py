"""Executions, their pace and the logs about them, as both providers' services have them."""

import statistics
import time

import pytest

from sandbox.tests.emulator_client import poll
from sandbox.tests.providers.clouds import Cloud
from sandbox.tests.providers.conftest import CloudMaker


def test_many_executions_live_side_by_side(make_cloud: CloudMaker) -> None:
    cloud = make_cloud()
    job = cloud.make_job()
    for _ in range(40):
        cloud.start(job)
    poll(cloud.client.executions, lambda entries: [entry["status"] for entry in entries] == [cloud["ended"]] * 40)


@pytest.mark.parametrize("pace", [{"queue_seconds": 600.0}, {"run_seconds": 600.0}], ids=["waiting", "running"])
def test_a_cancel_ends_an_execution_once(make_cloud: CloudMaker, pace: dict[str, float]) -> None:
    cloud = make_cloud(**pace)
    job = cloud.make_job()
    execution = cloud.start(job)
    if "run_seconds" in pace:
        cloud.wait_for(job, execution, cloud["running"])
    assert cloud.cancel(job, execution).ok
    canceled = cloud.get(job, execution)
    assert canceled["status"] == cloud["canceled"]
    assert cloud.cancel(job, execution).status_code == 400
    assert cloud.get(job, execution) == canceled
    (entry,) = cloud.client.executions()
    assert (entry["status"], bool(entry[cloud["cancel key"]])) == (cloud["canceled"], True)


def test_a_job_can_have_a_pace_of_its_own(cloud: Cloud) -> None:
    quick, slow = cloud.make_job(), cloud.make_job("job_2")
    pace = cloud.client.control("PUT", "pace", {cloud["job key"]: slow, "runSeconds": 600}).json()
    assert pace == {cloud["job key"]: slow, "queueSeconds": 0.02, "runSeconds": 600}
    slow_id = cloud.start(slow)
    cloud.wait_for(quick, cloud.start(quick), cloud["ended"])
    assert cloud.wait_for(slow, slow_id, cloud["running"])


@pytest.mark.parametrize("body", [{}, {"jobId": "a", "runSeconds": -1}, {"jobId": "a", "runsSeconds": 1}, []])
def test_a_pace_that_makes_no_sense_is_rejected(cloud: Cloud, body: object) -> None:
    assert cloud.client.control("PUT", "pace", body).status_code == 400


def test_the_execution_log_lists_each_one_that_truly_started(cloud: Cloud) -> None:
    job = cloud.make_job("sales")
    execution = cloud.start(job)
    cloud.wait_for(job, execution, cloud["ended"])
    (entry,) = cloud.client.executions()
    assert (entry[cloud["id key"]], entry["jobName"], entry["status"]) == (execution, "sales", cloud["ended"])
    assert entry["startedAt"] <= entry["endedAt"]
    assert entry[cloud["cancel key"]] is None


def test_requests_are_counted_by_operation_status_and_execution(cloud: Cloud) -> None:
    job = cloud.make_job()
    execution = cloud.start(job)
    cloud.fault("cancel", "http_503")
    cloud.fault("get", "reset_after")
    with pytest.raises(OSError, match="onnection"):
        cloud.get(job, execution)
    cloud.cancel(job, execution)
    cloud.cancel(job, execution)
    cloud.client.call("GET", "/nowhere")
    seen = cloud.client.control("GET", "requests").json()
    assert seen["counts"][cloud["cancel"]] == 2
    assert (seen["counts"]["unknown"], seen["statuses"]["404"], seen["statuses"]["dropped"]) == (1, 1, 1)
    assert seen["ofExecutions"][cloud["cancel"]] == {str(execution): 2}
    assert [(item["operation"], item["status"]) for item in seen["last"]][-1] == ("unknown", 404)


def test_replies_on_a_kept_connection_do_not_stall(cloud: Cloud) -> None:
    """Without TCP_NODELAY each would wait about 40 ms for a delayed acknowledgement."""
    cloud.list_jobs()
    took = []
    for _ in range(50):
        began = time.perf_counter()
        cloud.list_jobs()
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.03
