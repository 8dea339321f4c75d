"""The access log of the HTTP API: a line per request, in the template's format.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path

_VARIABLE = re.compile(r"\$context\.([A-Za-z][\w.-]*\w)")
KNOWN = frozenset(
    (
        "accountId",
        "apiId",
        "authorizer.error",
        "awsEndpointRequestId",
        "dataProcessed",
        "domainName",
        "domainPrefix",
        "error.message",
        "error.messageString",
        "error.responseType",
        "extendedRequestId",
        "httpMethod",
        "identity.accountId",
        "identity.caller",
        "identity.sourceIp",
        "identity.user",
        "identity.userAgent",
        "identity.userArn",
        "integration.error",
        "integration.integrationStatus",
        "integration.latency",
        "integration.requestId",
        "integration.status",
        "integrationErrorMessage",
        "integrationLatency",
        "integrationStatus",
        "path",
        "protocol",
        "requestId",
        "requestTime",
        "requestTimeEpoch",
        "responseLatency",
        "responseLength",
        "routeKey",
        "stage",
        "status",
    )
)
_CLAIM = "authorizer.claims."


class AccessLogFormatInvalid(ValueError):
    """The format has a variable that API Gateway does not document."""


class AccessLog:
    """Raises AccessLogFormatInvalid. Without a format nothing is written."""

    def __init__(self, line_format: str | None, path: Path) -> None:
        for name in _VARIABLE.findall(line_format or ""):
            if name not in KNOWN and not name.startswith(_CLAIM):
                raise AccessLogFormatInvalid(f"there is no $context.{name}")
        self._format = line_format
        self._path = path
        self._lock = threading.Lock()

    def write(self, context: Mapping[str, str]) -> None:
        """`context` by names without `$context.`; what is not in it becomes `-`."""
        if self._format is None:
            return

        def value(variable: re.Match[str]) -> str:
            if variable.group(1) == "error.messageString":
                return json.dumps(context.get("error.message", "-"))
            # A format is JSON as a rule: a quotation mark in a value must not end the string that it stands in.
            return json.dumps(context.get(variable.group(1), "-"), ensure_ascii=False)[1:-1]

        line = _VARIABLE.sub(value, self._format).replace("\n", " ")
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
