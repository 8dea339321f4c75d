"""A client of DataArts Factory in a few lines, signed as the provider's pages say.

https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

TIMEOUT_SECONDS = 10


class DataArtsRejected(Exception):
    """DataArts Factory answered with an error. The text holds its words."""


class Signature(AuthBase):
    """For paths and queries that need no encoding, in order. `clock` gives epoch seconds."""

    def __init__(self, access_key: str, secret_key: str, clock: Callable[[], float]) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._clock = clock

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock()))
        address = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        canonical_request = "\n".join(
            (
                str(request.method),
                f"{address.path}/",
                "&".join(sorted(address.query.split("&"))),
                f"host:{address.netloc}\nx-sdk-date:{date}\n",
                "host;x-sdk-date",
                hashlib.sha256(body).hexdigest(),
            )
        )
        digest = hashlib.sha256(canonical_request.encode()).hexdigest()
        text = f"SDK-HMAC-SHA256\n{date}\n{digest}"
        signature = hmac.new(self._secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
        request.headers["X-Sdk-Date"] = date
        request.headers["Authorization"] = (
            f"SDK-HMAC-SHA256 Access={self._access_key}, SignedHeaders=host;x-sdk-date, Signature={signature}"
        )
        return request


class DataArtsClient:
    """`huawei` is that part of the sandbox's description."""

    def __init__(self, huawei: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._root = f"{huawei['endpoint']}/v1/{huawei['projectId']}"
        self._session = requests.Session()
        self._session.auth = Signature(huawei["accessKey"], huawei["secretKey"], clock)
        self._session.headers["workspace"] = huawei["workspace"]

    def call(self, method: str, path: str, body: object = None) -> Any:
        """`path` begins after the project id. None where the reply has no body. Raises DataArtsRejected."""
        reply = self._session.request(method, f"{self._root}{path}", json=body, timeout=TIMEOUT_SECONDS)
        if not reply.ok:
            raise DataArtsRejected(f"{method} {path} was answered with {reply.status_code}: {reply.text[:300]}")
        return reply.json() if reply.content else None
