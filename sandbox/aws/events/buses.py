"""EventBridge's PutEvents: takes events on any bus and shows them; no rule reads them.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
"""

import json
import uuid
from collections import deque
from collections.abc import Mapping
from typing import Any

from sandbox.aws.http_server import HttpReply, HttpRequest, error_reply, json_reply
from sandbox.aws.moto_services import rejection_of_signature

_KEPT_EVENTS = 1000
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144
"""Of all entries. 1 MB since 2026, where AWS has brought it: the lower one holds everywhere."""
_COUNTED = ("Source", "DetailType", "Detail")


class EventBuses:
    def __init__(self) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=_KEPT_EVENTS)

    def put_events(self, request: HttpRequest) -> HttpReply:
        if rejection := rejection_of_signature(request, "events"):
            return rejection
        entries = json.loads(request.body).get("Entries") or []
        size = sum(len(str(entry.get(name, "")).encode()) for entry in entries for name in _COUNTED)
        if not 1 <= len(entries) <= _MOST_ENTRIES or size > _MOST_BYTES:
            message = f"1 to {_MOST_ENTRIES} entries, and {_MOST_BYTES} bytes in all"
            return error_reply(400, "ValidationException", message)
        results = [self._put(entry) for entry in entries]
        failed = sum("ErrorCode" in result for result in results)
        return json_reply(200, {"FailedEntryCount": failed, "Entries": results})

    def as_json(self) -> dict[str, Any]:
        """{"events": the last 1000, oldest first}"""
        return {"events": list(self._events)}

    def _put(self, entry: Mapping[str, Any]) -> dict[str, str]:
        for name in _COUNTED:
            if not entry.get(name):
                return {"ErrorCode": "InvalidArgument", "ErrorMessage": f"Parameter {name} is not valid."}
        if entry["Source"].startswith("aws."):
            return {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
        try:
            detail = json.loads(entry["Detail"])
        except ValueError:
            detail = None
        if not isinstance(detail, dict):
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        event = {
            "bus": entry.get("EventBusName", "default"),
            "source": entry["Source"],
            "detail-type": entry["DetailType"],
            "detail": detail,
        }
        self._events.append(event)
        return {"EventId": str(uuid.uuid4())}
