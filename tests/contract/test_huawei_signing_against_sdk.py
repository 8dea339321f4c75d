"""Our signature against that of the provider's own SDK, header by header over hundreds of requests.

Where the two differ, it is for the SDK's reasons; each case is told by a test of its own below:
- it decodes a path as a whole, so that a slash within a name is signed as one between names;
- it decodes a path as text, so that bytes which are none are signed as a replacement character;
- it sorts query pairs before it encodes them, where the algorithm sorts what is encoded;
- it leaves bodies that are not JSON unsigned, and says so in a header of their own.
None of them meets a request of ours: names with slashes are rejected, all are text, our queries have plain names, and
our bodies are JSON.
"""

import calendar
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st

from farsync.signing.huawei import HuaweiKeys, sign

HOST = "dayu-dlf.cn-north-4.myhuaweicloud.com"
DATE = "20260115T080000Z"
NOW_SECONDS = calendar.timegm(time.strptime(DATE, "%Y%m%dT%H%M%SZ"))
JSON_TYPE = {"Content-Type": "application/json"}

Query = list[tuple[str, str]]

keys_as_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = texts.filter(lambda text: "/" not in text)
plain_names = st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True)
headers = st.dictionaries(
    st.sampled_from(["workspace", "X-Project-Id", "X-Language", "X-Domain-Id", "x-odd_one", "User-Agent"]),
    texts.filter(str.isprintable),
)


def sdk_headers(
    method: str, path: str, query: Query, sent: dict[str, str], body: bytes, keys: HuaweiKeys
) -> dict[str, str]:
    """Headers by lower-case name, as the SDK would send them."""
    token = {"X-Security-Token": keys.security_token} if keys.security_token else {}
    request = SdkRequest(
        method=method,
        schema="https",
        host=HOST,
        resource_path=path,
        query_params=list(query),
        header_params={**sent, **token, "X-Sdk-Date": DATE},
        body=body,
    )
    signed: dict[str, str] = Signer(BasicCredentials(keys.access_key, keys.secret_key, "p")).sign(request).header_params
    return {name.lower(): value for name, value in signed.items()}


def our_headers(
    method: str, path: str, query: Query, sent: dict[str, str], body: bytes, keys: HuaweiKeys
) -> dict[str, str]:
    url = f"https://{HOST}{path}" + (f"?{urlencode(query, quote_via=quote, safe='')}" if query else "")
    added = sign(method, url, sent, body, keys, NOW_SECONDS)
    # The SDK trims values, and hands them to its HTTP library as the bytes of UTF-8.
    unchanged = {name: value.strip().encode().decode("latin-1") for name, value in sent.items()}
    return {name.lower(): value for name, value in {**unchanged, **added}.items()}


def encoded_path(segments: list[str]) -> str:
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


@settings(max_examples=300)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    segments=st.lists(names, max_size=6),
    query=st.lists(st.tuples(plain_names, texts), max_size=6, unique_by=lambda pair: pair[0]),
    sent=headers.map(lambda some: {**JSON_TYPE, **some}),
    body=st.one_of(st.just(b""), st.binary(max_size=80)),
    keys=st.builds(HuaweiKeys, keys_as_text, keys_as_text, st.none() | keys_as_text),
)
def test_the_sdk_signs_the_same_request_with_the_same_headers(
    method: str, segments: list[str], query: Query, sent: dict[str, str], body: bytes, keys: HuaweiKeys
) -> None:
    path = encoded_path(segments)

    assert our_headers(method, path, query, sent, body, keys) == sdk_headers(method, path, query, sent, body, keys)


def signatures(path: str, query: Query, sent: dict[str, str], body: bytes = b"") -> tuple[str, str]:
    keys = HuaweiKeys("access", "secret")
    ours = our_headers("POST", path, query, sent, body, keys)
    theirs = sdk_headers("POST", path, query, sent, body, keys)
    return ours["authorization"], theirs["authorization"]


def test_the_sdk_takes_a_slash_within_a_name_for_one_between_names() -> None:
    within, of_the_sdk = signatures("/v1/p/jobs/a%2Fb", [], JSON_TYPE)
    between, _ = signatures("/v1/p/jobs/a/b", [], JSON_TYPE)

    assert within != of_the_sdk
    assert between == of_the_sdk


def test_the_sdk_reads_bytes_that_are_no_text_as_a_replacement_character() -> None:
    as_sent, of_the_sdk = signatures("/v1/p/jobs/%FF", [], JSON_TYPE)
    replaced, _ = signatures("/v1/p/jobs/%EF%BF%BD", [], JSON_TYPE)

    assert as_sent != of_the_sdk
    assert replaced == of_the_sdk


@pytest.mark.parametrize("query", [[("z", "1"), ("é", "1")], [("a", "z"), ("a", "é")]])
def test_the_sdk_sorts_before_it_encodes(query: Query) -> None:
    ours, of_the_sdk = signatures("/v1", query, JSON_TYPE)

    assert ours != of_the_sdk


def test_the_sdk_leaves_a_body_that_is_no_json_unsigned() -> None:
    sent: dict[str, Any] = {"Content-Type": "text/plain"}
    ours, of_the_sdk = signatures("/v1", [], dict(sent), b"text")

    assert ours != of_the_sdk
    assert "x-sdk-content-sha256" in of_the_sdk
