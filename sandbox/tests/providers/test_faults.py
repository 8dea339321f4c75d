"""What each fault does to the request that it hits."""

import re
import socket
import threading
import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox.provider_service.fault_effects import FaultEffects
from sandbox.provider_service.faults import FaultRule
from sandbox.provider_service.http_messages import ConnectionDropped, Reply
from sandbox.tests.emulator_client import poll
from sandbox.tests.providers.clouds import Cloud

BETWEEN = ["http_302", "http_303", "http_307", "http_520", "http_524"]


@pytest.mark.parametrize(
    ("fault", "naver", "huawei"),
    [
        ("http_401", (401, "200"), (401, "APIGW.0301")),
        ("http_403", (403, "230"), (403, "APIGW.0302")),
        ("http_429", (429, "410"), (429, "APIGW.0308")),
        ("http_500", (500, "900"), (500, "APIGW.0601")),
        ("http_503", (503, "500"), (503, "APIGW.0613")),
        ("http_504", (504, "510"), (504, "APIGW.0201")),
        ("not_found", (404, "not-found"), (400, "DLF.0100")),
        ("bad_state", (400, "bad-state"), (400, "DLF.30117")),
        ("already_running", (400, "bad-state"), (400, "DLF.30107")),
        ("quota_exceeded", (429, "400"), (400, "DLF.30101")),
        ("reject", (400, "bad-parameter"), (400, "DLF.3051")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rejection_is_in_the_providers_words_and_starts_nothing(
    cloud: Cloud, fault: str, naver: tuple[int, str], huawei: tuple[int, str]
) -> None:
    job = cloud.make_job()
    cloud.fault("start", fault)
    reply = cloud.try_start(job)
    body = reply.json()
    code = body["error"]["errorCode"] if "error" in body else body.get("errorType") or body["error_code"]
    assert (reply.status_code, code) == (naver if cloud.is_naver else huawei)
    assert cloud.client.executions() == []
    assert cloud.try_start(job).ok


def test_a_throttled_client_may_be_asked_to_come_back_later(cloud: Cloud) -> None:
    cloud.fault("list jobs", "http_429", retryAfter=7)
    assert cloud.list_jobs().headers["Retry-After"] == "7"


def test_a_bad_gateway_answers_with_a_page(cloud: Cloud) -> None:
    cloud.fault("list jobs", "http_502_html")
    reply = cloud.list_jobs()
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")


@pytest.mark.parametrize("is_done", [False, True], ids=["nothing done", "done first"])
@pytest.mark.parametrize("fault", [*BETWEEN, "http_500", "http_502_html", "http_503", "http_504"])
def test_a_reply_may_go_wrong_before_or_after_the_work(cloud: Cloud, fault: str, is_done: bool) -> None:
    job = cloud.make_job()
    cloud.fault("start", fault, done=is_done)
    assert cloud.try_start(job).status_code == int(fault[5:8])
    assert len(cloud.client.executions()) == is_done


def test_after_a_time_out_of_the_proxy_the_connection_is_closed(cloud: Cloud) -> None:
    cloud.fault("list jobs", "http_408")
    reply = cloud.list_jobs()
    assert (reply.status_code, "close" in reply.headers["Connection"]) == (408, True)


@pytest.mark.parametrize(("fault", "started"), [("reset_before", 0), ("reset_after", 1)])
def test_a_connection_is_dropped_before_or_after_the_start(cloud: Cloud, fault: str, started: int) -> None:
    job = cloud.make_job()
    cloud.fault("start", fault)
    with pytest.raises(requests.ConnectionError):
        cloud.try_start(job)
    assert len(cloud.client.executions()) == started
    assert cloud.try_start(job).ok


def test_a_reply_that_never_comes_does_not_hold_up_the_end_of_the_server(cloud: Cloud) -> None:
    job = cloud.make_job()
    cloud.fault("start", "timeout_after", seconds=600)
    cloud.client.timeout_seconds = 0.3
    with pytest.raises(requests.ReadTimeout):
        cloud.try_start(job)
    poll(cloud.client.executions, lambda entries: len(entries) == 1)
    began = time.monotonic()
    cloud.client.server.stop()
    assert time.monotonic() - began < 15


def test_a_slow_request_does_nothing_once_the_service_stops() -> None:
    stopping = threading.Event()
    stopping.set()
    answered: list[str] = []

    def answer() -> Reply:
        answered.append("too late")
        return Reply(200, b"")

    with pytest.raises(ConnectionDropped):
        FaultEffects(stopping).apply(FaultRule(operation="getJobs", fault="slow"), None, answer)
    assert answered == []


def test_a_slow_reply_comes_late_and_right(cloud: Cloud) -> None:
    cloud.fault("list jobs", "slow", seconds=0.3)
    began = time.monotonic()
    assert cloud.list_jobs().ok
    assert time.monotonic() - began >= 0.3


def test_truncated_json_cannot_be_read_and_the_work_was_done(cloud: Cloud) -> None:
    job = cloud.make_job()
    cloud.fault("start", "truncated_json")
    with pytest.raises(requests.JSONDecodeError):
        cloud.try_start(job).json()
    assert len(cloud.client.executions()) == 1


def test_an_unknown_status_word_shows_up_in_one_reply(cloud: Cloud) -> None:
    job = cloud.make_job()
    execution = cloud.start(job)
    cloud.fault("get", "unknown_status")
    assert cloud.get(job, execution)["status"] == "SOMETHING_NEW"
    assert cloud.get(job, execution)["status"] != "SOMETHING_NEW"


def test_a_reply_about_another_execution_shows_another_id(cloud: Cloud) -> None:
    job = cloud.make_job()
    execution = cloud.start(job)
    cloud.fault("get", "other_execution")
    assert cloud.get(job, execution)[cloud["id key"]] != execution
    assert cloud.get(job, execution)[cloud["id key"]] == execution


def test_a_started_execution_may_show_up_in_lists_late(cloud: Cloud) -> None:
    job = cloud.make_job()
    cloud.fault("start", "late_visibility", seconds=600)
    hidden, shown = cloud.start(job), cloud.start(job)
    assert cloud.list_ids(job) == [shown]
    assert cloud.get(job, hidden)[cloud["id key"]] == hidden


def test_a_skewed_gateway_rejects_right_clocks_and_takes_those_set_by_its_date(cloud: Cloud) -> None:
    cloud.fault("list jobs", "clock_skew", seconds=1000, times=2)
    rejected = cloud.list_jobs()
    assert rejected.status_code == 401
    offset = parsedate_to_datetime(rejected.headers["Date"]).timestamp() - time.time()
    assert abs(offset - 1000) < 10
    assert cloud.with_clock(offset).list_jobs().ok


def test_hints_go_before_a_reply_on_the_same_connection(cloud: Cloud) -> None:
    cloud.fault("list jobs", "early_hints", times=2)
    signed = cloud.list_jobs().request
    host, port = cloud.client.server.endpoint.removeprefix("http://").split(":")
    headers = {"Host": f"{host}:{port}", **signed.headers, "Connection": "close"}
    lines = [f"GET {signed.path_url} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    with socket.create_connection((host, int(port))) as connection, connection.makefile("rb") as stream:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answered = stream.read()
    assert re.findall(rb"HTTP/1.1 (\d+)", answered) == [b"103", b"200"]
