"""The HTTP API on its socket: payload format 2.0 and IAM signatures."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests_aws4auth import AWS4Auth

Send = Callable[..., requests.Response]


@pytest.fixture
def send(sandbox: dict[str, Any]) -> Send:
    """To a route whose function answers with its event, signed as `wrong` says."""

    def send_signed(path: str = "/jobs/7", headers: dict[str, str] | None = None, **wrong: str) -> requests.Response:
        names = {"secret": "secretAccessKey", "region": "region"}
        right = {name: sandbox[key] for name, key in names.items()} | {"service": "execute-api"}
        signer = right | wrong
        auth = AWS4Auth(sandbox["accessKeyId"], signer["secret"], signer["region"], signer["service"])
        return requests.get(sandbox["httpApi"] + path, auth=auth, headers=headers, timeout=30)

    return send_signed


@pytest.mark.parametrize("path", ["/jobs/a%20b%2Bc%25d", "/jobs/7?b=2&a=1&a=0", "/jobs/7?a=x%20y%2Bz&%ED%95%9C=%2F&e"])
def test_the_signatures_of_amazons_own_signer_hold(sandbox: dict[str, Any], path: str) -> None:
    request = AWSRequest("GET", sandbox["httpApi"] + path)
    credentials = Credentials(sandbox["accessKeyId"], sandbox["secretAccessKey"])
    SigV4Auth(credentials, "execute-api", sandbox["region"]).add_auth(request)
    reply = requests.get(sandbox["httpApi"] + path, headers=dict(request.headers), timeout=30)
    assert reply.status_code == 200, reply.text


def test_a_body_that_was_changed_after_signing_is_forbidden(send: Send) -> None:
    signed = send()
    assert signed.status_code == 200
    changed = requests.get(signed.url, data="changed", headers=dict(signed.request.headers), timeout=30)
    assert changed.status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"secret": "wrong"}, {"region": "us-east-1"}, {"service": "states"}], ids=lambda wrong: next(iter(wrong))
)
def test_a_wrong_signature_is_forbidden(send: Send, wrong: dict[str, str]) -> None:
    reply = send(**wrong)
    assert (reply.status_code, reply.json()) == (403, {"message": "Forbidden"})


def test_a_signature_older_than_five_minutes_is_forbidden(send: Send) -> None:
    old = datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(minutes=6)
    assert send(headers={"x-amz-date": old.strftime("%Y%m%dT%H%M%SZ")}).status_code == 403


def test_repeated_query_names_are_joined_by_comma(send: Send) -> None:
    event = send("/any/where?x=1&x=2&y=").json()
    assert (event["rawPath"], event["rawQueryString"]) == ("/any/where", "x=1&x=2&y=")
    assert event["queryStringParameters"] == {"x": "1,2", "y": ""}


def test_a_text_body_comes_as_it_is_and_a_binary_one_in_base64(sandbox: dict[str, Any]) -> None:
    url = f"{sandbox['httpApi']}/any"
    text = requests.post(url, json={"a": 1}, timeout=30).json()
    assert (text["body"], text["isBase64Encoded"]) == ('{"a": 1}', False)
    octets = {"Content-Type": "application/octet-stream"}
    binary = requests.post(url, data=b"\xff\x00", headers=octets, timeout=30).json()
    assert (binary["body"], binary["isBase64Encoded"]) == ("/wA=", True)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
def test_a_method_without_a_route_is_not_found(sandbox: dict[str, Any], method: str) -> None:
    assert requests.request(method, f"{sandbox['httpApi']}/", timeout=30).status_code == 404
