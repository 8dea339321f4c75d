"""Lambda's Invoke API, for state machines and for any AWS SDK.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
import re
import threading
from urllib.parse import unquote

from sandbox.aws.http_server import HttpReply, HttpRequest, error_reply
from sandbox.aws.lambdas.host import Ending, LambdaHost, Throttled
from sandbox.aws.lambdas.runtime_api import InvocationResult

MOST_BYTES = 6_291_556
"""Of a payload or response, as Lambda's own errors give the 6 MB."""
MOST_BYTES_OF_AN_EVENT = 262_144
"""1 MB since 2026, where AWS has brought it: the lower one holds everywhere.
https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
"""
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
        is_event = request.headers.get("x-amz-invocation-type") == "Event"
        most = MOST_BYTES_OF_AN_EVENT if is_event else MOST_BYTES
        if len(payload) > most:
            message = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
            return error_reply(413, "RequestTooLargeException", message)
        try:
            json.loads(payload)
        except ValueError as error:
            message = f"Could not parse request body into json: {error}"
            return error_reply(400, "InvalidRequestContentException", message)
        if is_event:
            call = threading.Thread(target=pool.invoke, args=(payload, ending), daemon=True)
            call.start()
            return HttpReply(202)
        try:
            result = pool.invoke(payload, ending, self._wait_seconds)
        except Throttled:
            return error_reply(429, "TooManyRequestsException", "Rate Exceeded.")
        if len(result.payload) > MOST_BYTES:
            message = f"Response payload size exceeded maximum allowed payload size ({MOST_BYTES} bytes)."
            result = InvocationResult.failure("Function.ResponseSizeTooLarge", message)
        failed = (("X-Amz-Function-Error", "Unhandled"),) if result.is_error else ()
        return HttpReply(
            200,
            result.payload,
            (("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST"), *failed),
        )
