"""StopExecution ends an execution at once, with the error and cause that it was given.

moto waits for the task under way, which may take minutes, and forgets error and cause.
"""

import datetime
import time
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.endings import close_history
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current

_PAUSE_SECONDS = 0.001


def apply() -> None:
    def terminated(self: Any) -> None:
        # The thread of an aborted execution ends later: it must not change what has been reported, nor speak for the
        # attempt that a redrive has begun since.
        worker = self.execution.exec_worker
        if worker._execution_communication is not self:
            return
        with worker.env._state_mutex:  # an abort under way comes to its end first
            if self.execution.exec_status == ExecutionStatus.RUNNING:
                moto_terminated(self)

    moto_terminated = replace(BaseExecutionWorkerCommunication, "terminated", terminated)
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
        close_history(env, HistoryEventType.ExecutionAborted, {"executionAbortedEventDetails": details})
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
