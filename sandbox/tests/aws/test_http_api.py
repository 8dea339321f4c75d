"""The HTTP API: payload format 2.0, IAM signatures, and the gateway's own answers."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests_aws4auth import AWS4Auth


@pytest.fixture
def signed(sandbox: dict[str, Any]) -> AWS4Auth:
    return AWS4Auth(sandbox["accessKeyId"], sandbox["secretAccessKey"], sandbox["region"], "execute-api")


@pytest.fixture
def event_of(sandbox: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Sends a request to a route without authorizer, whose function answers with its event."""

    def send(method: str, path: str, **arguments: Any) -> dict[str, Any]:
        reply = requests.request(method, sandbox["httpApi"] + path, timeout=30, **arguments)
        assert reply.status_code == 200, reply.text
        event: dict[str, Any] = reply.json()
        return event

    return send


@pytest.mark.parametrize("path", ["/jobs/a%20b%2Bc%25d", "/jobs/7?b=2&a=1&a=0", "/jobs/7?a=x%20y%2Bz&%ED%95%9C=%2F&e"])
def test_the_signatures_of_amazons_own_signer_hold(sandbox: dict[str, Any], path: str) -> None:
    request = AWSRequest("GET", sandbox["httpApi"] + path)
    credentials = Credentials(sandbox["accessKeyId"], sandbox["secretAccessKey"])
    SigV4Auth(credentials, "execute-api", sandbox["region"]).add_auth(request)
    reply = requests.get(sandbox["httpApi"] + path, headers=dict(request.headers), timeout=30)
    assert reply.status_code == 200, reply.text


def test_a_body_that_was_changed_after_signing_is_forbidden(sandbox: dict[str, Any], signed: AWS4Auth) -> None:
    url = f"{sandbox['httpApi']}/jobs/7"
    prepared = requests.Request("GET", url, data="signed", auth=signed).prepare()
    with requests.Session() as session:
        assert session.send(prepared, timeout=30).status_code == 200
        prepared.prepare_body("changed", None)
        assert session.send(prepared, timeout=30).status_code == 403


@pytest.mark.parametrize(
    ("secret", "region", "service"),
    [
        ("wrong", "ap-northeast-2", "execute-api"),
        (None, "us-east-1", "execute-api"),
        (None, "ap-northeast-2", "states"),
    ],
)
def test_a_wrong_signature_is_forbidden(sandbox: dict[str, Any], secret: str | None, region: str, service: str) -> None:
    auth = AWS4Auth(sandbox["accessKeyId"], secret or sandbox["secretAccessKey"], region, service)
    assert requests.get(f"{sandbox['httpApi']}/jobs/7", auth=auth, timeout=30).status_code == 403


def test_a_signature_older_than_five_minutes_is_forbidden(sandbox: dict[str, Any]) -> None:
    old = datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(minutes=6)
    auth = AWS4Auth(sandbox["accessKeyId"], sandbox["secretAccessKey"], sandbox["region"], "execute-api")
    headers = {"x-amz-date": old.strftime("%Y%m%dT%H%M%SZ")}
    reply = requests.get(f"{sandbox['httpApi']}/jobs/7", auth=auth, headers=headers, timeout=30)
    assert reply.status_code == 403


def test_repeated_query_names_are_joined_by_comma(event_of: Callable[..., dict[str, Any]]) -> None:
    event = event_of("GET", "/any/where?x=1&x=2&y=")
    assert event["rawPath"] == "/any/where"
    assert event["rawQueryString"] == "x=1&x=2&y="
    assert event["queryStringParameters"] == {"x": "1,2", "y": ""}


def test_a_text_body_comes_as_it_is_and_a_binary_one_in_base64(event_of: Callable[..., dict[str, Any]]) -> None:
    text = event_of("POST", "/any", json={"a": 1})
    assert (text["body"], text["isBase64Encoded"]) == ('{"a": 1}', False)
    binary = event_of("POST", "/any", data=b"\xff\x00", headers={"Content-Type": "application/octet-stream"})
    assert (binary["body"], binary["isBase64Encoded"]) == ("/wA=", True)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
def test_a_method_without_a_route_is_not_found(sandbox: dict[str, Any], method: str) -> None:
    assert requests.request(method, f"{sandbox['httpApi']}/", timeout=30).status_code == 404
