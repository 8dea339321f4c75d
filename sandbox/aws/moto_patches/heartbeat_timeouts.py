"""A missed heartbeat is an error States.Timeout that Retry and Catch know as States.HeartbeatTimeout, too.

moto matches the first name only.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import HeartbeatTimeoutError

from sandbox.aws.moto_patches.replacing import replace

_OTHER_NAME = StatesErrorName(typ=StatesErrorNameType.StatesHeartbeatTimeout)


class _MissedHeartbeat(StatesErrorName):
    def __init__(self) -> None:
        super().__init__(typ=StatesErrorNameType.StatesTimeout)


def apply() -> None:
    def matches(self: Any, env: Any) -> None:
        is_missed_heartbeat = isinstance(env.stack[-1], _MissedHeartbeat)
        moto_matches(self, env)
        if is_missed_heartbeat and _OTHER_NAME in self.error_names:
            env.stack[-1] = True

    def from_error(self: Any, env: Any, ex: Exception) -> Any:
        failure = moto_from_error(self, env=env, ex=ex)
        if isinstance(ex, HeartbeatTimeoutError):
            return FailureEvent(env, _MissedHeartbeat(), failure.event_type, failure.event_details)
        return failure

    moto_matches = replace(ErrorEqualsDecl, "_eval_body", matches)
    moto_from_error = replace(StateTaskServiceCallback, "_from_error", from_error)
