"""The signature of NAVER Cloud, against published vectors and against the page's recipe written down a second time."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from farsync.signing.naver import NaverAuth, NaverKeys, sign

FIXTURES = Path(__file__).parents[2] / "fixtures" / "naver"
VECTORS = json.loads((FIXTURES / "signature_vectors.json").read_text())
DECODED = json.loads((FIXTURES / "signature_of_decoded_target.json").read_text())
SIGNATURE = "x-ncp-apigw-signature-v2"
TIMESTAMP = "x-ncp-apigw-timestamp"

texts = st.text(st.characters(codec="utf-8"), max_size=30)
queries = st.lists(st.tuples(texts.filter(bool), texts), max_size=5)


def recipe(method: str, target: str, keys: NaverKeys, timestamp: str) -> str:
    lines = (method + " " + target, timestamp, keys.access_key)
    digest = hmac.new(keys.secret_key.encode("utf-8"), "\n".join(lines).encode("utf-8"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_known_request_gets_its_known_signature(vector: dict[str, str]) -> None:
    keys = NaverKeys(vector["accessKey"], vector["secretKey"])

    headers = sign(vector["method"], vector["target"], keys, int(vector["timestamp"]))

    assert headers == {
        TIMESTAMP: str(vector["timestamp"]),
        "x-ncp-iam-access-key": vector["accessKey"],
        SIGNATURE: vector["signature"],
    }


def test_the_encoded_target_is_signed_and_not_the_text_it_stands_for() -> None:
    keys = NaverKeys(DECODED["accessKey"], DECODED["secretKey"])

    decoded = sign(DECODED["method"], DECODED["decodedTarget"], keys, DECODED["timestamp"])
    encoded = sign(DECODED["method"], DECODED["encodedTarget"], keys, DECODED["timestamp"])

    assert decoded[SIGNATURE] == DECODED["wrongSignature"]
    assert encoded[SIGNATURE] != DECODED["wrongSignature"]


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    target=texts.map(lambda text: f"/{text}"),
    keys=st.builds(NaverKeys, texts, texts),
    now_milliseconds=st.integers(0, 2**53),
)
def test_any_request_is_signed_as_described(method: str, target: str, keys: NaverKeys, now_milliseconds: int) -> None:
    headers = sign(method, target, keys, now_milliseconds)

    assert headers[SIGNATURE] == recipe(method, target, keys, headers[TIMESTAMP])


@given(query=queries, segments=st.lists(texts, max_size=4))
def test_a_prepared_request_is_signed_as_it_is_sent(query: list[tuple[str, str]], segments: list[str]) -> None:
    keys = NaverKeys("access", "secret")
    url = "https://dataflow.test/" + "/".join(quote(segment, safe="") for segment in segments)
    request = requests.Request("GET", url, params=query, auth=NaverAuth(keys, lambda: 1742523174.0)).prepare()

    assert request.headers[SIGNATURE] == recipe("GET", request.path_url, keys, request.headers[TIMESTAMP])


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("get", None), ("POST", b'{"a": 1}'), ("DELETE", None)])
def test_the_method_is_signed_in_capitals_and_the_body_is_not(method: str, body: bytes | None) -> None:
    keys = NaverKeys("access", "secret")
    request = requests.Request(method, "https://dataflow.test/a", data=body).prepare()
    request.method = method
    NaverAuth(keys, lambda: 1742523174.0)(request)
    assert request.headers[SIGNATURE] == recipe(method.upper(), "/a", keys, "1742523174000")
