"""A client of DataArts Factory in a few lines."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from sandbox.huawei_dataarts.signature import expected_signature
from sandbox.main_job.provider_client import ProviderClient, ProviderRejected
from sandbox.provider_service.http_messages import Request


class DataArtsRejected(ProviderRejected):
    """The text holds the Factory's code."""


class Signature(AuthBase):
    """`clock` gives epoch seconds."""

    def __init__(self, access_key: str, secret_key: str, clock: Callable[[], float]) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._clock = clock

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        headers = {
            "host": urlsplit(request.url or "").netloc,
            "x-sdk-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock())),
        }
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        signed = Request(str(request.method), request.path_url, headers, body)
        signature = expected_signature(signed, tuple(headers), self._secret_key)
        request.headers["X-Sdk-Date"] = headers["x-sdk-date"]
        request.headers["Authorization"] = (
            f"SDK-HMAC-SHA256 Access={self._access_key}, SignedHeaders={';'.join(headers)}, Signature={signature}"
        )
        return request


class DataArtsClient(ProviderClient):
    """`huawei` is that part of the sandbox's description. Paths begin after the project id."""

    rejected = DataArtsRejected

    def __init__(self, huawei: Mapping[str, str], clock: Callable[[], float]) -> None:
        signature = Signature(huawei["accessKey"], huawei["secretKey"], clock)
        super().__init__(f"{huawei['endpoint']}/v1/{huawei['projectId']}", signature)
        self._session.headers["workspace"] = huawei["workspace"]
