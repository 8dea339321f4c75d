"""An execution ends at one moment: its history is closed, then its status changes, and nothing is added afterwards.
The sandbox is notified of every change of status.

When an execution is aborted or overruns, moto waits for the task under way before it writes the end, and writes the
task's result before it, which AWS never learns. It also gives a status before the output or error that belong to it,
and notifies nobody.
"""

import datetime
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError, ProgramTimedOut
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current

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
                    close_history(self, HistoryEventType.ExecutionTimedOut, {"executionTimedOutEventDetails": {}})

    def start(self: Any) -> None:
        moto_start(self)
        current().on_status_change(self)

    moto_publish = replace(EventManager, "_publish_history_event", publish)
    moto_set_timed_out = replace(Environment, "set_timed_out", set_timed_out)
    moto_start = replace(Execution, "start", start)
    replace(BaseExecutionWorkerCommunication, "_reflect_execution_status", _reflect_execution_status)


def close_history(env: Any, event_type: HistoryEventType, details: Any) -> None:
    """For an end that comes from outside of the state under way; a closed history stays as it is."""
    env.event_manager.add_event(
        context=EventHistoryContext.of_program_start(), event_type=event_type, event_details=details
    )


def _reflect_execution_status(self: Any) -> None:
    execution = self.execution
    program_state = execution.exec_worker.env.program_state()
    execution.stop_date = datetime.datetime.now(tz=datetime.UTC)
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
