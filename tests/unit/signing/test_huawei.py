"""The signature of Huawei Cloud, against published vectors and against the page's recipe written down a second time."""

import calendar
import hashlib
import hmac
import io
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from farsync.signing.huawei import HuaweiAuth, HuaweiKeys, sign

FIXTURES = Path(__file__).parents[2] / "fixtures" / "huawei"
VECTORS = json.loads((FIXTURES / "signature_vectors.json").read_text())
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
KEYS = HuaweiKeys("access", "secret")
NOW = 1768464000.0
SCOPE = {"Content-Type": "application/json", "workspace": "d1cd7861478748a6925bc02f47c69279"}

texts = st.text(st.characters(codec="utf-8"), max_size=20)
segments = st.lists(texts, max_size=5)
queries = st.lists(st.tuples(texts.filter(bool), texts), max_size=5)
header_names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,15}", fullmatch=True).filter(
    lambda name: name.lower() not in ("host", "x-sdk-date", "x-security-token")
)
header_texts = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
unique_headers = st.lists(st.tuples(header_names, header_texts), max_size=5, unique_by=lambda header: header[0].lower())


def recipe(method: str, url: str, sent: dict[str, str], body: bytes, keys: HuaweiKeys) -> str:
    """The Authorization header, from what a gateway sees."""
    parts = urlsplit(url)
    seen = {name.lower(): value.strip() for name, value in sent.items() if name.lower() != "authorization"}
    path = (
        "".join(f"{quote(unquote(segment), safe='-_.~')}/" for segment in parts.path.split("/")) if parts.path else "/"
    )
    if parts.path.endswith("/"):
        path = path[:-1]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = sorted([quote(name, safe="-_.~"), quote(value, safe="-_.~")] for name, value in pairs)
    lines = [method, path, "&".join("=".join(pair) for pair in query)]
    lines += [f"{name}:{seen[name]}" for name in sorted(seen)]
    lines += ["", ";".join(sorted(seen)), hashlib.sha256(body).hexdigest()]
    request_hash = hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
    message = "\n".join(["SDK-HMAC-SHA256", seen["x-sdk-date"], request_hash])
    signature = hmac.new(keys.secret_key.encode(), message.encode(), hashlib.sha256).hexdigest()
    return f"SDK-HMAC-SHA256 Access={keys.access_key}, SignedHeaders={lines[-2]}, Signature={signature}"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_known_request_gets_its_known_signature(vector: dict[str, Any]) -> None:
    keys = HuaweiKeys(vector["accessKey"], vector["secretKey"], vector.get("securityToken"))
    now_seconds = calendar.timegm(time.strptime(vector["date"], DATE_FORMAT))

    added = sign(vector["method"], vector["url"], vector["headers"], vector["body"].encode(), keys, now_seconds)

    token = {"x-security-token": keys.security_token} if keys.security_token else {}
    assert added == {
        "host": urlsplit(vector["url"]).netloc,
        "x-sdk-date": vector["date"],
        **token,
        "Authorization": (
            f"SDK-HMAC-SHA256 Access={vector['accessKey']}, SignedHeaders={vector['signedHeaders']}, "
            f"Signature={vector['signature']}"
        ),
    }


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    segments=segments,
    query=queries,
    headers=unique_headers,
    body=st.binary(max_size=50),
    now_seconds=st.integers(0, 2**32),
)
def test_any_request_is_signed_as_described(
    method: str,
    segments: list[str],
    query: list[tuple[str, str]],
    headers: list[tuple[str, str]],
    body: bytes,
    now_seconds: int,
) -> None:
    url = "https://dayu-dlf.test" + "".join(f"/{quote(segment, safe='')}" for segment in segments)
    if query:
        url += "?" + "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)

    added = sign(method, url, dict(headers), body, KEYS, now_seconds)

    assert added["Authorization"] == recipe(method, url, {**dict(headers), **added}, body, KEYS)


@given(query=queries, segments=segments)
def test_a_prepared_request_is_signed_with_what_it_will_send(query: list[tuple[str, str]], segments: list[str]) -> None:
    url = "https://dayu-dlf.test/" + "/".join(quote(segment, safe="") for segment in segments)
    request = requests.Request("GET", url, params=query, auth=HuaweiAuth(KEYS, lambda: NOW, SCOPE)).prepare()

    signed = ("content-type", "workspace", "host", "x-sdk-date")
    sent = {name: request.headers[name] for name in signed}
    assert request.headers["Authorization"] == recipe("GET", request.url or "", sent, b"", KEYS)


@pytest.mark.parametrize("query", ["a=1&a-b=2", "a-b=2&a=1", "b&a=", "a=1=2", "a=1&&b=2", "%7e=%2a&A=%41", "x+y=a+b"])
def test_a_query_of_any_make_is_brought_into_one_form(query: str) -> None:
    url = f"https://dayu-dlf.test/v1?{query}"
    added = sign("GET", url, {}, b"", KEYS, NOW)
    assert added["Authorization"] == recipe("GET", url, added, b"", KEYS)


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b'{"a": 1}', b'{"a": 1}'),
        ('{"a": "\u4f5c"}', '{"a": "\u4f5c"}'.encode()),
        (io.BytesIO(b'{"a": 1}'), b'{"a": 1}'),
        (None, b""),
    ],
    ids=["bytes", "text", "file", "nothing"],
)
def test_the_body_is_signed_and_still_there_to_be_sent(data: bytes | str | io.BytesIO | None, body: bytes) -> None:
    auth = HuaweiAuth(KEYS, lambda: NOW, SCOPE)
    request = requests.Request("POST", "https://dayu-dlf.test/a", data=data, auth=auth).prepare()
    sent = {**SCOPE, "host": "dayu-dlf.test", "x-sdk-date": "20260115T080000Z"}
    assert request.headers["Authorization"] == recipe("POST", "https://dayu-dlf.test/a", sent, body, KEYS)
    assert not isinstance(data, io.BytesIO) or data.read() == body


def test_a_body_that_can_be_read_only_once_is_rejected_and_not_signed_as_empty() -> None:
    request = requests.Request("POST", "https://dayu-dlf.test/a", data=iter([b"a"]))
    request.auth = HuaweiAuth(KEYS, lambda: NOW, {})
    with pytest.raises(TypeError, match="type list_iterator cannot be signed"):
        request.prepare()


def test_headers_that_the_http_library_writes_are_not_signed_since_a_proxy_may_rewrite_them() -> None:
    request = requests.Request("GET", "https://dayu-dlf.test/a", auth=HuaweiAuth(KEYS, lambda: NOW, SCOPE))
    prepared = requests.Session().prepare_request(request)
    assert "Accept-Encoding" in prepared.headers
    assert "SignedHeaders=content-type;host;workspace;x-sdk-date," in prepared.headers["Authorization"]


def test_a_header_with_an_underscore_which_gateways_drop_is_not_signed() -> None:
    added = sign("GET", "https://dayu-dlf.test/a", {"X_Odd": "1"}, b"", KEYS, NOW)
    assert "SignedHeaders=host;x-sdk-date," in added["Authorization"]
