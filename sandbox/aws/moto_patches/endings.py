"""An execution ends at one moment: its history is closed, then its status changes, and nothing is added afterwards.
StopExecution ends it at once, with the error and cause that it was given. The sandbox is notified of every change.

moto takes the time of an end from its clock twice, the second as late as its threads let it. When an execution is
aborted or overruns, moto waits for the task under way, which may take minutes, before it writes the end, and writes the
task's result before it, which AWS never learns. It forgets the error and cause of an abort, gives a status before the
output or error that belong to it, and notifies nobody.
"""

import datetime
import time
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError, ProgramTimedOut
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.execution_reads import events_of
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current

_PAUSE_SECONDS = 0.001
_ENDS = frozenset(
    {
        HistoryEventType.ExecutionAborted,
        HistoryEventType.ExecutionFailed,
        HistoryEventType.ExecutionSucceeded,
        HistoryEventType.ExecutionTimedOut,
    }
)


def apply() -> None:
    def publish(self: Any, *args: Any, event_type: Any, **kwargs: Any) -> None:
        # moto calls this under the history's lock.
        is_closed = bool(self._history_event_list) and self._history_event_list[-1]["type"] in _ENDS
        if not is_closed or event_type == HistoryEventType.ExecutionRedriven:
            moto_publish(self, *args, event_type=event_type, **kwargs)

    def set_timed_out(self: Any) -> None:
        with self._state_mutex:
            if self.is_running():
                moto_set_timed_out(self)
                if not self.is_frame():
                    _close_history(self, HistoryEventType.ExecutionTimedOut, {"executionTimedOutEventDetails": {}})

    def start(self: Any) -> None:
        moto_start(self)
        current().on_status_change(self)

    def terminated(self: Any) -> None:
        # The thread of an aborted execution ends later: it must not change what has been reported, nor speak for the
        # attempt that a redrive has begun since.
        worker = self.execution.exec_worker
        if worker._execution_communication is not self:
            return
        with worker.env._state_mutex:  # an abort under way comes to its end first
            if self.execution.exec_status == ExecutionStatus.RUNNING:
                moto_terminated(self)

    moto_publish = replace(EventManager, "_publish_history_event", publish)
    moto_set_timed_out = replace(Environment, "set_timed_out", set_timed_out)
    moto_start = replace(Execution, "start", start)
    moto_terminated = replace(BaseExecutionWorkerCommunication, "terminated", terminated)
    replace(BaseExecutionWorkerCommunication, "_reflect_execution_status", _reflect_execution_status)
    replace(Execution, "stop", _stop)
    replace(StepFunctionResponse, "stop_execution", _stop_execution)


def _stop_execution(self: Any) -> Any:
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.exec_status == ExecutionStatus.RUNNING:
        now = datetime.datetime.now(tz=datetime.UTC)
        execution.stop(now, self._get_param("error"), self._get_param("cause"))
    while execution.exec_status == ExecutionStatus.RUNNING:  # it has just ended by itself, and will say so
        time.sleep(_PAUSE_SECONDS)
    return ActionResult({"stopDate": execution.stop_date})


def _stop(self: Any, stop_date: datetime.datetime, error: str | None, cause: str | None) -> None:
    env = _begun(self)
    with env._state_mutex:
        if not env.is_running():  # it has ended before
            return
        env.set_stop(stop_date=stop_date, error=error, cause=cause)
        details = {name: text for name, text in (("error", error), ("cause", cause)) if text is not None}
        _close_history(env, HistoryEventType.ExecutionAborted, {"executionAbortedEventDetails": details})
        self.stop_date = stop_date
        self.error, self.cause = error, cause
        self.exec_status = ExecutionStatus.ABORTED
    current().on_status_change(self)


def _begun(execution: Any) -> Any:
    """The environment of an execution whose thread has come to its first state."""
    while True:
        worker = execution.exec_worker
        if worker is not None and worker.env is not None and worker.env.program_state() is not None:
            return worker.env
        time.sleep(_PAUSE_SECONDS)


def _close_history(env: Any, event_type: HistoryEventType, details: Any) -> None:
    """For an end that comes from outside of the state under way; a closed history stays as it is."""
    env.event_manager.add_event(
        context=EventHistoryContext.of_program_start(), event_type=event_type, event_details=details
    )


def _reflect_execution_status(self: Any) -> None:
    execution = self.execution
    program_state = execution.exec_worker.env.program_state()
    execution.stop_date = datetime.datetime.fromisoformat(events_of(execution)[-1]["timestamp"])
    match program_state:
        case ProgramEnded():
            execution.output = execution.exec_worker.env.states.get_input()
            execution.exec_status = ExecutionStatus.SUCCEEDED
        case ProgramError():
            failure = program_state.error or {}
            execution.error, execution.cause = failure.get("error"), failure.get("cause")
            execution.exec_status = ExecutionStatus.FAILED
        case ProgramTimedOut():
            execution.exec_status = ExecutionStatus.TIMED_OUT
        case _:
            raise RuntimeError(f"{execution.execution_arn} has stopped in {type(program_state).__name__}")
    current().on_status_change(execution)
