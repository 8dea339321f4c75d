"""A client of Data Flow in a few lines."""

from collections.abc import Callable, Mapping

import requests
from requests.auth import AuthBase

from sandbox.main_job.provider_client import ProviderClient
from sandbox.naver_dataflow.gateway import ACCESS_KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, expected_signature
from sandbox.provider_service.keys import Keys


class Signature(AuthBase):
    """`clock` gives epoch seconds."""

    def __init__(self, keys: Keys, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._clock = clock

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        timestamp = str(int(self._clock() * 1000))
        request.headers[TIMESTAMP_HEADER] = timestamp
        request.headers[ACCESS_KEY_HEADER] = self._keys.access_key
        signature = expected_signature(str(request.method), request.path_url, timestamp, self._keys)
        request.headers[SIGNATURE_HEADER] = signature.decode()
        return request


class DataFlowClient(ProviderClient):
    """`naver` is that part of the sandbox's description. Paths begin after `/api/v1`."""

    def __init__(self, naver: Mapping[str, str], clock: Callable[[], float]) -> None:
        signature = Signature(Keys(naver["accessKey"], naver["secretKey"]), clock)
        super().__init__(f"{naver['endpoint']}/api/v1", signature)
