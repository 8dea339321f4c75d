"""Checks AWS Signature Version 4 on a request to the HTTP API.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import datetime
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

from sandbox.aws.http_server import HttpRequest

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request,\s*"
    r"SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})"
)
_ALLOWED_SKEW = datetime.timedelta(minutes=5)


def signing_access_key(
    request: HttpRequest, secrets: Mapping[str, str], region: str, now: datetime.datetime
) -> str | None:
    """The access key that signed the request for execute-api, None where the signature does not hold."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not match:
        return None
    access_key, day, signed_region, service, signed_headers, signature = match.groups()
    timestamp = request.headers.get("x-amz-date", "")
    is_right_scope = (signed_region, service) == (region, "execute-api")
    if access_key not in secrets or not is_right_scope or not _is_fresh(timestamp, day, now):
        return None
    if "host" not in signed_headers.split(";"):
        return None
    scope = f"{day}/{region}/{service}/aws4_request"
    canonical = _canonical_request(request, signed_headers)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{secrets[access_key]}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    expected = hmac.digest(key, f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}".encode(), "sha256").hex()
    return access_key if hmac.compare_digest(expected, signature) else None


def _is_fresh(timestamp: str, day: str, now: datetime.datetime) -> bool:
    try:
        signed_at = datetime.datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        return False
    return timestamp.startswith(day) and abs(now - signed_at) <= _ALLOWED_SKEW


def _canonical_request(request: HttpRequest, signed_headers: str) -> str:
    pairs = parse_qsl(request.query, keep_blank_values=True)
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    headers = (f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed_headers.split(";"))
    return "\n".join(
        [
            request.method,
            # Every service but S3 signs the path encoded once more than it is sent.
            quote(request.path, safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in encoded),
            "".join(headers),
            signed_headers,
            # Of what came, whatever x-amz-content-sha256 says of it.
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
