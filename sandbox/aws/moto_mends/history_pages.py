"""GetExecutionHistory in pages, in reverse, and without data where asked so; moto gives everything at once.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_mends.replacing import replace

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000
_DATA = ("input", "output")


def apply() -> None:
    replace(StepFunctionResponse, "get_execution_history", _get_execution_history)


def _get_execution_history(self: Any) -> Any:
    events = list(self.stepfunction_backend.get_execution_history(self._get_param("executionArn"))["events"])
    if self._get_param("includeExecutionData") is False:
        events = [_without_data(event) for event in events]
    if self._get_param("reverseOrder"):
        events.reverse()
    token = self._get_param("nextToken") or "0"
    if not token.isdecimal():
        raise InvalidToken(token)
    start = int(token)
    end = start + min(int(self._get_param("maxResults") or _DEFAULT_PAGE), _LARGEST_PAGE)
    page: dict[str, Any] = {"events": events[start:end]}
    if end < len(events):
        page["nextToken"] = str(end)
    return ActionResult(page)


def _without_data(event: dict[str, Any]) -> dict[str, Any]:
    return {
        member: {name: told for name, told in value.items() if name not in _DATA} if isinstance(value, dict) else value
        for member, value in event.items()
    }
