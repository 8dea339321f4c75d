"""AWS Signature Version 4 for a GET from an object storage that speaks the S3 protocol, as both clouds' do.

https://api.ncloud-docs.com/docs/en/api-call-std-auth and https://support.huaweicloud.com/intl/zh-cn/obs_faq/obs_faq_0274.html,
which takes a body unsigned only. The signer of our calls to AWS always signs it.
"""

import hmac
import time
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from requests import PreparedRequest

from farsync.signing.dated import DatedAuth

UNSIGNED = "UNSIGNED-PAYLOAD"


class StorageKeys(NamedTuple):
    """The keys of a connection, and the region in whose name they sign."""

    access_key: str
    secret_key: str
    region: str
    security_token: str | None = None

    def __repr__(self) -> str:
        """Without what must stay secret."""
        return f"StorageKeys(access_key={self.access_key!r}, region={self.region!r})"


def sign(host: str, path: str, keys: StorageKeys, now_seconds: float) -> dict[str, str]:
    """The headers that sign a GET without a query; `path` is percent-encoded as sent."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_seconds))
    token = {} if keys.security_token is None else {"x-amz-security-token": keys.security_token}
    signed = {"host": host, "x-amz-content-sha256": UNSIGNED, "x-amz-date": moment, **token}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = f"GET\n{path}\n\n{lines}\n{names}\n{UNSIGNED}"
    scope = f"{moment[:8]}/{keys.region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{keys.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), sha256).digest()
    signature = hmac.new(key, text.encode(), sha256).hexdigest()
    credential = f"Credential={keys.access_key}/{scope}"
    authorization = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"
    return {**{name: value for name, value in signed.items() if name != "host"}, "Authorization": authorization}


class StorageAuth(DatedAuth):
    """Signs a prepared request in place, for these bytes of an object."""

    allowed_skew_seconds = 900

    def __init__(self, keys: StorageKeys, clock: Callable[[], float], byte_range: str) -> None:
        super().__init__(clock)
        self._keys = keys
        self._byte_range = byte_range

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        host = urlsplit(request.url or "").netloc
        signed = sign(str(host), request.path_url, self._keys, self._date())
        # A compressed part could not be counted in bytes of the object.
        request.headers.update({**signed, "Range": self._byte_range, "Accept": "*/*", "Accept-Encoding": "identity"})
        return request
