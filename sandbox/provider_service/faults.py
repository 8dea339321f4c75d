"""Faults on demand: rules that change what chosen requests get."""

import threading
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from sandbox.provider_service.validation import ControlRejected, first_fault

ANY_OPERATION = "*"
Fault = Literal[
    "http_401",
    "http_403",
    "not_found",
    "bad_state",
    "reject",
    "already_running",
    "quota_exceeded",
    "reset_before",
    "reset_after",
    "timeout_after",
    "http_429",
    "http_500",
    "http_502_html",
    "http_503",
    "http_504",
    "http_302",
    "http_303",
    "http_307",
    "http_408",
    "http_520",
    "http_524",
    "early_hints",
    "truncated_json",
    "other_execution",
    "unknown_status",
    "slow",
    "late_visibility",
    "clock_skew",
]
DEFAULT_SECONDS = {"timeout_after": 60.0, "slow": 5.0, "late_visibility": 5.0, "clock_skew": 600.0}
DONE_FIRST = frozenset(
    {"http_302", "http_303", "http_307", "http_500", "http_502_html", "http_503", "http_504", "http_520", "http_524"}
)


class FaultRule(BaseModel):
    """Hits requests of `operation` (of `job` only, if given): lets `skip` pass, then changes `times`."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    operation: str
    fault: Fault
    times: Annotated[int, Field(ge=1)] = 1
    skip: Annotated[int, Field(ge=0)] = 0
    job: str | None = None
    retry_after: Annotated[int, Field(ge=0)] | None = None
    """Seconds in the `Retry-After` header of a rejection."""
    seconds: float | None = None
    done: bool = False
    """For the faults of `DONE_FIRST`: the request takes effect before its reply goes wrong."""

    @model_validator(mode="after")
    def _check(self) -> "FaultRule":
        if self.done and self.fault not in DONE_FIRST:
            raise ValueError(f"done goes with {', '.join(sorted(DONE_FIRST))} only")
        if self.seconds is not None and self.seconds < 0 and self.fault != "clock_skew":
            raise ValueError("seconds must not be negative")
        return self

    @property
    def duration_seconds(self) -> float:
        return self.seconds if self.seconds is not None else DEFAULT_SECONDS.get(self.fault, 0.0)


class FaultBook:
    """The rules that are left. The first one that hits a request decides.

    `start_operation` is the one that starts an execution: `late_visibility` hits no other.
    """

    def __init__(self, operations: Sequence[str], start_operation: str) -> None:
        self._operations = (*operations, ANY_OPERATION)
        self._start_operation = start_operation
        self._lock = threading.Lock()
        self._rules: list[FaultRule] = []

    def order(self, method: str, rules: Any) -> None:
        """PUT replaces those that are left, POST adds behind them, DELETE withdraws however often they have hit.

        Raises `ControlRejected`.
        """
        given = self._checked(rules)
        with self._lock:
            match method:
                case "PUT":
                    self._rules = given
                case "POST":
                    self._rules += given
                case "DELETE":
                    withdrawn = [_identity(rule) for rule in given]
                    self._rules = [rule for rule in self._rules if _identity(rule) not in withdrawn]

    def _checked(self, rules: Any) -> list[FaultRule]:
        try:
            checked = TypeAdapter(list[FaultRule]).validate_python(rules)
        except ValidationError as error:
            where, text = first_fault(error)
            raise ControlRejected(f"{where}: {text}, got {error.errors()[0]['input']!r}") from error
        for index, rule in enumerate(checked):
            if rule.operation not in self._operations:
                allowed = ", ".join(self._operations)
                raise ControlRejected(f"[{index}].operation: must be one of {allowed}, got {rule.operation!r}")
            if rule.fault == "late_visibility" and rule.operation not in (self._start_operation, ANY_OPERATION):
                raise ControlRejected(f"[{index}].operation: late_visibility belongs to {self._start_operation}")
        return checked

    def left(self) -> list[dict[str, Any]]:
        with self._lock:
            return [rule.model_dump(by_alias=True, exclude_none=True) for rule in self._rules]

    def take(self, operation: str, job: str) -> FaultRule | None:
        """The rule for this request, used up once more. `job` is empty where the request names none."""
        with self._lock:
            for index, rule in enumerate(self._rules):
                if not self._matches(rule, operation, job):
                    continue
                if rule.skip:
                    self._rules[index] = rule.model_copy(update={"skip": rule.skip - 1})
                    continue
                self._rules[index] = rule.model_copy(update={"times": rule.times - 1})
                if rule.times == 1:
                    del self._rules[index]
                return rule
        return None

    def _matches(self, rule: FaultRule, operation: str, job: str) -> bool:
        if rule.fault == "late_visibility" and operation != self._start_operation:
            return False
        return rule.operation in (ANY_OPERATION, operation) and rule.job in (None, job)


def _identity(rule: FaultRule) -> FaultRule:
    """The rule without what is used up."""
    return rule.model_copy(update={"times": 1, "skip": 0})
