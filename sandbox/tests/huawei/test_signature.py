"""Who may come in: the gateway's checks of signature, clock, keys and project."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.huawei_dataarts.signature import expected_signature, read_authorization
from sandbox.provider_service.http_messages import Request
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, signed_headers

FIXTURE = json.loads(
    (Path(__file__).parents[3] / "tests" / "fixtures" / "huawei" / "sandbox_signatures.json").read_text()
)
AUTHORIZATION = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=0a"


def request_from(vector: dict[str, Any]) -> Request:
    headers = {name: value.encode().decode("latin-1") for name, value in vector["headers"].items()}
    return Request(vector["method"], vector["target"], headers, vector["body"].encode())


@pytest.mark.parametrize("vector", FIXTURE["vectors"], ids=lambda vector: vector["name"])
def test_the_known_vectors_are_accepted(vector: dict[str, Any]) -> None:
    names = tuple(sorted(vector["headers"]))
    assert expected_signature(request_from(vector), names, FIXTURE["secretKey"]) == vector["signature"]


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


def test_an_unsigned_request_is_rejected_on_a_known_route_only(client: Client) -> None:
    base = f"{client.server.endpoint}/v1/{client.server.account.project_id}"
    assert rejection(requests.get(f"{base}/jobs", timeout=5))[:2] == (401, "APIGW.0301")
    assert rejection(requests.get(f"{base}/scripts", timeout=5))[:2] == (404, "APIGW.0101")


def signed_post(client: Client, project_id: str, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, str]]:
    """The address, and the headers with a signature of all of this."""
    keys = client.server.account.keys
    path = f"/v1/{project_id}/jobs"
    dated = {"X-Sdk-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), **headers}
    signed = signed_headers("POST", path, "", dated, body, (keys.access_key, keys.secret_key))
    return client.server.endpoint + path, signed


def test_what_is_signed_must_be_what_is_sent(client: Client) -> None:
    account = client.server.account
    headers = {"Content-Type": "application/json", "workspace": account.workspace}
    url, signed = signed_post(client, account.project_id, headers, b"{}")
    for changed in ({"workspace": "other"}, {"workspace": None}):
        assert requests.post(url, headers={**signed, **changed}, data=b"{}", timeout=5).status_code == 401
    assert requests.post(url, headers=signed, data=b"[]", timeout=5).status_code == 401
    assert requests.post(url, headers=signed, data=b"{}", timeout=5).status_code == 400


def test_another_project_and_a_body_without_content_type_are_rejected(client: Client) -> None:
    for project_id, headers, expected in (
        ("0123456789abcdef0123456789abcdef", {"Content-Type": "application/json"}, (403, "APIGW.0310")),
        (client.server.account.project_id, {}, (400, "APIGW.0106")),
    ):
        url, signed = signed_post(client, project_id, headers, b"{}")
        assert rejection(requests.post(url, headers=signed, data=b"{}", timeout=5))[:2] == expected


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
        assert "verify aksk signature fail" in rejection(wrong.call("GET", "/jobs"))[2]
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


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/job"),
        ("GET", "/jobs/a/instances/"),
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
    now = begun = time.time()
    server = make_server(clock=lambda: now, job_detail_calls_per_second=1, throttle_retry_after_seconds=3)
    client = Client(server, clock=lambda: now)
    client.make_job()
    for moment, too_soon in ((begun, 0), (begun, 0), (begun + 2.9, 1), (begun + 2.95, 1), (begun + 6, 1)):
        now = moment
        client.call("GET", "/jobs/job_1")
        assert client.control("GET", "requests").json()["tooSoon"] == too_soon
