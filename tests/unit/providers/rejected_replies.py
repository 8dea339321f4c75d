"""Replies that reject a request, and the error of each under either cloud."""

import json

from requests.structures import CaseInsensitiveDict

from farsync.http_client.response import Reply
from farsync.model.errors import FarsyncError, ProviderReply
from farsync.providers.huawei import errors as huawei
from farsync.providers.huawei.replies import provider_reply as huawei_reply
from farsync.providers.naver import errors as naver
from tests.unit.providers.replies import NOW

HTML = b"<html><h1>502 Bad Gateway</h1></html>"
TRACE = {"x-ncp-trace-id": "trace", "x-request-id": "trace"}
NO_SUCH_SERVICE = {
    "naver": "endpoint: there is no Data Flow service at this address; correct it in the connection's secret.",
    "huawei": "endpoint: DataArts Factory's job API is not at this address; correct region or endpoint in the "
    "connection's secret.",
}
KEYS_REJECTED = {
    "naver": "NAVER Cloud rejected the keys or the signature; check accessKey, secretKey and the clock.",
    "huawei": "Huawei Cloud rejected the keys or the signature; check accessKey, secretKey and, for temporary keys, "
    "securityToken. It locks a key for five minutes after more than five rejections.",
}
NOT_ALLOWED = {
    "naver": "The keys are not allowed to do this; check the account's policies.",
    "huawei": "The keys are not allowed to do this; check the user's roles.",
}
FEWER = {"naver": "Data Flow asks for fewer requests.", "huawei": "DataArts Factory asks for fewer requests."}


def make_reply(status: int, body: object = b"", **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, CaseInsensitiveDict({**TRACE, **names}), content, NOW)


def rejection(cloud: str, reply: Reply, operation: str) -> FarsyncError:
    if cloud == "naver":
        return naver.rejection(reply, naver.Operation[operation])
    return huawei.rejection(reply, huawei.Operation[operation])


def provider_reply(cloud: str, reply: Reply) -> ProviderReply:
    return naver.provider_reply(reply) if cloud == "naver" else huawei_reply(reply)
