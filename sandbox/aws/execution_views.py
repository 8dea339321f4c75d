"""Executions as the sandbox shows them beside AWS's API: quickly, and without quotas, lag or faults on order.

Times are seconds since 1970, as in AWS's own answers.
"""

import datetime
import json
from typing import Any
from urllib.parse import parse_qs

from moto.core.exceptions import AWSError

from sandbox.aws import moto_services
from sandbox.aws.moto_patches.execution_reads import events_of

MOST_EVENTS = 1_000_000


def show(arn: str, query: str) -> bytes | None:
    """Of one execution a JSON object, of a state machine one a line; None where there is no such thing.

    `query`: `status` leaves out executions in others, `events` says how many of the newest are shown (all).
    """
    asked = parse_qs(query)
    events = int(asked.get("events", [str(MOST_EVENTS)])[0])
    try:
        if ":execution:" in arn:
            return _line(moto_services.step_functions().describe_execution(arn), events)
        executions = list(moto_services.step_functions().describe_state_machine(arn).executions)
    except AWSError:
        return None
    status = asked.get("status", [None])[0]
    return b"".join(_line(execution, events) for execution in executions if status in (None, execution.status))


def _line(execution: Any, events: int) -> bytes:
    """Its history begins with the oldest event of those that are shown."""
    shown = {
        "executionArn": execution.execution_arn,
        "name": execution.name,
        "status": str(getattr(execution.status, "value", execution.status)),
        "startDate": execution.start_date.timestamp(),
        "stopDate": execution.stop_date.timestamp() if execution.stop_date else None,
        "redriveCount": execution.redrive_count,
    }
    if events:
        shown["events"] = [_with_seconds(event) for event in events_of(execution)[-events:]]
    return json.dumps(shown, ensure_ascii=False, default=str).encode(errors="surrogatepass") + b"\n"


def _with_seconds(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "timestamp": datetime.datetime.fromisoformat(event["timestamp"]).timestamp()}
