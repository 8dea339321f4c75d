"""NAVER Cloud's `x-ncp-apigw-signature-v2`.

The provider's description: https://api.ncloud-docs.com/docs/en/analytics-dataflow. Its remark that the
signature "encrypts the request information" misleads: neither the body nor any other header is signed.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from requests import PreparedRequest

from farsync.signing.dated import DatedAuth


class NaverKeys(NamedTuple):
    """A pair of API keys, of a main or a sub account. Both are used as text; neither is Base64."""

    access_key: str
    secret_key: str

    def __repr__(self) -> str:
        """Without what must stay secret."""
        return f"NaverKeys(access_key={self.access_key!r})"


def sign(method: str, request_target: str, keys: NaverKeys, now_milliseconds: int) -> dict[str, str]:
    """Return the three headers that sign a request.

    `request_target` is what stands on the request line: the path from the first slash after the host, with
    its query if there is one, percent-encoded exactly as sent. `now_milliseconds` counts from the Unix
    epoch; the gateway rejects a signature five minutes away from its own clock.
    """
    timestamp = str(now_milliseconds)
    message = f"{method.upper()} {request_target}\n{timestamp}\n{keys.access_key}"
    digest = hmac.new(keys.secret_key.encode(), message.encode(), sha256).digest()
    return {
        "x-ncp-apigw-timestamp": timestamp,
        "x-ncp-iam-access-key": keys.access_key,
        "x-ncp-apigw-signature-v2": b64encode(digest).decode("ascii"),
    }


class NaverAuth(DatedAuth):
    """Signs a prepared request in place; applied again, it signs again with the time of then.

    `clock` returns seconds since the Unix epoch. It is read once per signature: a header that gives another
    millisecond than the one signed is rejected.
    """

    allowed_skew_seconds = 300

    def __init__(self, keys: NaverKeys, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self._keys = keys

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        now_milliseconds = int(self._date() * 1000)
        request.headers.update(sign(request.method or "GET", request.path_url, self._keys, now_milliseconds))
        return request
