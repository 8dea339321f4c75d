"""Who may come in: the gateway's checks of signature, clock, keys and project."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.huawei_dataarts.signature import expected_signature, read_authorization
from sandbox.provider_service.http_messages import Request
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, job, signed_headers

FIXTURE = json.loads(
    (Path(__file__).parents[3] / "tests" / "fixtures" / "huawei" / "sandbox_signatures.json").read_text()
)
AUTHORIZATION = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=0a"


def request_of(vector: dict[str, Any]) -> Request:
    headers = {name: value.encode().decode("latin-1") for name, value in vector["headers"].items()}
    return Request(vector["method"], vector["target"], headers, vector["body"].encode())


@pytest.mark.parametrize("vector", FIXTURE["vectors"], ids=lambda vector: vector["name"])
def test_the_known_vectors_are_accepted(vector: dict[str, Any]) -> None:
    names = tuple(sorted(vector["headers"]))
    assert expected_signature(request_of(vector), names, FIXTURE["secretKey"]) == vector["signature"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer abc",
        AUTHORIZATION.replace("SDK-HMAC-SHA256", "V11-HMAC-SHA256"),
        AUTHORIZATION.replace("host;x-sdk-date", "x-sdk-date;host"),
        AUTHORIZATION.replace("host", "Host"),
        AUTHORIZATION.replace(" Signature=0a", ""),
    ],
)
def test_another_form_of_authorization_is_no_authorization(value: str) -> None:
    assert read_authorization(AUTHORIZATION) is not None
    assert read_authorization(value) is None


def rejection(reply: requests.Response) -> tuple[int, str, str]:
    body = reply.json()
    assert body["request_id"] == reply.headers["X-Request-Id"]
    return reply.status_code, body["error_code"], body["error_msg"]


def test_a_wrong_secret_key_is_rejected(client: Client) -> None:
    status, code, message = rejection(Client(client.server, secret_key="wrong").call("GET", "/jobs"))
    assert (status, code) == (401, "APIGW.0301")
    assert "verify aksk signature fail" in message


def test_an_unsigned_request_is_rejected_on_a_known_route_only(client: Client) -> None:
    base = f"{client.server.endpoint}/v1/{client.server.account.project_id}"
    assert rejection(requests.get(f"{base}/jobs", timeout=5))[:2] == (401, "APIGW.0301")
    assert rejection(requests.get(f"{base}/scripts", timeout=5))[:2] == (404, "APIGW.0101")


def test_what_is_signed_must_be_what_is_sent(client: Client) -> None:
    path = f"/v1/{client.server.account.project_id}/jobs"
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    keys = client.server.account.keys
    headers = {"X-Sdk-Date": date, "Content-Type": "application/json", "workspace": client.server.account.workspace}
    signed = signed_headers("POST", path, "", headers, b"{}", (keys.access_key, keys.secret_key))
    for changed in ({"workspace": "other"}, {"workspace": None}):
        reply = requests.post(
            client.server.endpoint + path,
            headers={**signed, **changed},
            data=b"{}",
            timeout=5,
        )
        assert rejection(reply)[:2] == (401, "APIGW.0301")
    assert rejection(requests.post(client.server.endpoint + path, headers=signed, data=b"[]", timeout=5))[0] == 401
    assert requests.post(client.server.endpoint + path, headers=signed, data=b"{}", timeout=5).status_code == 400


@pytest.mark.parametrize(("offset_seconds", "is_accepted"), [(890, True), (-890, True), (910, False), (-910, False)])
def test_a_clock_may_be_a_quarter_of_an_hour_off(client: Client, offset_seconds: int, is_accepted: bool) -> None:
    reply = Client(client.server, clock=lambda: time.time() + offset_seconds).call("GET", "/jobs")
    assert reply.ok is is_accepted
    if not is_accepted:
        assert rejection(reply)[:2] == (401, "APIGW.0303")


def test_a_key_is_locked_after_more_than_five_wrong_signatures_in_a_row(make_server: ServerMaker) -> None:
    now = time.time()
    client = Client(make_server(clock=lambda: now, speed=10), clock=lambda: now)
    wrong = Client(client.server, secret_key="wrong", clock=lambda: now)
    for _ in range(5):
        wrong.call("GET", "/jobs")
    assert client.call("GET", "/jobs").ok
    for _ in range(6):
        wrong.call("GET", "/jobs")
    status, code, message = rejection(client.call("GET", "/jobs"))
    assert (status, code) == (401, "APIGW.0301")
    assert "AK access failed to reach the limit,forbidden" in message
    now += 29
    assert not client.call("GET", "/jobs").ok
    now += 2
    assert client.call("GET", "/jobs").ok


def test_another_project_is_rejected(client: Client) -> None:
    account = client.server.account
    path = "/v1/0123456789abcdef0123456789abcdef/jobs"
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    keys = (account.keys.access_key, account.keys.secret_key)
    headers = signed_headers("GET", path, "", {"X-Sdk-Date": date}, b"", keys)
    reply = requests.get(client.server.endpoint + path, headers=headers, timeout=5)
    assert rejection(reply)[:2] == (403, "APIGW.0310")


def test_a_body_needs_a_content_type(client: Client) -> None:
    account = client.server.account
    path = f"/v1/{account.project_id}/jobs"
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    body = json.dumps(job()).encode()
    keys = (account.keys.access_key, account.keys.secret_key)
    headers = signed_headers("POST", path, "", {"X-Sdk-Date": date}, body, keys)
    reply = requests.post(client.server.endpoint + path, headers=headers, data=body, timeout=5)
    assert rejection(reply)[:2] == (400, "APIGW.0106")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/job"),
        ("PATCH", "/jobs/a"),
        ("POST", "/jobs/a/export"),
        ("POST", "/jobs/batch-export"),
        ("POST", "/jobs/import"),
        ("POST", "/jobs/check-file"),
        ("GET", "/system-tasks/1"),
        ("GET", "/jobs/a/instances"),
        ("GET", "/jobs/a/instances/"),
        ("GET", "/connections"),
        ("GET", "/resources"),
        ("BREW", "/jobs"),
    ],
)
def test_every_other_route_does_not_exist(client: Client, method: str, path: str) -> None:
    assert client.call(method, path).json()["error_code"] == "APIGW.0101"


def test_a_user_has_so_many_calls_a_second_of_each_operation(make_server: ServerMaker) -> None:
    now = time.time()
    server = make_server(clock=lambda: now, calls_per_second=30, job_detail_calls_per_second=10)
    client = Client(server, clock=lambda: now)
    client.make_job()
    for path, limit in (("/jobs", 30), ("/jobs/job_1", 10)):
        replies = [client.call("GET", path) for _ in range(limit + 1)]
        assert [reply.ok for reply in replies] == [True] * limit + [False]
        assert rejection(replies[-1])[:2] == (429, "APIGW.0308")
        assert "Retry-After" not in replies[-1].headers
    now += 1
    assert client.call("GET", "/jobs").ok


def test_who_comes_back_before_the_retry_after_has_passed_is_counted(make_server: ServerMaker) -> None:
    now = time.time()
    server = make_server(clock=lambda: now, job_detail_calls_per_second=2, throttle_retry_after_seconds=3)
    client = Client(server, clock=lambda: now)
    client.make_job()

    def too_soon_at(moment: float) -> int:
        nonlocal now
        now = moment
        client.call("GET", "/jobs/job_1")
        return int(client.control("GET", "requests").json()["tooSoon"])

    begun = now
    assert [too_soon_at(begun) for _ in range(3)] == [0, 0, 0]
    assert too_soon_at(begun + 2.9) == 1
    assert too_soon_at(begun + 3) == 1
