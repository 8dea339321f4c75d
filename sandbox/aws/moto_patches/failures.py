"""A failing expression in the form that moto's interpreter passes on to Retry, Catch and the execution."""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)


def query_evaluation_error(env: Any, cause: str) -> FailureEventException:
    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    details: Any = {"error": name.error_name, "cause": cause, "state": env.next_state_name or ""}
    event: Any = {"evaluationFailedEventDetails": details}
    return FailureEventException(FailureEvent(env, name, HistoryEventType.EvaluationFailed, event))
