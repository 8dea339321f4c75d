"""SDK-HMAC-SHA256, read back from the wire.

https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
"""

import hashlib
import hmac
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from sandbox.provider_service.http_messages import Request

DATE_HEADER = "x-sdk-date"
AUTHORIZATION = re.compile(
    r"SDK-HMAC-SHA256 Access=(?P<access_key>[^,\s]+), ?"
    r"SignedHeaders=(?P<headers>[^,\s]+), ?Signature=(?P<signature>\S+)"
)


class Authorization(NamedTuple):
    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def read_authorization(value: str) -> Authorization | None:
    """None when the header is not of this scheme, or its list of headers is not sorted and in lower case."""
    match = AUTHORIZATION.fullmatch(value.strip())
    if match is None:
        return None
    names = tuple(match["headers"].split(";"))
    if list(names) != sorted(name.lower() for name in names):
        return None
    return Authorization(match["access_key"], names, match["signature"])


def expected_signature(request: Request, signed_headers: tuple[str, ...], secret_key: str) -> str:
    """Raises `KeyError` for a signed header that the request does not have."""
    digest = hashlib.sha256(canonical_request(request, signed_headers).encode()).hexdigest()
    string_to_sign = f"SDK-HMAC-SHA256\n{request.headers[DATE_HEADER]}\n{digest}"
    return hmac.new(secret_key.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()


def canonical_request(request: Request, signed_headers: tuple[str, ...]) -> str:
    path, _, query = request.target.partition("?")
    header_lines = "".join(f"{name}:{_header_text(request, name).strip()}\n" for name in signed_headers)
    parts = (
        request.method,
        _canonical_path(path),
        _canonical_query(query),
        header_lines,
        ";".join(signed_headers),
        hashlib.sha256(request.body).hexdigest(),
    )
    return "\n".join(parts)


def _header_text(request: Request, name: str) -> str:
    """The standard library's server reads header bytes as Latin-1; the signer meant UTF-8."""
    return request.headers[name].encode("latin-1").decode("utf-8", "replace")


def _canonical_path(path: str) -> str:
    """Every segment decoded and encoded again; a slash at the end, which the request itself does not have."""
    encoded = "/".join(_encoded(unquote(segment)) for segment in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
