"""TimeoutSeconds and HeartbeatSeconds of a task that waits for its token pass at the sandbox's speed.

Those of other tasks do not: a function or a call to a service works as fast as it can at any speed.
What history says is what the state says.
"""

from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)

from sandbox.aws.moto_patches.failures import query_evaluation_error
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.task_tokens import open_token
from sandbox.aws.moto_patches.wiring import current

# A busy machine takes part of a second for what AWS does at once.
_SHORTEST_SECONDS = 1.0
# The token ends the attempt; the state's own clock is there for a task that never comes to wait for it.
_GRACE_SECONDS = 1.0
_LONGEST_SECONDS = 99999999


class _Scaled:
    def __init__(self, limit: Any, field: str) -> None:
        self._limit = limit
        self._field = field

    def is_default_value(self) -> bool:
        return bool(self._limit.is_default_value())

    def eval(self, env: Any) -> None:
        self._limit.eval(env=env)
        seconds = env.stack.pop()
        if not 1 <= seconds <= _LONGEST_SECONDS:
            raise query_evaluation_error(env, f"The field '{self._field}' must be from 1 to {_LONGEST_SECONDS}.")
        if not getattr(env, "is_writing_limits", False):
            seconds = max(seconds / current().speed, min(seconds, _SHORTEST_SECONDS))
            if open_token(env):
                seconds += _GRACE_SECONDS
        env.stack.append(seconds)


def apply() -> None:
    def from_state_props(self: Any, state_props: Any) -> None:
        moto_from_props(self, state_props)
        if self.resource.condition == ResourceCondition.WaitForTaskToken:
            self.timeout = _Scaled(self.timeout, "TimeoutSeconds")
            self.heartbeat = self.heartbeat and _Scaled(self.heartbeat, "HeartbeatSeconds")

    def before(self: Any, env: Any, *args: Any, **kwargs: Any) -> None:
        env.is_writing_limits = True
        moto_before(self, env, *args, **kwargs)
        env.is_writing_limits = False

    moto_from_props = replace(StateTaskServiceCallback, "from_state_props", from_state_props)
    moto_before = replace(StateTaskServiceCallback, "_before_eval_execution", before)
