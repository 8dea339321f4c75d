"""The provider's object storage, over the same buckets: GET of an object by the S3 protocol, signed by Version 4.

https://api.ncloud-docs.com/docs/en/api-call-std-auth, https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0083.html
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected
from sandbox.provider_service.http_messages import Reply, Request
from sandbox.provider_service.keys import Keys

SCHEME = "AWS4-HMAC-SHA256"
_CLOCK_WINDOW_SECONDS = 900
_AUTHORIZATION = re.compile(
    rf"{SCHEME} Credential=(?P<access_key>[^/]+)/(?P<scope>\d{{8}}/[a-z0-9-]+/s3/aws4_request), ?"
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class ObjectStorage:
    def __init__(self, buckets: BucketFiles, keys: Keys, clock: Callable[[], float]) -> None:
        self._buckets = buckets
        self._keys = keys
        self._clock = clock

    def answer(self, request: Request) -> Reply:
        rejection = self._rejection(request)
        if rejection is not None:
            return rejection
        if request.method != "GET":
            return _error(405, "MethodNotAllowed")
        try:
            file = self._buckets.local_path(unquote(request.target.partition("?")[0]).lstrip("/"))
        except BucketPathRejected:
            return _error(404, "NoSuchKey")
        if not file.is_file():
            return _error(404, "NoSuchKey")
        return _part(file.read_bytes(), request.headers.get("range", ""))

    def _rejection(self, request: Request) -> Reply | None:
        signed = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if signed is None or signed["access_key"] != self._keys.access_key:
            return _error(403, "InvalidAccessKeyId")
        moment = request.headers.get("x-amz-date", "")
        try:
            signed_at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError:
            return _error(403, "AccessDenied")
        if abs(signed_at - self._clock()) > _CLOCK_WINDOW_SECONDS or not signed["scope"].startswith(moment[:8]):
            return _error(403, "RequestTimeTooSkewed")
        names = signed["names"].split(";")
        # Of the two ways in which a body may be signed, OBS takes but this one, and Object Storage both.
        is_whole = {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names) <= request.headers.keys()
        if not is_whole or request.headers["x-amz-content-sha256"] != "UNSIGNED-PAYLOAD":
            return _error(403, "SignatureDoesNotMatch")
        expected = self._signature(request, names, moment, signed["scope"])
        return None if hmac.compare_digest(expected, signed["signature"]) else _error(403, "SignatureDoesNotMatch")

    def _signature(self, request: Request, names: list[str], moment: str, scope: str) -> str:
        path, _, query = request.target.partition("?")
        headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
        parts = (request.method, path, query, headers, ";".join(names), request.headers["x-amz-content-sha256"])
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        key = f"AWS4{self._keys.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, f"{SCHEME}\n{moment}\n{scope}\n{digest}".encode(), hashlib.sha256).hexdigest()


def _part(content: bytes, asked: str) -> Reply:
    """What is no range from the beginning on is ignored, as RFC 9110 has it."""
    asked_range = _RANGE.fullmatch(asked)
    if asked_range is None:
        return Reply(200, content, "binary/octet-stream")
    first, last = int(asked_range[1]), int(asked_range[2] or len(content))
    if first >= len(content) or last < first:
        return _error(416, "InvalidRange")
    part = content[first : last + 1]
    headers = {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"}
    return Reply(206, part, "binary/octet-stream", headers)


def _error(status: int, code: str) -> Reply:
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'
    return Reply(status, text.encode(), "application/xml")
