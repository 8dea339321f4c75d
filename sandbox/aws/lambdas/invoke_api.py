"""Lambda's Invoke API, for state machines and for any AWS SDK.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import json
import re
import threading
from urllib.parse import unquote

from sandbox.aws.http_server import HttpReply, HttpRequest, error_reply
from sandbox.aws.lambdas.host import Ending, LambdaHost, Throttled

_PATH = re.compile(r"/2015-03-31/functions/([^/]+)/invocations/?")


def invoked_function(request: HttpRequest) -> str | None:
    """The function's name or ARN when the request is an Invoke, else None."""
    match = _PATH.fullmatch(request.path)
    return unquote(match.group(1)) if match and request.method == "POST" else None


class InvokeApi:
    """Whoever waits for a result is rejected after `wait_seconds` without a free process; events are queued."""

    def __init__(self, host: LambdaHost, wait_seconds: float) -> None:
        self._host = host
        self._wait_seconds = wait_seconds

    def handle(self, request: HttpRequest, name_or_arn: str, ending: Ending | None = None) -> HttpReply:
        pool = self._host.find(name_or_arn)
        if pool is None:
            return error_reply(404, "ResourceNotFoundException", f"Function not found: {name_or_arn}")
        payload = request.body or b"{}"
        try:
            json.loads(payload)
        except ValueError as error:
            message = f"Could not parse request body into json: {error}"
            return error_reply(400, "InvalidRequestContentException", message)
        if request.headers.get("x-amz-invocation-type") == "Event":
            call = threading.Thread(target=pool.invoke, args=(payload, ending), daemon=True)
            call.start()
            return HttpReply(202)
        try:
            result = pool.invoke(payload, ending, self._wait_seconds)
        except Throttled:
            return error_reply(429, "TooManyRequestsException", "Rate Exceeded.")
        failed = (("X-Amz-Function-Error", "Unhandled"),) if result.is_error else ()
        return HttpReply(
            200,
            result.payload,
            (("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST"), *failed),
        )
