"""Types of the fields that a connection's secret may hold."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

_NAME = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_ENDPOINT = re.compile(
    rf"https?://({_NAME}(\.{_NAME})*\.?|\[[0-9a-f:.]+\])(:[0-9]{{1,5}})?(/[a-z0-9_~-][a-z0-9._~-]*)*/?",
    re.IGNORECASE | re.ASCII,
)
"""Nothing that two readers of addresses could read in two ways. Without re.ASCII `\u0130` counts as an i."""
LONGEST_ENDPOINT = 255


def _check_endpoint(endpoint: str) -> str:
    """In which network it stands, `http_client.networks` checks once it is called."""
    if not _ENDPOINT.fullmatch(endpoint) or len(endpoint) > LONGEST_ENDPOINT:
        raise ValueError("not an endpoint")
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if ":" in host:
        ipaddress.IPv6Address(host)
    is_allowed = parts.scheme == "https" or _is_loopback(host)
    if not is_allowed or parts.port == 0:
        raise ValueError("not an endpoint")
    return endpoint.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_key(key: SecretStr) -> SecretStr:
    """Keys travel in a header and a signature: anything but visible ASCII was not copied well."""
    if not re.fullmatch(r"[!-~]+", key.get_secret_value()):
        raise ValueError("not a key")
    return key


Key = Annotated[SecretStr, AfterValidator(_check_key)]
Endpoint = Annotated[
    str,
    AfterValidator(_check_endpoint),
    Field(description="give an https address: a host, a port and a path if need be, and nothing else"),
]
NamePattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=.@*-]+(/[A-Za-z0-9_+=.@*-]+)*$", max_length=400)]
"""Of names of secret parameters; `*` stands for any characters but '/'."""
