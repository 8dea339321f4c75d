"""What each fault does to the request it hits, and which requests it hits."""

import threading
import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox.provider_service.fault_effects import FaultEffects
from sandbox.provider_service.faults import FaultRule
from sandbox.provider_service.http_messages import ConnectionDropped, Reply
from sandbox.tests.naver.data_flow_client import CONDITION, Client, poll


def try_start(client: Client, job_id: str, timeout: float = 10) -> requests.Response:
    return client.call("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": CONDITION}, timeout)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("http_401", 401, "200"),
        ("http_403", 403, "230"),
        ("http_429", 429, "410"),
        ("http_500", 500, "900"),
        ("http_503", 503, "500"),
        ("http_504", 504, "510"),
    ],
)
def test_the_gateway_rejects_and_nothing_is_started(client: Client, fault: str, status: int, code: str) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": fault})
    reply = try_start(client, job_id)
    assert (reply.status_code, reply.json()["error"]["errorCode"]) == (status, code)
    assert client.ledger() == []
    assert try_start(client, job_id).ok


@pytest.mark.parametrize(
    ("fault", "status", "error_type"),
    [
        ("not_found", 404, "not-found"),
        ("bad_state", 400, "bad-state"),
        ("already_running", 400, "bad-state"),
        ("reject", 400, "bad-parameter"),
    ],
)
def test_data_flow_rejects_and_nothing_is_started(client: Client, fault: str, status: int, error_type: str) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": fault})
    reply = try_start(client, job_id)
    assert (reply.status_code, reply.json()["errorType"]) == (status, error_type)
    assert client.ledger() == []


def test_a_throttled_client_may_be_reported_how_long_to_wait(client: Client) -> None:
    client.faults({"operation": "getJobs", "fault": "http_429", "retryAfter": 7})
    assert client.call("GET", "/api/v1/jobs").headers["Retry-After"] == "7"


def test_a_bad_gateway_answers_with_a_page(client: Client) -> None:
    client.faults({"operation": "getJobs", "fault": "http_502_html"})
    reply = client.call("GET", "/api/v1/jobs")
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")
    assert "<html>" in reply.text


@pytest.mark.parametrize("fault", ["http_500", "http_502_html", "http_503", "http_504"])
def test_a_server_error_may_come_after_the_work_was_done(client: Client, fault: str) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": fault, "done": True})
    assert try_start(client, job_id).status_code >= 500
    assert len(client.ledger()) == 1


@pytest.mark.parametrize(("fault", "started"), [("reset_before", 0), ("reset_after", 1)])
def test_a_dropped_connection_before_or_after_the_start(client: Client, fault: str, started: int) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": fault})
    with pytest.raises(requests.ConnectionError):
        try_start(client, job_id)
    assert len(client.ledger()) == started
    assert try_start(client, job_id).ok


def test_a_start_may_be_done_and_its_reply_never_come(client: Client) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": "timeout_after"})
    with pytest.raises(requests.ReadTimeout):
        try_start(client, job_id, timeout=0.3)
    poll(client.ledger, lambda entries: len(entries) == 1)


def test_a_hanging_reply_does_not_hold_up_the_end_of_the_server(client: Client) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": "timeout_after", "seconds": 600})
    with pytest.raises(requests.ReadTimeout):
        try_start(client, job_id, timeout=0.2)
    poll(client.ledger, lambda entries: len(entries) == 1)
    began = time.monotonic()
    client.server.stop()
    assert time.monotonic() - began < 15


def test_a_slow_request_that_the_end_of_the_service_wakes_is_dropped_undone() -> None:
    stopping = threading.Event()
    stopping.set()
    answered: list[str] = []

    def answer() -> Reply:
        answered.append("done")
        return Reply(200, b"")

    with pytest.raises(ConnectionDropped):
        FaultEffects(stopping).apply(FaultRule(operation="getJobs", fault="slow"), None, answer)
    assert answered == []


def test_truncated_json_cannot_be_read_and_the_work_was_done(client: Client) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": "truncated_json"})
    reply = try_start(client, job_id)
    assert reply.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        reply.json()
    assert len(client.ledger()) == 1


def test_an_unknown_status_word_shows_up_in_one_reply(client: Client) -> None:
    job_id = client.make_job()
    execution_id = client.start(job_id)["jobExecutionId"]
    client.faults(
        {"operation": "getJobExecution", "fault": "unknown_status"},
        {"operation": "getJobExecutions", "fault": "unknown_status"},
    )
    assert client.execution(job_id, execution_id)["status"] == "SOMETHING_NEW"
    assert client.ok("GET", f"/api/v1/jobs/{job_id}/executions")["list"][0]["status"] == "SOMETHING_NEW"
    assert client.execution(job_id, execution_id)["status"] != "SOMETHING_NEW"


def test_a_slow_reply_comes_late_and_right(client: Client) -> None:
    client.faults({"operation": "getJobs", "fault": "slow", "seconds": 0.3})
    began = time.monotonic()
    assert client.ok("GET", "/api/v1/jobs")["count"] == 0
    assert time.monotonic() - began >= 0.3


def test_a_started_execution_may_show_up_in_lists_late(client: Client) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": "late_visibility", "seconds": 600})
    hidden = client.start(job_id)["jobExecutionId"]
    shown = client.start(job_id)["jobExecutionId"]
    listed = client.ok("GET", f"/api/v1/jobs/{job_id}/executions")
    assert [item["jobExecutionId"] for item in listed["list"]] == [shown]
    assert listed["count"] == 1
    assert client.execution(job_id, hidden)["jobExecutionId"] == hidden


def test_a_skewed_gateway_rejects_right_clocks_and_takes_those_set_by_its_date(client: Client) -> None:
    client.faults({"operation": "getJobs", "fault": "clock_skew", "seconds": 600, "times": 2})
    rejected = client.call("GET", "/api/v1/jobs")
    assert rejected.status_code == 401
    offset = parsedate_to_datetime(rejected.headers["Date"]).timestamp() - time.time()
    assert 590 < offset < 610
    assert Client(client.server, clock_offset_seconds=offset).call("GET", "/api/v1/jobs").ok


def test_a_rule_skips_then_hits_then_is_used_up(client: Client) -> None:
    client.faults({"operation": "getJobs", "fault": "http_500", "skip": 1, "times": 2})
    statuses = [client.call("GET", "/api/v1/jobs").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    assert client.control("GET", "faults").json() == []


def test_what_is_left_of_the_rules_can_be_read_and_a_put_replaces_them(client: Client) -> None:
    client.faults({"operation": "*", "fault": "http_503", "times": 3})
    client.call("GET", "/api/v1/jobs")
    (left,) = client.control("GET", "faults").json()
    assert (left["operation"], left["fault"], left["times"]) == ("*", "http_503", 2)
    client.faults()
    assert client.call("GET", "/api/v1/jobs").ok


def test_a_rule_can_be_limited_to_one_job(client: Client) -> None:
    hit, spared = client.make_job(), client.make_job()
    client.faults({"operation": "getJob", "fault": "http_500", "job": hit})
    assert client.call("GET", f"/api/v1/jobs/{spared}").status_code == 200
    assert client.call("GET", f"/api/v1/jobs/{hit}").status_code == 500


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"operation": "getJobs", "fault": "explode"}, "explode"),
        ({"operation": "getJbos", "fault": "slow"}, "getJbos"),
        ({"operation": "getJobs"}, "fault"),
        ({"operation": "getJobs", "fault": "slow", "time": 2}, "time"),
        ({"operation": "getJobs", "fault": "slow", "times": 0}, "times"),
        ({"operation": "getJobs", "fault": "late_visibility"}, "late_visibility"),
        ({"operation": "getJobs", "fault": "http_401", "done": True}, "done"),
    ],
)
def test_a_rule_that_makes_no_sense_is_rejected_and_named(client: Client, rule: dict[str, object], named: str) -> None:
    reply = client.control("PUT", "faults", [rule])
    assert reply.status_code == 400
    assert named in reply.json()["detail"]
    assert client.control("GET", "faults").json() == []


def test_rules_are_added_behind_those_that_are_left_and_withdrawn_however_often_they_have_hit(client: Client) -> None:
    slow, lost = {"operation": "getJobs", "fault": "slow"}, {"operation": "getJob", "fault": "reset_after"}
    client.faults({**slow, "times": 3, "seconds": 0})
    client.call("GET", "/api/v1/jobs")
    assert client.control("POST", "faults", [lost]).ok
    assert [(rule["fault"], rule["times"]) for rule in client.control("GET", "faults").json()] == [
        ("slow", 2),
        ("reset_after", 1),
    ]
    assert client.control("DELETE", "faults", [{**slow, "seconds": 0}]).ok
    assert [rule["fault"] for rule in client.control("GET", "faults").json()] == ["reset_after"]
