"""The log of events in memory: lines that are recorded and paged back from the newest."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from farsync.model.execution import iso_instant
from farsync.model.names import digest


class EventLines:
    """`lines` are in no order."""

    lines: list[dict[str, Any]]
    page_size: int

    def _GetLogEvents(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Pages of `page_size` lines; a token is how many lines are older."""
        assert (payload["logGroupName"], payload["startFromHead"]) == ("/farsync/farsync/events", False)
        within = range(payload["startTime"], payload["endTime"])
        found = sorted((line for line in self.lines if line["timestamp"] in within), key=lambda line: line["timestamp"])
        end = int(payload.get("nextToken", len(found)))
        begin = max(0, end - self.page_size)
        return {"events": found[begin:end], "nextBackwardToken": str(begin), "nextForwardToken": str(end)}

    def record(self, at: float, event_type: str, run: str | None = None, **data: Any) -> dict[str, Any]:
        """A line of the log of events; the event that stands in it."""
        known = {"detectedAt": iso_instant(datetime.fromtimestamp(at, UTC)), "runName": run, **data}
        known = {name: value for name, value in known.items() if value is not None}
        event = {"id": digest("line", str(len(self.lines))), "type": f"io.farsync.{event_type}", "data": known}
        self.lines.append({"timestamp": int(at * 1000), "message": json.dumps({"event": event})})
        return event
