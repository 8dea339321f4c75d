"""The object storage of a connection's provider, in which logs of executions stand."""

import ipaddress
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from farsync.signing.object_storage import StorageKeys


class ObjectStorage(NamedTuple):
    """Where it is, and with which keys it is read."""

    endpoint: str
    keys: StorageKeys
    is_bucket_in_host: bool = False
    """OBS wants it there: https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0007.html"""

    def url_of(self, bucket: str, key: str) -> str:
        """A machine that is called by its number or as `localhost` has no name below which a bucket could stand."""
        parts = urlsplit(self.endpoint)
        encoded = quote(key, safe="/-_.~")
        if self.is_bucket_in_host and not _is_a_machine(parts.hostname or ""):
            return f"{parts.scheme}://{bucket}.{parts.netloc}{parts.path}/{encoded}"
        return f"{self.endpoint}/{quote(bucket, safe='-_.~')}/{encoded}"


def _is_a_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host) is not None
    except ValueError:
        return False
