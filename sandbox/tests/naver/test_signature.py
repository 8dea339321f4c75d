"""Who may come in: the gateway's checks of headers, clock, access key and signature."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.naver_dataflow.gateway import check_signature, expected_signature
from sandbox.naver_dataflow.rejections import GatewayRejection
from sandbox.provider_service.http_messages import Request
from sandbox.provider_service.keys import Keys
from sandbox.tests.naver.data_flow_client import Client

FIXTURE = json.loads(
    (Path(__file__).parents[3] / "tests" / "fixtures" / "naver" / "sandbox_signatures.json").read_text()
)
KEYS = Keys(FIXTURE["accessKey"], FIXTURE["secretKey"])
MISSING = "Authentication information are missing."
INVALID = "Invalid authentication information."


def signed_request(**changes: str) -> Request:
    vector = {**FIXTURE["vectors"][0], **changes}
    headers = {
        "x-ncp-apigw-timestamp": vector["timestamp"],
        "x-ncp-iam-access-key": KEYS.access_key,
        "x-ncp-apigw-signature-v2": vector["signature"],
    }
    return Request(vector["method"], vector["target"], headers)


@pytest.mark.parametrize("vector", FIXTURE["vectors"], ids=lambda vector: vector["target"])
def test_the_known_vectors_are_accepted(vector: dict[str, str]) -> None:
    signature = expected_signature(vector["method"], vector["target"], vector["timestamp"], KEYS)
    assert signature.decode() == vector["signature"]


@pytest.mark.parametrize(
    ("age", "is_accepted"), [(300_000, True), (-300_000, True), (300_001, False), (-300_001, False)]
)
def test_a_request_may_be_five_minutes_off_and_no_millisecond_more(age: int, is_accepted: bool) -> None:
    request = signed_request()
    now = int(FIXTURE["vectors"][0]["timestamp"]) + age
    if is_accepted:
        check_signature(request, KEYS, now)
        return
    with pytest.raises(GatewayRejection, match=INVALID):
        check_signature(request, KEYS, now)


@pytest.mark.parametrize(
    "change", [{"method": "POST"}, {"target": "/api/v1/jobs"}, {"signature": "x" * 44}, {"timestamp": "today"}]
)
def test_a_signature_of_something_else_is_rejected(change: dict[str, str]) -> None:
    with pytest.raises(GatewayRejection, match=INVALID):
        check_signature(signed_request(**change), KEYS, int(FIXTURE["vectors"][0]["timestamp"]))


def rejection(reply: requests.Response) -> tuple[int, Any]:
    assert reply.headers["Content-Type"] == "text/plain;charset=UTF-8"
    return reply.status_code, reply.json()["error"]


@pytest.mark.parametrize("absent", ["x-ncp-apigw-timestamp", "x-ncp-iam-access-key", "x-ncp-apigw-signature-v2"])
def test_a_missing_header_is_reported_apart_from_a_wrong_one(client: Client, absent: str) -> None:
    headers = {
        "x-ncp-apigw-timestamp": str(round(time.time() * 1000)),
        "x-ncp-iam-access-key": "someone",
        "x-ncp-apigw-signature-v2": "bm8=",
    }
    endpoint = f"{client.server.endpoint}/api/v1/jobs"
    error = {"errorCode": "200", "message": "Authentication Failed"}
    assert rejection(requests.get(endpoint, headers=headers, timeout=5)) == (401, {**error, "details": INVALID})
    del headers[absent]
    assert rejection(requests.get(endpoint, headers=headers, timeout=5)) == (401, {**error, "details": MISSING})


@pytest.mark.parametrize("target", ["/api/v1/jobs?name=%EC%9E%91%EC%97%85&page=0", "/api/v1/jobs?name=a+b%2Fc&name="])
def test_the_percent_encoded_target_is_what_is_signed(client: Client, target: str) -> None:
    assert client.call("GET", target).status_code == 200


def test_every_reply_carries_a_trace_id(client: Client) -> None:
    first, second = (client.call("GET", target).headers["x-ncp-trace-id"] for target in ("/api/v1/jobs", "/nowhere"))
    assert first
    assert first != second
