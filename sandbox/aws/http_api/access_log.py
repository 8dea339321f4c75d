"""The access log of the HTTP API: a line per request, in the template's format.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path

from sandbox.aws.template import TemplateError

_VARIABLE = re.compile(r"\$context\.([A-Za-z][\w.-]*\w)")
_CLAIM = "authorizer.claims."
_KNOWN = (
    "authorizer.error",
    "error.message",
    "identity.sourceIp",
    "identity.userArn",
    "integrationErrorMessage",
    "requestId",
    "requestTime",
    "responseLatency",
    "routeKey",
    "status",
)


class AccessLog:
    """Raises TemplateError for a variable that the sandbox does not know. Without a format nothing is written."""

    def __init__(self, line_format: str | None, path: Path) -> None:
        for name in _VARIABLE.findall(line_format or ""):
            if name not in _KNOWN and not name.startswith(_CLAIM):
                raise TemplateError(f"AccessLogSettings.Format: the sandbox does not know $context.{name}")
        self._format = line_format
        self._path = path
        self._lock = threading.Lock()

    def write(self, context: Mapping[str, str]) -> None:
        """`context` by names without `$context.`; what is not in it becomes `-`."""
        if self._format is None:
            return

        def value(variable: re.Match[str]) -> str:
            # A format is JSON as a rule: a quotation mark in a value must not end the string that it stands in.
            return json.dumps(context.get(variable.group(1), "-"), ensure_ascii=False)[1:-1]

        line = _VARIABLE.sub(value, self._format).replace("\n", " ")
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
