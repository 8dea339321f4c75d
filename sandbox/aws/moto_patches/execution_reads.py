"""DescribeExecution, ListExecutions and GetExecutionHistory with the members, the order and the pages of AWS.

moto gives a text output without its quotes, no output when it is null, no stop date after a time-out, and no redrives.
It lists executions by their start, where AWS puts running ones by their start or redrive and others by their stop, and
loses its place when the first execution of the next page changes its status. It gives a history in one piece. For each
member of an answer it tries several names, which takes longer than all else of a long list.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

import base64
import binascii
import datetime
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ExecutionDoesNotExist, InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.redrive import rejection
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.stale_reads import moment_shown, seen_at

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000
_DATA = ("input", "output")
_Place = tuple[float, str]


class _Page(ActionResult):
    """A part of a list, whose members have AWS's names already."""

    def execute_result(self, context: Any) -> Any:
        version = context.service_model.metadata["jsonVersion"]
        body = json.dumps(_without_nulls(self.result), default=_epoch_seconds)
        return 200, {"Content-Type": f"application/x-amz-json-{version}"}, body


def apply() -> None:
    replace(StepFunctionResponse, "describe_execution", _describe_execution)
    replace(StepFunctionResponse, "list_executions", _list_executions)
    replace(StepFunctionResponse, "get_execution_history", _get_execution_history)


def events_of(execution: Any) -> list[dict[str, Any]]:
    """The oldest first. moto copies each of them deeply, which takes longer than all else; none is ever changed."""
    env = execution.exec_worker.env if execution.exec_worker else None
    if env is None:
        return []
    with env.event_manager._mutex:
        return list(env.event_manager._history_event_list)


def _describe_execution(self: Any) -> Any:
    arn = self._get_param("executionArn")
    execution = seen_at(self.stepfunction_backend.describe_execution(arn), moment_shown(self.headers))
    if execution is None:
        raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{arn}'")
    reason = rejection(execution)
    description = _list_item(execution) | {
        "input": execution.execution_input,
        "inputDetails": {"included": True},
        "redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE",
        "redriveStatusReason": reason,
        "error": execution.error,
        "cause": execution.cause,
    }
    if execution.status == "SUCCEEDED":
        description["output"] = json.dumps(execution.output, ensure_ascii=False, separators=(",", ":"))
        description["outputDetails"] = {"included": True}
    return ActionResult({member: value for member, value in description.items() if value is not None})


def _list_executions(self: Any) -> Any:
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    status = self._get_param("statusFilter")
    moment = moment_shown(self.headers)
    shown = (seen_at(execution, moment) for execution in list(machine.executions))
    wanted = (execution for execution in shown if execution is not None and status in (None, execution.status))
    items = sorted(map(_list_item, wanted), key=_place, reverse=True)
    if token := self._get_param("nextToken"):
        last = _place_of_token(token)
        items = [item for item in items if _place(item) < last]
    size = _page_size(self)
    page: dict[str, Any] = {"executions": items[:size]}
    if len(items) > size:
        page["nextToken"] = base64.urlsafe_b64encode(json.dumps(_place(items[size - 1])).encode()).decode()
    return _Page(page)


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
    size = _page_size(self)
    shown = [{**event, "timestamp": datetime.datetime.fromisoformat(event["timestamp"])} for event in events[:size]]
    page: dict[str, Any] = {"events": shown}
    if len(events) > size:
        page["nextToken"] = str(events[size - 1]["id"])
    return _Page(page)


def _page_size(response: Any) -> int:
    return min(int(response._get_param("maxResults") or _DEFAULT_PAGE), _LARGEST_PAGE)


def _list_item(execution: Any) -> dict[str, Any]:
    status = execution.status
    item = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": status,
        "startDate": execution.start_date,
        "redriveCount": execution.redrive_count,
    }
    if execution.redrive_date is not None:
        item["redriveDate"] = execution.redrive_date
    if status != "RUNNING":
        item["stopDate"] = execution.stop_date
    return item


def _place(item: dict[str, Any]) -> _Place:
    moment = item.get("stopDate") or item.get("redriveDate") or item["startDate"]
    return moment.timestamp(), item["executionArn"]


def _place_of_token(token: str) -> _Place:
    try:
        moment, arn = json.loads(base64.urlsafe_b64decode(token))
        return float(moment), str(arn)
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidToken(token) from error


def _without_data(event: dict[str, Any]) -> dict[str, Any]:
    return {
        member: {name: value[name] for name in value if name not in _DATA} if isinstance(value, dict) else value
        for member, value in event.items()
    }


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _epoch_seconds(moment: datetime.datetime) -> float:
    """In whole milliseconds, as AWS shows them."""
    return int(moment.timestamp() * 1000) / 1000
