"""A task token lives as long as the attempt of its task; what AWS answers for a token that is over, or never was.

moto makes one token for all attempts of a state, loses a result that arrives as the time-out does, answers
InvalidToken for a token whose execution has ended and nothing wrong for one that has got its result, keeps on waiting
when the execution is stopped, goes through every execution to find a token, and drops the cause of a failure.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

import threading
import time
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import EmptyResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
    CallbackOutcomeTimedOut,
    HeartbeatTimedOut,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.request_limits import DATA_BYTES, reject_longer

_ERROR_BYTES = 256
_CAUSE_BYTES = 32768
_ENDINGS = ("set_ended", "set_error", "set_stop", "set_timed_out")


class TaskTimedOut(AWSError):
    TYPE = "TaskTimedOut"

    def __init__(self) -> None:
        super().__init__("Task Timed Out: 'Provided task does not exist anymore'")


class TaskToken(CallbackEndpoint):
    """Open until a result arrives or the attempt ends, whichever is first."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self._changed = threading.Condition()
        self._begun_at = self._beat_at = time.monotonic()
        self._is_over = False

    def beat(self) -> None:
        """Raises TaskTimedOut."""
        with self._changed:
            self._check()
            self._beat_at = time.monotonic()

    def complete(self, outcome: Any) -> None:
        """Raises TaskTimedOut."""
        with self._changed:
            self._check()
            self._outcome, self._is_over = outcome, True
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def await_end(self, timeout_seconds: float, heartbeat_seconds: float | None) -> Any:
        """moto's outcome: a success, a failure, a time-out, or a missed heartbeat."""
        ends_at = self._begun_at + timeout_seconds
        with self._changed:
            while not self._is_over:
                now = time.monotonic()
                missed_at = ends_at if heartbeat_seconds is None else self._beat_at + heartbeat_seconds
                if now >= min(ends_at, missed_at):
                    self._is_over = True
                    return self._timed_out() if now >= ends_at else HeartbeatTimedOut()
                self._changed.wait(min(ends_at, missed_at) - now)
            return self._timed_out() if self._outcome is None else self._outcome

    def _timed_out(self) -> CallbackOutcomeTimedOut:
        return CallbackOutcomeTimedOut(callback_id=self.callback_id)

    def _check(self) -> None:
        if self._is_over:
            raise TaskTimedOut


_known: dict[str, TaskToken] = {}


def apply() -> None:
    def evaluate_with_timeout(self: Any, env: Any) -> None:
        if self.resource.condition == ResourceCondition.WaitForTaskToken:
            _attempt(self, env)
        else:
            ExecutionState._evaluate_with_timeout(self, env)

    def eval_wait(self: Any, env: Any, timeout_seconds: int, callback_endpoint: Any, heartbeat_endpoint: Any) -> Any:
        if not isinstance(callback_endpoint, TaskToken):
            return moto_wait(self, env, timeout_seconds, callback_endpoint, heartbeat_endpoint)
        heartbeat_seconds = heartbeat_endpoint._heartbeat_seconds if heartbeat_endpoint else None
        return callback_endpoint.await_end(timeout_seconds, heartbeat_seconds)

    def reset(self: Any) -> None:
        moto_reset(self)
        _known.clear()

    replace(StateTaskServiceCallback, "_evaluate_with_timeout", evaluate_with_timeout)
    moto_wait = replace(StateTaskServiceCallback, "_eval_wait_for_task_token", eval_wait)
    moto_reset = replace(StepFunctionsParserBackend, "reset", reset)
    for name in _ENDINGS:
        replace(Environment, name, _closing_the_token(getattr(Environment, name)))
    replace(StepFunctionResponse, "send_task_heartbeat", _send_task_heartbeat)
    replace(StepFunctionResponse, "send_task_success", _send_task_success)
    replace(StepFunctionResponse, "send_task_failure", _send_task_failure)


def open_token(env: Any) -> TaskToken | None:
    """The token of the attempt under way in this environment."""
    token: TaskToken | None = getattr(env, "task_token", None)
    return token


def _attempt(state: Any, env: Any) -> None:
    name = env.states.context_object.update_task_token()
    token = _known[name] = TaskToken(name)
    env.callback_pool_manager._pool[name] = token
    env.task_token = token
    try:
        if env.is_running():
            ExecutionState._evaluate_with_timeout(state, env)
    except TimeoutError:
        # The end of an execution that was stopped is already reported; neither Retry nor Catch has a say.
        if env.is_running():
            raise
    finally:
        token.close()
        env.task_token = None


def _closing_the_token(moto_method: Any) -> Any:
    def end(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = moto_method(self, *args, **kwargs)
        if token := open_token(self):
            token.close()
        return result

    return end


def _find(response: Any) -> TaskToken:
    token = _known.get(response._get_param("taskToken"))
    if token is None:
        raise InvalidToken("'Invalid token'")
    return token


def _send_task_heartbeat(self: Any) -> Any:
    _find(self).beat()
    return EmptyResult()


def _send_task_success(self: Any) -> Any:
    output = self._get_param("output")
    reject_longer("output", output, DATA_BYTES)
    token = _find(self)
    token.complete(CallbackOutcomeSuccess(callback_id=token.callback_id, output=output))
    return EmptyResult()


def _send_task_failure(self: Any) -> Any:
    error, cause = self._get_param("error"), self._get_param("cause")
    reject_longer("error", error, _ERROR_BYTES)
    reject_longer("cause", cause, _CAUSE_BYTES)
    token = _find(self)
    token.complete(CallbackOutcomeFailure(callback_id=token.callback_id, error=error, cause=cause))
    return EmptyResult()
