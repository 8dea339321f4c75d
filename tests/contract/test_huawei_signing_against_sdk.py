"""Our signature against that of the provider's own SDK, header by header over three thousand requests.

Requests on which the two differ are left out, each for the SDK's reason:
- it decodes a path as a whole, so that a slash within a name is signed as one between names;
- it decodes a path as text, so that bytes which are none are signed as a replacement character;
- it sorts query pairs before it encodes them, where the algorithm sorts what is encoded;
- it leaves bodies that are not JSON unsigned, and says so in a header of their own.
None of them meets a request of ours: names with slashes are rejected, all are text, our queries have plain names, and
our bodies are JSON.
"""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from farsync.signing.huawei import HuaweiKeys, sign
from tests.support.random_requests import REQUESTS, RandomRequest, random_request, random_text

HOST = "dayu-dlf.cn-north-4.myhuaweicloud.com"
HEADERS = ("workspace", "X-Project-Id", "X-Language", "X-Domain-Id", "x-odd_one", "User-Agent")


def test_the_sdk_signs_the_same_requests_with_the_same_headers() -> None:
    source = random.Random(13)
    for number in range(REQUESTS):
        request = random_request(source)
        values = {name: random_text(source) for name in source.sample(HEADERS, source.randrange(len(HEADERS)))}
        sent = {"Content-Type": "application/json"}
        sent |= {name: value for name, value in values.items() if value.isprintable()}
        token = source.choice((None, request.access_key))
        assert by_us(request, sent, token) == by_the_sdk(request, sent, token), (number, request, sent)


def by_us(request: RandomRequest, sent: Mapping[str, str], token: str | None) -> dict[str, str]:
    url = f"https://{HOST}{request.encoded_path}"
    url += f"?{urlencode(request.query, quote_via=quote, safe='')}" if request.query else ""
    keys = HuaweiKeys(request.access_key, request.secret_key, token)
    # The SDK trims values, and hands them to its HTTP library as the bytes of UTF-8.
    unchanged = {name: value.strip().encode().decode("latin-1") for name, value in sent.items()}
    added = sign(request.method, url, sent, request.body, keys, request.now_seconds)
    return by_lower_case({**unchanged, **added})


def by_the_sdk(request: RandomRequest, sent: Mapping[str, str], token: str | None) -> dict[str, str]:
    date = datetime.fromtimestamp(request.now_seconds, UTC).strftime("%Y%m%dT%H%M%SZ")
    asked = SdkRequest(
        method=request.method,
        schema="https",
        host=HOST,
        resource_path=request.encoded_path,
        query_params=list(request.query),
        header_params={**sent, **({"X-Security-Token": token} if token else {}), "X-Sdk-Date": date},
        body=request.body,
    )
    signer = Signer(BasicCredentials(request.access_key, request.secret_key, "p"))
    return by_lower_case(signer.sign(asked).header_params)


def by_lower_case(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
