"""EventBridge's PutEvents: takes events on any bus and shows them; no rule reads them.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

import datetime
import json
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from typing import Any

from sandbox.aws.error_replies import error_reply
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.moto_services import rejection_of_signature

_KEPT_EVENTS = 1000
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144


class EventBuses:
    def __init__(self) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=_KEPT_EVENTS)
        self._lock = threading.Lock()

    def put_events(self, request: HttpRequest) -> HttpReply:
        rejection = rejection_of_signature(request, "events")
        if rejection is not None:
            return rejection
        entries = json.loads(request.body).get("Entries") or []
        if not 1 <= len(entries) <= _MOST_ENTRIES or len(request.body) > _MOST_BYTES:
            message = f"1 to {_MOST_ENTRIES} entries, and {_MOST_BYTES} bytes in all"
            return error_reply(400, "ValidationException", message)
        results = [self._put(entry) for entry in entries]
        failed = sum("ErrorCode" in result for result in results)
        body = json.dumps({"FailedEntryCount": failed, "Entries": results}).encode()
        return HttpReply(200, body, (("Content-Type", "application/x-amz-json-1.1"),))

    def as_json(self) -> dict[str, Any]:
        """{"events": the last 1000, oldest first}"""
        with self._lock:
            return {"events": list(self._events)}

    def _put(self, entry: Mapping[str, Any]) -> dict[str, str]:
        for name in ("Source", "DetailType", "Detail"):
            if not entry.get(name):
                return {"ErrorCode": "InvalidArgument", "ErrorMessage": f"Parameter {name} is not valid."}
        if entry["Source"].startswith("aws."):
            return {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
        detail = _json_object(entry["Detail"])
        if detail is None:
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        event = {
            "id": str(uuid.uuid4()),
            "time": datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="milliseconds"),
            "bus": entry.get("EventBusName", "default"),
            "source": entry["Source"],
            "detail-type": entry["DetailType"],
            "resources": entry.get("Resources", []),
            "detail": detail,
        }
        with self._lock:
            self._events.append(event)
        return {"EventId": str(event["id"])}


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
