"""A client of Data Flow in a few lines, signed as the provider's pages say.

https://api.ncloud-docs.com/docs/en/analytics-dataflow
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.auth import AuthBase

TIMEOUT_SECONDS = 10


class DataFlowRejected(Exception):
    """Data Flow answered with an error. The text holds its words."""


class Signature(AuthBase):
    """`clock` gives epoch seconds."""

    def __init__(self, access_key: str, secret_key: str, clock: Callable[[], float]) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._clock = clock

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        timestamp = str(int(self._clock() * 1000))
        message = f"{request.method} {request.path_url}\n{timestamp}\n{self._access_key}"
        digest = hmac.new(self._secret_key.encode(), message.encode(), hashlib.sha256).digest()
        request.headers["x-ncp-apigw-timestamp"] = timestamp
        request.headers["x-ncp-iam-access-key"] = self._access_key
        request.headers["x-ncp-apigw-signature-v2"] = base64.b64encode(digest).decode()
        return request


class DataFlowClient:
    """`naver` is that part of the sandbox's description."""

    def __init__(self, naver: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._root = f"{naver['endpoint']}/api/v1"
        self._session = requests.Session()
        self._session.auth = Signature(naver["accessKey"], naver["secretKey"], clock)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """`path` begins after `/api/v1`. Raises DataFlowRejected."""
        reply = self._session.request(method, f"{self._root}{path}", json=body, timeout=TIMEOUT_SECONDS)
        if not reply.ok:
            raise DataFlowRejected(f"{method} {path} was answered with {reply.status_code}: {reply.text[:300]}")
        return reply.json()
