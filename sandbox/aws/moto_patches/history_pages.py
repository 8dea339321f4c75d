"""GetExecutionHistory in pages, in reverse, and without data where asked so; moto gives everything at once.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ExecutionDoesNotExist, InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.stale_reads import moment_shown

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000
_DATA = ("input", "output")


def apply() -> None:
    replace(StepFunctionResponse, "get_execution_history", _get_execution_history)


def events_of(execution: Any) -> list[dict[str, Any]]:
    """The oldest first. moto copies each of them deeply, which takes longer than all else; none is ever changed."""
    env = execution.exec_worker.env if execution.exec_worker else None
    if env is None:
        return []
    with env.event_manager._mutex:
        return list(env.event_manager._history_event_list)


def _get_execution_history(self: Any) -> Any:
    # A token is the id of the last event given: more events may have come since.
    arn = self._get_param("executionArn")
    events = events_of(self.stepfunction_backend.describe_execution(arn))
    if moment := moment_shown(self.headers):
        events = [event for event in events if datetime.datetime.fromisoformat(event["timestamp"]) <= moment]
        if not events:
            raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{arn}'")
    if self._get_param("includeExecutionData") is False:
        events = [_without_data(event) for event in events]
    is_reverse = bool(self._get_param("reverseOrder"))
    if is_reverse:
        events.reverse()
    if token := self._get_param("nextToken"):
        if not token.isdecimal():
            raise InvalidToken(token)
        events = [event for event in events if event["id"] != int(token) and (event["id"] < int(token)) is is_reverse]
    size = min(int(self._get_param("maxResults") or _DEFAULT_PAGE), _LARGEST_PAGE)
    page: dict[str, Any] = {"events": events[:size]}
    if len(events) > size:
        page["nextToken"] = str(events[size - 1]["id"])
    return ActionResult(page)


def _without_data(event: dict[str, Any]) -> dict[str, Any]:
    return {
        member: {name: value[name] for name in value if name not in _DATA} if isinstance(value, dict) else value
        for member, value in event.items()
    }
