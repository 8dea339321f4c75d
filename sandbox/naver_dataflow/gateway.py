"""What the API gateway checks before Data Flow sees a request: headers, clock, access key, signature.

https://api.ncloud-docs.com/docs/en/analytics-dataflow
"""

import base64
import hashlib
import hmac
import re

from sandbox.naver_dataflow.rejections import unauthenticated
from sandbox.provider_service.http_messages import Request
from sandbox.provider_service.keys import Keys

CLOCK_WINDOW_MILLISECONDS = 300_000
TIMESTAMP_HEADER = "x-ncp-apigw-timestamp"
ACCESS_KEY_HEADER = "x-ncp-iam-access-key"
SIGNATURE_HEADER = "x-ncp-apigw-signature-v2"

MISSING = "Authentication information are missing."
INVALID = "Invalid authentication information."


def check_signature(request: Request, keys: Keys, now_milliseconds: int) -> None:
    """Raises `GatewayRejection` (401) unless the request is signed with the keys, by a clock near ours."""
    timestamp = request.headers.get(TIMESTAMP_HEADER)
    access_key = request.headers.get(ACCESS_KEY_HEADER)
    signature = request.headers.get(SIGNATURE_HEADER)
    if not timestamp or not access_key or not signature:
        raise unauthenticated(MISSING)
    # No wording for an old timestamp is known; the gateway's general one stands in.
    if not re.fullmatch(r"[0-9]{1,16}", timestamp):
        raise unauthenticated(INVALID)
    if abs(int(timestamp) - now_milliseconds) > CLOCK_WINDOW_MILLISECONDS:
        raise unauthenticated(INVALID)
    if access_key != keys.access_key:
        raise unauthenticated(INVALID)
    expected = expected_signature(request.method, request.target, timestamp, keys)
    if not hmac.compare_digest(signature.encode("latin-1", "replace"), expected):
        raise unauthenticated(INVALID)


def expected_signature(method: str, target: str, timestamp: str, keys: Keys) -> bytes:
    """Method, the request target as sent, timestamp and access key are signed; the body is not."""
    message = f"{method} {target}\n{timestamp}\n{keys.access_key}".encode("latin-1")
    digest = hmac.new(keys.secret_key.encode(), message, hashlib.sha256).digest()
    return base64.b64encode(digest)
