"""The context object has RedriveCount, and its times are ISO 8601 text with a Z; moto lacks the first, and
holds a datetime and an offset.
"""

import datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.eval.states import States

from sandbox.aws.moto_patches.replacing import replace


def apply() -> None:
    def init(self: Any, context: Any) -> None:
        moto_init(self, _with_text_and_redrives(context))

    moto_init = replace(States, "__init__", init)
    replace(state, "StateData", _state_data)


def _with_text_and_redrives(context: Any) -> Any:
    execution = context["Execution"]
    if isinstance(execution["StartTime"], datetime.datetime):
        execution["StartTime"] = utc_text(execution["StartTime"])
    execution.setdefault("RedriveCount", 0)
    return context


def _state_data(EnteredTime: str, Name: str) -> dict[str, Any]:
    entered = datetime.datetime.fromisoformat(EnteredTime)
    return {"EnteredTime": utc_text(entered), "Name": Name, "RetryCount": 0}


def utc_text(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
