"""Faults on order: which calls of AWS' API go wrong, and how."""

import threading
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FaultKind = Literal[
    "http_401",
    "http_403",
    "not_found",
    "reject",
    "reset_before",
    "reset_after",
    "timeout_after",
    "http_429",
    "http_500",
    "http_503",
    "truncated_json",
    "slow",
    "crash",
]


class FaultRule(BaseModel):
    """`operation` is an API action, or Invoke with `function` (a name or logical id).

    The rule lets `skip` calls pass, spoils the next `times`, and then rests. `match` is a text that the request's
    body must hold. `seconds` belongs to slow and timeout_after, `retryAfter` (seconds) to http_429 and http_503.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: str
    fault: FaultKind
    times: Annotated[int, Field(ge=1)] = 1
    skip: Annotated[int, Field(ge=0)] = 0
    function: str | None = None
    match: str | None = None
    retryAfter: Annotated[int, Field(ge=0)] | None = None
    seconds: Annotated[float, Field(ge=0)] | None = None


_RULES = TypeAdapter(list[FaultRule])


def parse_rules(body: bytes) -> list[FaultRule]:
    """Raises pydantic's ValidationError."""
    return _RULES.validate_json(body)


class _Order:
    """A rule, and how many calls it has seen."""

    def __init__(self, rule: FaultRule) -> None:
        self.rule = rule
        self.seen = 0

    def fits(self, operation: str, text: str, functions: Sequence[str]) -> bool:
        rule = self.rule
        is_meant = rule.operation == operation and (rule.function is None or rule.function in functions)
        return is_meant and (rule.match or "") in text and self.seen < rule.skip + rule.times


class Faults:
    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def replace(self, rules: Sequence[FaultRule]) -> None:
        with self._lock:
            self._orders = list(map(_Order, rules))

    def add(self, rules: Sequence[FaultRule]) -> None:
        """Behind those that were ordered before."""
        with self._lock:
            self._orders += map(_Order, rules)

    def withdraw(self, rules: Sequence[FaultRule]) -> None:
        """However often they have hit, or may yet."""
        withdrawn = list(map(_identity, rules))
        with self._lock:
            self._orders = [order for order in self._orders if _identity(order.rule) not in withdrawn]

    def take(self, operation: str, body: bytes, functions: Sequence[str] = ()) -> FaultRule | None:
        """The rule that spoils this call, if any; counts the call for every rule that it fits, up to that one."""
        text = body.decode(errors="replace")
        with self._lock:
            for order in self._orders:
                if order.fits(operation, text, functions):
                    order.seen += 1
                    if order.seen > order.rule.skip:
                        return order.rule
        return None


def _identity(rule: FaultRule) -> FaultRule:
    """The rule without how often it hits."""
    return rule.model_copy(update={"times": 1, "skip": 0})
