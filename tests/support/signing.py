"""Requests signed as both providers want them, by the providers' pages and none of farsync's code.

https://api.ncloud-docs.com/docs/en/analytics-dataflow
https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase


def signer(description: Mapping[str, str]) -> AuthBase:
    """Of a provider as the sandbox describes it."""
    signs = HuaweiSigner if "projectId" in description else NaverSigner
    return signs(description["accessKey"], description["secretKey"])


class NaverSigner(AuthBase):
    def __init__(self, access_key: str, secret_key: str) -> None:
        self._access_key = access_key
        self._secret_key = secret_key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        timestamp = str(int(time.time() * 1000))
        message = f"{request.method} {request.path_url}\n{timestamp}\n{self._access_key}"
        digest = hmac.new(self._secret_key.encode(), message.encode(), hashlib.sha256).digest()
        request.headers["x-ncp-apigw-timestamp"] = timestamp
        request.headers["x-ncp-iam-access-key"] = self._access_key
        request.headers["x-ncp-apigw-signature-v2"] = base64.b64encode(digest).decode()
        return request


class HuaweiSigner(AuthBase):
    def __init__(self, access_key: str, secret_key: str) -> None:
        self._access_key = access_key
        self._secret_key = secret_key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        parts = urlsplit(str(request.url))
        date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        path = "/".join(_encoded(unquote(segment)) for segment in parts.path.split("/"))
        pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
        body = request.body or b""
        canonical = "\n".join(
            (
                str(request.method),
                path if path.endswith("/") else f"{path}/",
                "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs),
                f"host:{parts.netloc}\nx-sdk-date:{date}\n",
                "host;x-sdk-date",
                hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest(),
            )
        )
        text = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(self._secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
        request.headers["host"], request.headers["x-sdk-date"] = parts.netloc, date
        request.headers["Authorization"] = (
            f"SDK-HMAC-SHA256 Access={self._access_key}, SignedHeaders=host;x-sdk-date, Signature={signature}"
        )
        return request


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
