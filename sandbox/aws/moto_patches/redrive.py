"""RedriveExecution, which moto does not know: an execution that ended badly goes on from the state that failed.

The state begins anew with the input and the variables of its first entry, and with all its retries. A Parallel or Map
state runs again whole; with AWS only those of its branches do that did not succeed.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

import copy
import datetime
import threading
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.flow.start_at import StartAt
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.context_object import utc_text
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current

_one_redrive_at_a_time = threading.Lock()


class ExecutionNotRedrivable(AWSError):
    TYPE = "ExecutionNotRedrivable"
    STATUS = 400


@dataclass(frozen=True)
class _Place:
    """Where an execution stands: in a state that it has entered, or before the next one."""

    state: str
    given: Any
    variables: dict[str, Any]
    is_entered: bool


class _ContinuedHistory(EventManager):
    """Goes on behind the earlier events. A state that was entered before is not entered again, but Fail is."""

    def __init__(self, events: list[Any], is_entered: bool) -> None:
        super().__init__()
        self._history_event_list.extend(events)
        self._event_id_gen._next_id = len(events) + 1
        self._is_entered = is_entered

    def add_event(self, context: EventHistoryContext, event_type: Any, *args: Any, **kwargs: Any) -> int:
        if event_type.endswith("StateEntered") and self._is_entered:
            self._is_entered = False
            if event_type != HistoryEventType.FailStateEntered:
                return context.last_published_event_id
        return super().add_event(context, event_type, *args, **kwargs)


def apply() -> None:
    def eval_body(self: Any, env: Any) -> None:
        _remember(env, self.name, is_entered=True)
        moto_eval_body(self, env)

    def exited(self: Any, env: Any) -> Any:
        details = moto_exited(self, env)
        if env.next_state_name is not None:
            _remember(env, env.next_state_name, is_entered=False)
        return details

    moto_eval_body = replace(CommonStateField, "_eval_body", eval_body)
    moto_exited = replace(CommonStateField, "_get_state_exited_event_details", exited)
    for name, value in (("redrive_count", 0), ("redrive_date", None), ("redrive_tokens", ())):
        setattr(Execution, name, value)
    setattr(StepFunctionResponse, "redrive_execution", _redrive_execution)  # noqa: B010


def rejection(execution: Any) -> str | None:
    """Why the execution cannot be redriven."""
    if execution.status in ("RUNNING", "SUCCEEDED"):
        return f"Execution is {execution.status} and cannot be redriven"
    return None


def _remember(env: Any, state: str, is_entered: bool) -> None:
    if not env.is_frame():
        env.place = _Place(state, env.states.get_input(), dict(env.variable_store._inner_scope), is_entered)


def _redrive_execution(self: Any) -> Any:
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    token = self._get_param("clientToken")
    with _one_redrive_at_a_time:
        # The same call again, after its reply was lost, is answered and not done twice.
        if token is None or token not in execution.redrive_tokens:
            if reason := rejection(execution):
                raise ExecutionNotRedrivable(reason)
            execution.redrive_tokens = (*execution.redrive_tokens, token)
            _go_on(execution)
    return ActionResult({"redriveDate": execution.redrive_date})


def _go_on(execution: Any) -> None:
    before = execution.exec_worker.env
    events = before.event_manager.get_event_history()
    execution.redrive_count += 1
    execution.redrive_date = datetime.datetime.now(tz=datetime.UTC)
    worker = execution._get_start_execution_worker()
    program = copy.copy(worker._get_evaluation_entrypoint())
    at_start = _Place(program.start_at.start_at_name, execution.input_data, {}, is_entered=False)
    place = getattr(before, "place", at_start)
    program.start_at = StartAt(place.state)
    env = worker._get_evaluation_environment()
    # An abort may have closed the history just before the entry was written.
    env.event_manager = _ContinuedHistory(events, place.is_entered and _last_entered(events) == place.state)
    env.event_history_context = EventHistoryContext(previous_event_id=len(events))
    env.variable_store._inner_scope.update(place.variables)
    env.states.reset(input_value=place.given)
    env.states.context_object.context_object_data["Execution"] |= {
        "RedriveCount": execution.redrive_count,
        "RedriveTime": utc_text(execution.redrive_date),
    }
    env.place = place
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.ExecutionRedriven,
        event_details={"executionRedrivenEventDetails": {"redriveCount": execution.redrive_count}},
    )

    def run() -> None:
        program.eval(env)
        worker._execution_communication.terminated()

    worker.env = env
    execution.exec_worker = worker
    execution.stop_date = execution.error = execution.cause = None
    execution.exec_status = ExecutionStatus.RUNNING
    current().on_status_change(execution)
    threading.Thread(target=run, daemon=True).start()


def _last_entered(events: list[Any]) -> str | None:
    entries = (event["stateEnteredEventDetails"] for event in reversed(events) if "stateEnteredEventDetails" in event)
    return next((str(entry["name"]) for entry in entries), None)
