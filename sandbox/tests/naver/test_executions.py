"""The life of an execution as a client sees it, dialect G1."""

from datetime import datetime

import pytest

from sandbox.tests.naver.data_flow_client import CONDITION, Client, ServerMaker

AT_THE_START = {
    "jobExecutionId",
    "jobId",
    "jobCondition",
    "status",
    "startDate",
    "createdDate",
    "runningTime",
    "parsedParameters",
    "type",
}
AT_THE_END = AT_THE_START | {"jobName", "endDate", "waitingTime", "executorNum"}


def test_a_start_answers_ready_with_the_fields_of_the_providers_example(client: Client) -> None:
    job_id = client.make_job()
    reply = client.call(
        "POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": CONDITION, "parameters": {"$table": "a.b"}}
    )
    started = reply.json()
    assert reply.status_code == 200
    assert started.keys() == AT_THE_START
    assert started["jobCondition"] == CONDITION
    assert (started["status"], started["type"], started["runningTime"]) == ("READY", "JOB", 0)
    assert started["startDate"] == started["createdDate"]
    assert started["parsedParameters"] == []


def test_an_execution_goes_from_ready_over_running_to_its_end(make_server: ServerMaker) -> None:
    client = Client(make_server(queue_seconds=1.5, run_seconds=1.5))
    job_id = client.make_job()
    execution_id = client.start(job_id)["jobExecutionId"]
    assert client.execution(job_id, execution_id).keys() == AT_THE_START
    running = client.wait_for(job_id, execution_id, "RUNNING")
    assert running.keys() == AT_THE_START | {"jobName"}
    assert client.ok("GET", f"/api/v1/jobs/{job_id}")["status"] == "RUNNING"
    ended = client.wait_for(job_id, execution_id, "FAILED")
    assert ended.keys() == AT_THE_END
    assert ended["jobCondition"].keys() == CONDITION.keys() | {"consoleLogPath"}
    assert datetime.fromisoformat(ended["endDate"]) >= datetime.fromisoformat(ended["startDate"])
    assert ended["executorNum"] == CONDITION["numWorker"]
    job = client.ok("GET", f"/api/v1/jobs/{job_id}")
    assert (job["status"], job["lastExecutionStatus"], job["lastExecutionDate"]) == (
        "RUNNABLE",
        "FAILED",
        ended["startDate"],
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"numWorker": 1}, "numWorker"),
        ({"numWorker": 11}, "numWorker"),
        ({"timeout": 1441}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"workerType": "HUGE"}, "workerType"),
        ({"nrn": 5}, "jobCondition.nrn"),
        ({"logPath": "lake/../../etc"}, "jobCondition.logPath"),
        ({"logPath": "/etc/"}, "jobCondition.logPath"),
        ({"scriptPath": ""}, "jobCondition.scriptPath"),
    ],
)
def test_run_settings_out_of_range_are_rejected_and_named(
    client: Client, change: dict[str, object], named: str
) -> None:
    body = {"jobCondition": {**CONDITION, **change}}
    reply = client.call("POST", f"/api/v1/jobs/{client.make_job()}/executions", body)
    assert (reply.status_code, reply.json()["errorType"]) == (400, "bad-parameter")
    assert named in reply.json()["detail"]
    assert client.executions() == []


@pytest.mark.parametrize("parameters", ["$a=1", ["$a"], {"$a": {"b": 1}}])
def test_parameters_that_are_no_object_of_strings_are_rejected(client: Client, parameters: object) -> None:
    body = {"jobCondition": CONDITION, "parameters": parameters}
    reply = client.call("POST", f"/api/v1/jobs/{client.make_job()}/executions", body)
    assert reply.status_code == 400
    assert "parameters" in reply.json()["detail"]


def test_an_execution_over_its_timeout_fails_and_its_log_says_so(make_server: ServerMaker) -> None:
    client = Client(make_server(speed=600, queue_seconds=1, run_seconds=86_400))
    job_id = client.make_job()
    started = client.ok("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": {**CONDITION, "timeout": 1}})
    ended = client.wait_for(job_id, started["jobExecutionId"], "FAILED")
    assert "not finished within 1 minutes" in client.console_log(ended)


def test_a_start_by_a_trigger_is_of_a_workflow(client: Client) -> None:
    job_id = client.make_job()
    started = client.ok("POST", f"/api/v1/jobs/{job_id}/executions?triggerId=8bjF7Eabc123", {"jobCondition": CONDITION})
    assert started["type"] == "WORKFLOW"
    assert "triggerId" not in started
    ended = client.wait_for(job_id, started["jobExecutionId"], "FAILED")
    assert ended["triggerId"] == "8bjF7Eabc123"
