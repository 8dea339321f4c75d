"""What each fault does to the request it hits, in the words of this provider."""

import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox.tests.huawei.dataarts_client import Client, poll


def try_start(client: Client) -> requests.Response:
    return client.call("POST", "/jobs/job_1/run-immediate")


@pytest.fixture
def ready(client: Client) -> Client:
    client.make_job()
    return client


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("http_401", 401, "APIGW.0301"),
        ("http_403", 403, "APIGW.0302"),
        ("http_429", 429, "APIGW.0308"),
        ("http_500", 500, "APIGW.0601"),
        ("http_503", 503, "APIGW.0613"),
        ("http_504", 504, "APIGW.0201"),
        ("not_found", 400, "DLF.0100"),
        ("bad_state", 400, "DLF.30117"),
        ("already_running", 400, "DLF.30107"),
        ("quota_exceeded", 400, "DLF.30101"),
        ("reject", 400, "DLF.3051"),
    ],
)
def test_a_rejection_starts_nothing(ready: Client, fault: str, status: int, code: str) -> None:
    ready.faults({"operation": "RunOnce", "fault": fault})
    reply = try_start(ready)
    assert (reply.status_code, reply.json()["error_code"]) == (status, code)
    assert ready.ledger() == []
    assert try_start(ready).ok


@pytest.mark.parametrize(("fault", "code"), [("not_found", "DLF.0137"), ("bad_state", "DLF.30118")])
def test_a_stop_that_is_rejected_has_codes_of_its_own(ready: Client, fault: str, code: str) -> None:
    instance_id = ready.start("job_1")
    ready.faults({"operation": "StopJobInstance", "fault": fault})
    assert ready.call("POST", f"/jobs/job_1/instances/{instance_id}/stop").json()["error_code"] == code
    assert ready.ledger()[0]["stopRequestedAt"] is None


@pytest.mark.parametrize("fault", ["http_500", "http_502_html", "http_503", "http_504"])
def test_a_server_error_may_come_after_the_work_was_done(ready: Client, fault: str) -> None:
    ready.faults({"operation": "RunOnce", "fault": fault, "done": True})
    assert try_start(ready).status_code >= 500
    assert len(ready.ledger()) == 1


@pytest.mark.parametrize(("fault", "started"), [("reset_before", 0), ("reset_after", 1)])
def test_a_dropped_connection_before_or_after_the_start(ready: Client, fault: str, started: int) -> None:
    ready.faults({"operation": "RunOnce", "fault": fault})
    with pytest.raises(requests.ConnectionError):
        try_start(ready)
    assert len(ready.ledger()) == started


def test_a_start_may_be_done_and_its_reply_never_come(ready: Client) -> None:
    ready.faults({"operation": "RunOnce", "fault": "timeout_after"})
    ready.timeout_seconds = 0.3
    with pytest.raises(requests.ReadTimeout):
        try_start(ready)
    ready.timeout_seconds = 10
    poll(ready.ledger, lambda entries: len(entries) == 1)


def test_truncated_json_cannot_be_read_and_the_work_was_done(ready: Client) -> None:
    ready.faults({"operation": "RunOnce", "fault": "truncated_json"})
    with pytest.raises(requests.JSONDecodeError):
        try_start(ready).json()
    assert len(ready.ledger()) == 1


def test_an_unknown_status_word_shows_up_in_one_reply(ready: Client) -> None:
    instance_id = ready.start("job_1")
    ready.faults(
        {"operation": "ShowJobInstance", "fault": "unknown_status"},
        {"operation": "ListJobInstances", "fault": "unknown_status"},
    )
    shown = ready.instance("job_1", instance_id)
    assert shown["status"] == "SOMETHING_NEW"
    assert shown["nodes"][0]["status"] != "SOMETHING_NEW"
    assert ready.list_instances()["instances"][0]["status"] == "SOMETHING_NEW"
    assert ready.instance("job_1", instance_id)["status"] != "SOMETHING_NEW"


def test_a_reply_without_a_body_has_no_status_to_change(ready: Client) -> None:
    ready.faults({"operation": "StartJob", "fault": "unknown_status"})
    assert ready.call("POST", "/jobs/job_1/start").status_code == 204


def test_a_started_instance_may_show_up_in_lists_late(ready: Client) -> None:
    ready.faults({"operation": "RunOnce", "fault": "late_visibility", "seconds": 600})
    hidden, shown = ready.start("job_1"), ready.start("job_1")
    listed = ready.list_instances()
    assert ([item["instanceId"] for item in listed["instances"]], listed["total"]) == ([shown], 1)
    assert ready.instance("job_1", hidden)["instanceId"] == hidden


def test_a_skewed_gateway_rejects_right_clocks_and_takes_those_set_by_its_date(ready: Client) -> None:
    ready.faults({"operation": "ListJobs", "fault": "clock_skew", "seconds": 1000, "times": 2})
    rejected = ready.call("GET", "/jobs")
    assert (rejected.status_code, rejected.json()["error_code"]) == (401, "APIGW.0303")
    offset = parsedate_to_datetime(rejected.headers["Date"]).timestamp() - time.time()
    assert 990 < offset < 1010
    assert Client(ready.server, clock=lambda: time.time() + offset).call("GET", "/jobs").ok


def test_a_rule_can_be_limited_to_one_job(ready: Client) -> None:
    ready.make_job(name="other")
    ready.faults({"operation": "ShowJob", "fault": "http_500", "job": "other"})
    assert ready.call("GET", "/jobs/job_1").status_code == 200
    assert ready.call("GET", "/jobs/other").status_code == 500


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"operation": "createJobExecution", "fault": "slow"}, "RunOnce"),
        ({"operation": "ListJobs", "fault": "late_visibility"}, "late_visibility belongs to RunOnce"),
    ],
)
def test_a_rule_that_makes_no_sense_is_rejected_and_named(client: Client, rule: dict[str, object], named: str) -> None:
    reply = client.control("PUT", "faults", [rule])
    assert reply.status_code == 400
    assert named in reply.json()["detail"]
