"""The HTTP API: payload format 2.0, IAM signatures, and the gateway's own answers."""

import datetime
import json
import socket
from collections.abc import Callable
from pathlib import Path
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


def test_a_signed_request_reaches_the_function_and_says_who_signed(sandbox: dict[str, Any], signed: AWS4Auth) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/jobs/7?b=2&a=%ED%95%9C%20%2F", auth=signed, timeout=30)
    assert reply.status_code == 200, reply.text
    event = reply.json()
    assert event["version"] == "2.0"
    assert event["routeKey"] == "GET /jobs/{job}"
    assert event["pathParameters"] == {"job": "7"}
    assert event["queryStringParameters"] == {"b": "2", "a": "한 /"}
    assert event["requestContext"]["authorizer"]["iam"]["accessKey"] == sandbox["accessKeyId"]
    assert event["requestContext"]["http"]["method"] == "GET"


def test_a_path_with_other_characters_can_be_signed(sandbox: dict[str, Any], signed: AWS4Auth) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/jobs/%EC%9B%94%EB%A7%90", auth=signed, timeout=30)
    assert reply.status_code == 200, reply.text
    assert reply.json()["pathParameters"] == {"job": "월말"}


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


def test_a_request_without_signature_is_forbidden(sandbox: dict[str, Any]) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/jobs/7", timeout=30)
    assert (reply.status_code, reply.json()) == (403, {"message": "Forbidden"})


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


def test_cookies_come_as_a_list(event_of: Callable[..., dict[str, Any]]) -> None:
    event = event_of("GET", "/any", headers={"Cookie": "a=1; b=2"})
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_a_text_body_comes_as_it_is_and_a_binary_one_in_base64(event_of: Callable[..., dict[str, Any]]) -> None:
    text = event_of("POST", "/any", json={"a": 1})
    assert (text["body"], text["isBase64Encoded"]) == ('{"a": 1}', False)
    binary = event_of("POST", "/any", data=b"\xff\x00", headers={"Content-Type": "application/octet-stream"})
    assert (binary["body"], binary["isBase64Encoded"]) == ("/wA=", True)


def test_a_reply_with_status_headers_and_cookies_is_given_as_the_function_wants(sandbox: dict[str, Any]) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/cookies", timeout=30)
    assert (reply.status_code, reply.text, reply.headers["x-one"]) == (201, "made", "1")
    assert reply.cookies.get_dict() == {"a": "1", "b": "2"}


def test_an_error_of_the_function_is_an_internal_server_error(sandbox: dict[str, Any]) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/fails", timeout=30)
    assert (reply.status_code, reply.json()) == (500, {"message": "Internal Server Error"})


def test_a_function_that_the_template_lets_nobody_invoke_is_not_reached(sandbox: dict[str, Any], folder: Path) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/unpermitted", timeout=30)
    assert (reply.status_code, reply.json()) == (500, {"message": "Internal Server Error"})
    assert not (folder / "logs" / "UnpermittedFunction.log").exists()


def test_a_reply_and_the_event_carry_the_same_request_id(sandbox: dict[str, Any]) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/any", timeout=30)
    assert reply.headers["apigw-requestid"] == reply.json()["requestContext"]["requestId"]


def test_each_request_is_a_line_in_the_access_log(sandbox: dict[str, Any], folder: Path) -> None:
    reply = requests.get(f"{sandbox['httpApi']}/fails?key=value", timeout=30)
    lines = [json.loads(line) for line in (folder / "logs" / "http_api.log").read_text().splitlines()]
    assert {"id": reply.headers["apigw-requestid"], "route": "ANY /{rest+}", "status": "500"} in lines


def test_headers_that_are_sent_twice_are_joined(sandbox: dict[str, Any]) -> None:
    answer = sent_by_hand(sandbox, b"GET /any HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["headers"]["x-a"] == "1,2"


def test_a_body_in_chunks_comes_whole(sandbox: dict[str, Any], event_of: Callable[..., dict[str, Any]]) -> None:
    event = event_of("POST", "/any", data=iter([b'{"a":', b" 1}"]), headers={"Content-Type": "application/json"})
    assert event["body"] == '{"a": 1}'


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
def test_a_method_without_a_route_is_not_found(sandbox: dict[str, Any], method: str) -> None:
    assert requests.request(method, f"{sandbox['httpApi']}/", timeout=30).status_code == 404


def test_any_method_of_a_route_for_any_reaches_the_function(event_of: Callable[..., dict[str, Any]]) -> None:
    assert event_of("OPTIONS", "/any")["requestContext"]["http"]["method"] == "OPTIONS"


@pytest.mark.parametrize("header", ["Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked"])
def test_a_body_without_end_is_a_bad_request(sandbox: dict[str, Any], header: str) -> None:
    answer = sent_by_hand(sandbox, f"POST /any HTTP/1.1\r\nHost: h\r\n{header}\r\n\r\n-5\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")


def sent_by_hand(sandbox: dict[str, Any], text: bytes) -> bytes:
    port = int(sandbox["httpApi"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(text)
        with connection.makefile("rb") as answer:
            return answer.read()
