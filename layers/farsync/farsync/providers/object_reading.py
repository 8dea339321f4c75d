"""Reading the end of an object, in an object storage that speaks the S3 protocol."""

import re
from collections.abc import Callable
from typing import NamedTuple

from farsync.connections.object_storage import ObjectStorage
from farsync.http_client.client import Transport, reply_unless_transient
from farsync.http_client.response import Reply
from farsync.model.errors import InvalidRequest, LogNotFound, PermissionDenied, ProviderReply, ProviderUnavailable
from farsync.signing.object_storage import StorageAuth

_LOCATION = re.compile(r"(?:(?:obs|s3a?)://)?([a-z0-9][a-z0-9.-]{1,62})/([^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f])")
_SIZE = re.compile(r"bytes \d+-\d+/(\d+)")
_CODE = re.compile(rb"<Code>([A-Za-z]{1,40})</Code>")


class Tail(NamedTuple):
    """The last bytes of an object; `is_cut` where it has more."""

    content: bytes
    is_cut: bool


def is_object(path: str) -> bool:
    """Whether a provider's path names an object; a folder ends with a slash."""
    match = _LOCATION.fullmatch(path)
    return match is not None and not {".", ".."} & set(path.split("/"))


def read_tail(
    transport: Transport, storage: ObjectStorage, path: str, clock: Callable[[], float], most_bytes: int
) -> Tail:
    """`path` is `bucket/key`, or with `obs://` before it. Two requests for an object that is larger.

    Raises LogNotFound, PermissionDenied, Throttled and ProviderUnavailable.
    """
    match = _LOCATION.fullmatch(path) if is_object(path) else None
    if match is None:
        raise InvalidRequest("path: is no object of a bucket", field="path")
    url = storage.url_of(match[1], match[2])

    def get(byte_range: str) -> Reply:
        return transport.get(url, StorageAuth(storage.keys, clock, byte_range), {}, read=_readable)

    # No range from the end, which OBS does not name: https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0083.html
    reply = get(f"bytes=0-{most_bytes - 1}")
    size = _SIZE.fullmatch(reply.headers.get("Content-Range", ""))
    if size is None or int(size[1]) <= most_bytes:
        content = b"" if reply.status == 416 else reply.body
        return Tail(content[-most_bytes:], len(content) > most_bytes)
    return Tail(get(f"bytes={int(size[1]) - most_bytes}-{int(size[1]) - 1}").body[-most_bytes:], is_cut=True)


def _readable(reply: Reply) -> Reply:
    """416: the object is empty."""
    if reply.is_success or reply.status == 416:
        return reply
    reply_unless_transient(reply)
    code = _CODE.search(reply.body)
    said = ProviderReply(reply.status, code[1].decode() if code else None)
    if reply.status == 404:
        raise LogNotFound("the log is not in the object storage: it is not written yet, or was deleted", said=said)
    if reply.status in (401, 403):
        raise PermissionDenied(
            f"the object storage does not let the connection's keys read the log ({said.code or reply.status}); give "
            "them the right to read objects of its bucket",
            said=said,
        )
    raise ProviderUnavailable(f"the object storage answered {reply.status}", said=said)
