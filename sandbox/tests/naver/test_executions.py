"""The life of an execution as a client sees it, dialect G1."""

import statistics
import time
from datetime import datetime

import pytest

from sandbox.tests.naver.data_flow_client import CONDITION, Client, ServerMaker, poll

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


def test_left_out_settings_get_the_documented_defaults(client: Client) -> None:
    job_id = client.make_job()
    needed = {name: CONDITION[name] for name in ("nrn", "scriptPath", "logPath")}
    shown = client.ok("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": needed})["jobCondition"]
    assert (shown["workerType"], shown["numWorker"], shown["timeout"]) == ("DEFAULT", 2, 360)


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
    assert client.ledger() == []


@pytest.mark.parametrize("parameters", ["$a=1", ["$a"], {"$a": {"b": 1}}])
def test_parameters_that_are_no_object_of_strings_are_rejected(client: Client, parameters: object) -> None:
    body = {"jobCondition": CONDITION, "parameters": parameters}
    reply = client.call("POST", f"/api/v1/jobs/{client.make_job()}/executions", body)
    assert reply.status_code == 400
    assert "parameters" in reply.json()["detail"]


def test_executions_are_listed_newest_first_page_by_page(client: Client) -> None:
    job_id = client.make_job()
    ids = [client.start(job_id)["jobExecutionId"] for _ in range(3)]
    first = client.ok("GET", f"/api/v1/jobs/{job_id}/executions?page=0&limit=2")
    second = client.ok("GET", f"/api/v1/jobs/{job_id}/executions?page=1&limit=2")
    assert [item["jobExecutionId"] for item in first["list"] + second["list"]] == ids[::-1]
    assert (first["count"], first["limit"], second["page"]) == (3, 2, 1)


def test_an_execution_of_another_job_is_not_found(client: Client) -> None:
    execution_id = client.start(client.make_job())["jobExecutionId"]
    reply = client.call("GET", f"/api/v1/jobs/{client.make_job()}/executions/{execution_id}")
    assert (reply.status_code, reply.json()["errorType"]) == (404, "not-found")


@pytest.mark.parametrize("pace", [{"queue_seconds": 600.0}, {"run_seconds": 600.0}], ids=["READY", "RUNNING"])
def test_a_cancel_ends_an_execution_once(make_server: ServerMaker, pace: dict[str, float]) -> None:
    client = Client(make_server(**pace))
    job_id = client.make_job()
    execution_id = client.start(job_id)["jobExecutionId"]
    client.wait_for(job_id, execution_id, "READY" if "queue_seconds" in pace else "RUNNING")
    path = f"/api/v1/jobs/{job_id}/executions/{execution_id}"
    reply = client.call("POST", f"{path}/cancel")
    assert (reply.status_code, reply.text) == (200, "true")
    canceled = client.ok("GET", path)
    assert canceled["status"] == "CANCELED"
    assert canceled["endDate"]
    again = client.call("POST", f"{path}/cancel")
    assert (again.status_code, again.json()["errorType"]) == (400, "bad-state")
    assert client.ledger()[0]["cancelRequestedAt"]
    assert client.ok("GET", path) == canceled


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


def test_parameters_are_echoed_only_where_that_is_switched_on(make_server: ServerMaker) -> None:
    client = Client(make_server(is_echoing_parameters=True))
    started = client.start(client.make_job(), parameters={"$day": "2026-01-01"})
    assert started["parsedParameters"] == {"$day": "2026-01-01"}


def test_a_job_can_have_a_pace_of_its_own(client: Client) -> None:
    quick, slow = client.make_job(), client.make_job()
    pace = client.control("PUT", "pace", {"jobId": slow, "runSeconds": 600}).json()
    assert pace == {"jobId": slow, "queueSeconds": 0.02, "runSeconds": 600}
    slow_id = client.start(slow)["jobExecutionId"]
    client.wait_for(quick, client.start(quick)["jobExecutionId"], "FAILED")
    assert client.wait_for(slow, slow_id, "RUNNING")["status"] == "RUNNING"


@pytest.mark.parametrize("body", [{}, {"jobId": "a", "runSeconds": -1}, {"jobId": "a", "runsSeconds": 1}, []])
def test_a_pace_that_makes_no_sense_is_rejected(client: Client, body: object) -> None:
    assert client.control("PUT", "pace", body).status_code == 400


def test_the_ledger_lists_what_was_truly_started(client: Client) -> None:
    job_id = client.make_job(name="sales")
    execution_id = client.start(job_id, parameters={"$day": "1"})["jobExecutionId"]
    client.wait_for(job_id, execution_id, "FAILED")
    (entry,) = client.ledger()
    assert (entry["jobExecutionId"], entry["jobId"], entry["jobName"]) == (execution_id, job_id, "sales")
    assert (entry["parameters"], entry["status"], entry["cancelRequestedAt"]) == ({"$day": "1"}, "FAILED", None)
    assert entry["startedAt"] <= entry["endedAt"]


def test_requests_are_counted_by_operation_and_by_status(client: Client) -> None:
    job_id = client.make_job()
    client.ok("GET", f"/api/v1/jobs/{job_id}")
    client.call("GET", "/nowhere")
    seen = client.control("GET", "requests").json()
    assert seen["counts"] == {"createJob": 1, "getJob": 1, "unknown": 1}
    assert seen["statuses"] == {"201": 1, "200": 1, "404": 1}
    assert [(item["operation"], item["status"]) for item in seen["last"]] == [
        ("createJob", 201),
        ("getJob", 200),
        ("unknown", 404),
    ]


def test_the_log_says_how_often_an_execution_was_to_be_canceled_whatever_was_answered(client: Client) -> None:
    job_id = client.make_job()
    execution_id = client.start(job_id)["jobExecutionId"]
    client.control("PUT", "faults", [{"operation": "cancelJobExecution", "fault": "http_503"}])
    for _ in range(2):
        client.call("POST", f"/api/v1/jobs/{job_id}/executions/{execution_id}/cancel")
    of_executions = client.control("GET", "requests").json()["ofExecutions"]
    assert of_executions["cancelJobExecution"] == {execution_id: 2}


def test_many_executions_live_side_by_side(client: Client) -> None:
    job_id = client.make_job()
    for _ in range(40):
        client.start(job_id)
    poll(client.ledger, lambda entries: [entry["status"] for entry in entries] == ["FAILED"] * 40)


def test_replies_on_a_kept_connection_do_not_stall(client: Client) -> None:
    """Without TCP_NODELAY each would wait about 40 ms for a delayed acknowledgement."""
    job_id = client.make_job()
    client.ok("GET", f"/api/v1/jobs/{job_id}")
    took = []
    for _ in range(50):
        began = time.perf_counter()
        client.ok("GET", f"/api/v1/jobs/{job_id}")
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.03
