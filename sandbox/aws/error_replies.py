"""Error replies in the shape that AWS' JSON protocols share."""

import json

from sandbox.aws.http_server import HttpReply


def error_reply(status: int, code: str, message: str) -> HttpReply:
    """SDKs read the code from the header (rest-json) or from `__type` (json)."""
    body = json.dumps({"__type": code, "message": message, "Message": message}).encode()
    headers = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code))
    return HttpReply(status, body, headers)
