"""Types of the fields that a connection's secret may hold."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr


def _check_endpoint(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    has_extras = "?" in endpoint or "#" in endpoint or "@" in parts.netloc or not endpoint.isprintable()
    if not is_allowed or not parts.hostname or has_extras or " " in endpoint or parts.port == 0:
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
    Field(description="give an https address (http on loopback only) without query, fragment or credentials"),
]
NamePattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=.@*-]+(/[A-Za-z0-9_+=.@*-]+)*$", max_length=400)]
"""Of names of secret parameters; `*` stands for any characters but '/'."""
