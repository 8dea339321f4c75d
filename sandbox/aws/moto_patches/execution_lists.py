"""ListExecutions in the order, the pages and with the members of AWS.

Running executions stand by their start or redrive, others by their stop, the latest first. moto sorts all by their
start, loses its place when the first execution of the next page changes its status, and knows of no redrives.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
"""

import base64
import binascii
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.stale_reads import moment_shown, seen_at

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000
_Place = tuple[float, str]


def apply() -> None:
    replace(StepFunctionResponse, "list_executions", _list_executions)


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
    size = min(int(self._get_param("maxResults") or _DEFAULT_PAGE), _LARGEST_PAGE)
    page: dict[str, Any] = {"executions": items[:size]}
    if len(items) > size:
        page["nextToken"] = _token(_place(items[size - 1]))
    return ActionResult(page)


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


def _token(place: _Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place_of_token(token: str) -> _Place:
    try:
        moment, arn = json.loads(base64.urlsafe_b64decode(token))
        return float(moment), str(arn)
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidToken(token) from error
