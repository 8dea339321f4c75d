"""CloudWatch Logs' PutLogEvents and GetLogEvents, on the streams of the template; what they hold is shown.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
"""

import json
import re
import threading
import time
from collections.abc import Iterable
from typing import Any

from sandbox.aws.http_server import HttpReply, HttpRequest, error_reply, json_reply
from sandbox.aws.moto_services import rejection_of_signature
from sandbox.aws.template.model import LogStream

_SHOWN_LINES = 1000
_PAGE_BYTES = 1024 * 1024
_PAGE_LINES = 10_000
_LINE_BYTES = 26
_OLDEST_SECONDS = 14 * 86400
_NEWEST_SECONDS = 2 * 3600
_MOST_BYTES_OF_A_BATCH = 1_048_576
_MOST_BYTES_OF_A_LINE = 262_144
"""Pages of AWS name 256 KB and 1 MB: the lower one holds everywhere."""
_BYTES_BESIDE_A_LINE = 26


_TOKEN = re.compile(r"b/[0-9]{1,9}")


class LogStreams:
    def __init__(self, streams: Iterable[LogStream]) -> None:
        self._lines: dict[LogStream, list[dict[str, Any]]] = {stream: [] for stream in streams}
        self._lock = threading.Lock()

    def put_log_events(self, request: HttpRequest) -> HttpReply:
        asked, lines = self._asked(request)
        if isinstance(lines, HttpReply):
            return lines
        now = time.time()
        events = asked.get("logEvents") or []
        sizes = [len(event["message"].encode(errors="surrogatepass")) + _BYTES_BESIDE_A_LINE for event in events]
        if max(sizes, default=0) > _MOST_BYTES_OF_A_LINE or sum(sizes) > _MOST_BYTES_OF_A_BATCH:
            return error_reply(400, "InvalidParameterException", "Log event too large, or too many of them.")
        for event in events:
            age_seconds = now - event["timestamp"] / 1000
            if not -_NEWEST_SECONDS <= age_seconds <= _OLDEST_SECONDS:
                return error_reply(400, "InvalidParameterException", "The timestamp is too old or too new.")
            with self._lock:
                lines.append({"timestamp": event["timestamp"], "message": event["message"]})
        return json_reply(200, {})

    def get_log_events(self, request: HttpRequest) -> HttpReply:
        """Backwards alone. A token is how many lines of the window are older than the page that gave it."""
        asked, lines = self._asked(request)
        if isinstance(lines, HttpReply):
            return lines
        if asked.get("startFromHead"):
            return error_reply(400, "InvalidParameterException", "The sandbox reads from the newest line back.")
        since, until = asked.get("startTime", 0), asked.get("endTime", float("inf"))
        with self._lock:
            found = [line for line in lines if since <= line["timestamp"] < until]
        found.sort(key=lambda line: line["timestamp"])
        token = asked.get("nextToken", f"b/{len(found)}")
        if not _TOKEN.fullmatch(token):
            return error_reply(400, "InvalidParameterException", "The specified nextToken is invalid.")
        page = _page(found[: int(token[2:])], int(asked.get("limit", _PAGE_LINES)))
        older = int(token[2:]) - len(page)
        tokens = {"nextBackwardToken": f"b/{older}", "nextForwardToken": f"f/{older + len(page)}"}
        return json_reply(200, {"events": page, **tokens})

    def _asked(self, request: HttpRequest) -> tuple[dict[str, Any], list[dict[str, Any]] | HttpReply]:
        """What is asked, and the lines of the stream; or the rejection."""
        rejection = rejection_of_signature(request, "logs")
        if rejection is not None:
            return {}, rejection
        asked = json.loads(request.body)
        lines = self._lines.get(LogStream(str(asked.get("logGroupName")), str(asked.get("logStreamName"))))
        if lines is None:
            message = "The specified log group or stream does not exist."
            return asked, error_reply(400, "ResourceNotFoundException", message)
        return asked, lines

    def as_json(self) -> dict[str, Any]:
        """{"<group>:<stream>": the last 1000 lines, oldest first}"""
        with self._lock:
            return {f"{stream.group}:{stream.name}": lines[-_SHOWN_LINES:] for stream, lines in self._lines.items()}


def _page(lines: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """The newest that fit."""
    size, first = 0, len(lines)
    while first > 0 and len(lines) - first < min(limit, _PAGE_LINES):
        size += len(lines[first - 1]["message"].encode()) + _LINE_BYTES
        if size > _PAGE_BYTES:
            break
        first -= 1
    return lines[first:]
