"""Huawei Cloud's `SDK-HMAC-SHA256`.

The provider's description: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
"""

import hmac
import io
import re
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from requests import PreparedRequest

from farsync.signing.dated import DatedAuth

ALGORITHM = "SDK-HMAC-SHA256"
EMPTY_BODY_SHA256 = sha256(b"").hexdigest()
# What is in its canonical form already, as nearly every request is.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_PLAIN_QUERY = re.compile(r"(?:[A-Za-z0-9._~-]+=[A-Za-z0-9._~-]*(?:&[A-Za-z0-9._~-]+=[A-Za-z0-9._~-]*)*)?")


class HuaweiKeys(NamedTuple):
    """Access key and secret key; temporary ones come with a security token."""

    access_key: str
    secret_key: str
    security_token: str | None = None

    def __repr__(self) -> str:
        """Without what must stay secret."""
        return f"HuaweiKeys(access_key={self.access_key!r})"


def sign(
    method: str, url: str, headers: Mapping[str, str], body: bytes, keys: HuaweiKeys, now_seconds: float
) -> dict[str, str]:
    """Return the headers that sign a request: Host, X-Sdk-Date, Authorization and, if any, X-Security-Token.

    `url` is the whole address, percent-encoded as sent; all of `headers` are signed, so they must arrive as they
    are. `now_seconds` counts from the Unix epoch; the gateway rejects a date fifteen minutes away from its own clock.
    """
    parts = urlsplit(url)
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_seconds))
    added = {"host": parts.netloc, "x-sdk-date": date}
    if keys.security_token is not None:
        added["x-security-token"] = keys.security_token
    # Gateways drop headers with an underscore in their names; the provider's own SDK does not sign them either.
    signed = {name.lower(): value.strip() for name, value in headers.items() if "_" not in name}
    signed.update(added)
    names = sorted(signed)
    signed_headers = ";".join(names)
    canonical_headers = "\n".join([f"{name}:{signed[name]}" for name in names])
    body_sha256 = sha256(body).hexdigest() if body else EMPTY_BODY_SHA256
    canonical_request = (
        f"{method.upper()}\n{_canonical_path(parts.path)}\n{_canonical_query(parts.query)}\n"
        f"{canonical_headers}\n\n{signed_headers}\n{body_sha256}"
    )
    string_to_sign = f"{ALGORITHM}\n{date}\n{sha256(canonical_request.encode()).hexdigest()}"
    # No key is derived: the secret key itself signs, for every service and region.
    signature = hmac.new(keys.secret_key.encode(), string_to_sign.encode(), sha256).hexdigest()
    added["Authorization"] = (
        f"{ALGORITHM} Access={keys.access_key}, SignedHeaders={signed_headers}, Signature={signature}"
    )
    return added


def _canonical_path(path: str) -> str:
    """Each segment encoded anew, and a slash at the end, which the request itself does not have."""
    if not _PLAIN_PATH.fullmatch(path):
        path = "/".join([_encode_anew(segment) for segment in path.split("/")])
    return path if path.endswith("/") else f"{path}/"


def _canonical_query(query: str) -> str:
    """Names and values encoded anew, then sorted by name and value."""
    if not query:
        return ""
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    if not _PLAIN_QUERY.fullmatch(query):
        # In a query a plus sign stands for a blank.
        pairs = [
            (_encode_anew(name.replace("+", " ")), "=", _encode_anew(value.replace("+", " ")))
            for name, _, value in pairs
        ]
    return "&".join(["".join(pair) for pair in sorted(pairs)])


def _encode_anew(encoded: str) -> str:
    return quote(unquote_to_bytes(encoded), safe="")


class HuaweiAuth(DatedAuth):
    """Signs a prepared request in place; applied again, it signs again with the time of then.

    `headers` go with every request and are signed: project, workspace, content type. What the HTTP library writes
    (Accept-Encoding, Connection, ...) is not signed, since a proxy may rewrite it. `clock` returns seconds since the
    Unix epoch.
    """

    allowed_skew_seconds = 900

    def __init__(self, keys: HuaweiKeys, clock: Callable[[], float], headers: Mapping[str, str]) -> None:
        super().__init__(clock)
        self._keys = keys
        self._headers = dict(headers)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update(self._headers)
        request.headers.update(
            sign(
                request.method or "GET",
                request.url or "",
                self._headers,
                _body_bytes(request.body),
                self._keys,
                self._date(),
            )
        )
        return request


def _body_bytes(body: object) -> bytes:
    """The whole body, which signing must not consume."""
    if body is None:
        return b""
    if isinstance(body, io.BytesIO):
        return body.getvalue()
    if isinstance(body, str | bytes):
        return body.encode() if isinstance(body, str) else body
    raise TypeError(f"a body of type {type(body).__name__} cannot be signed")
