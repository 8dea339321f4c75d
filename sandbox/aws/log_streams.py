"""CloudWatch Logs' PutLogEvents, on the streams of the template; what they hold is shown.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from sandbox.aws.http_server import HttpReply, HttpRequest, error_reply, json_reply
from sandbox.aws.moto_services import rejection_of_signature
from sandbox.aws.template.model import LogStream

_KEPT_LINES = 1000
_OLDEST_SECONDS = 14 * 86400
_NEWEST_SECONDS = 2 * 3600
_MOST_BYTES_OF_A_BATCH = 1_048_576
_MOST_BYTES_OF_A_LINE = 262_144
"""Pages of AWS name 256 KB and 1 MB: the lower one holds everywhere."""
_BYTES_BESIDE_A_LINE = 26


class LogStreams:
    def __init__(self, streams: Iterable[LogStream]) -> None:
        self._lines: dict[LogStream, deque[dict[str, Any]]] = {stream: deque(maxlen=_KEPT_LINES) for stream in streams}
        self._lock = threading.Lock()

    def put_log_events(self, request: HttpRequest) -> HttpReply:
        rejection = rejection_of_signature(request, "logs")
        if rejection is not None:
            return rejection
        asked = json.loads(request.body)
        lines = self._lines.get(LogStream(str(asked.get("logGroupName")), str(asked.get("logStreamName"))))
        if lines is None:
            return error_reply(400, "ResourceNotFoundException", "The specified log group or stream does not exist.")
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

    def as_json(self) -> dict[str, Any]:
        """{"<group>:<stream>": the last 1000 lines, oldest first}"""
        with self._lock:
            return {f"{stream.group}:{stream.name}": list(lines) for stream, lines in self._lines.items()}
