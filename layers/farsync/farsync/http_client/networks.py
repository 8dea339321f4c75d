"""Where requests may go: the networks in which an endpoint may stand.

Who writes a connection's secret chooses where a function sends requests, and the function may stand in your network.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from farsync.model.errors import ConnectionInvalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Iterable[str]]

METADATA_OF_AWS = ipaddress.ip_network("fd00:ec2::/32")
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""An address of version 4 in its last 32 bits (RFC 6052)."""


class Networks(StrEnum):
    """Each is more than the one before."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOOPBACK = "loopback"
    """For emulators on this machine. In Lambda, the interface of its runtime stands there."""


def addresses_of(host: str) -> tuple[str, ...]:
    """Raises OSError."""
    return tuple(str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))


class EndpointCheck:
    """Rejects an address by where its host stands. Each host is resolved once, before the first request to it.

    A name may lead elsewhere a moment later. The server there would need a certificate for it: plain http leads to
    loopback only.
    """

    def __init__(self, networks: Networks, resolve: Resolve = addresses_of) -> None:
        self._networks = networks
        self._resolve = resolve
        self._allowed = set[str]()

    def __call__(self, url: str) -> None:
        """Raises ConnectionInvalid. A name that nobody resolves is left to the request, which fails by itself."""
        host = urlsplit(url).hostname or ""
        if host in self._allowed:
            return
        try:
            addresses = self._resolve(host)
        except OSError:
            return
        if not all(_is_within(address, self._networks) for address in addresses):
            raise ConnectionInvalid(
                f"endpoint: its host stands in a network that this stack does not call ({self._networks.value} ones "
                "only); correct it in the connection's secret, or the stack's EndpointNetworks"
            )
        self._allowed.add(host)


def _is_within(text: str, networks: Networks) -> bool:
    """An address of version 6 may name a zone, `%eth0`."""
    outer = ipaddress.ip_address(text.partition("%")[0])
    address = _embedded(outer) or outer
    if address.is_loopback:
        return networks is Networks.LOOPBACK
    if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    if address in METADATA_OF_AWS:
        return False
    return address.is_global or networks is not Networks.PUBLIC


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The address of version 4 to which one of version 6 leads."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
