"""Connections that read on to the final reply.

Interim replies (1xx) precede the final one, which must be read (RFC 9110, 15.2): taken for the reply, one of them would
shift every later reply of its connection by one. `http.client` reads on after a 100 only.
"""

from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

MOST_INTERIM_REPLIES = 10


class FinalReplyAdapter(HTTPAdapter):
    """An adapter of `requests` whose replies are final ones, or 101, after which nothing of HTTP follows."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class _FinalReply(HTTPResponse):
    def begin(self) -> None:
        super().begin()
        for _ in range(MOST_INTERIM_REPLIES):
            if not _is_interim(self.status):
                return
            # Without headers the next reply is read in this one's place.
            self.headers = self.msg = None  # type: ignore[assignment]
            super().begin()
        if _is_interim(self.status):
            raise HTTPException("too many interim replies")


def _is_interim(status: int) -> bool:
    return status < HTTPStatus.OK and status != HTTPStatus.SWITCHING_PROTOCOLS


class _Connection(HTTPConnection):
    response_class = _FinalReply


class _TlsConnection(HTTPSConnection):
    response_class = _FinalReply


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
