"""Failures of a state in the form that moto's interpreter passes on to Retry, Catch and the execution."""

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
    told: Any = {
        "evaluationFailedEventDetails": {
            "error": name.error_name,
            "cause": cause,
            "state": env.next_state_name or "",
        }
    }
    return FailureEventException(FailureEvent(env, name, HistoryEventType.EvaluationFailed, told))


def no_choice_matched(env: Any, state_name: str) -> FailureEventException:
    name = StatesErrorName(typ=StatesErrorNameType.StatesNoChoiceMatched)
    cause = f"No Choice Rule of the state '{state_name}' matched, and it has no Default."
    told: Any = {"taskFailedEventDetails": {"error": name.error_name, "cause": cause}}
    return FailureEventException(FailureEvent(env, name, HistoryEventType.TaskFailed, told))
