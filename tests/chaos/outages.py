"""Everything that runs wait for is away for longer than a moment, one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from tests.chaos.faults import CALLS, FUNCTIONS, STATUS_EVENT, STEPS_OF_A_RUN
from tests.chaos.runs import Cloud

Kind = Literal["provider", "aws", "function", "mapping", "keys", "quotas"]

SECONDS = (3.0, 10.0)
"""Real time: 1 to 3 minutes of AWS'."""
LONG_SECONDS = (25.0, 40.0)
"""Longer than a call is repeated, and than the grace period."""
HOUR = (190.0, 200.0)
"""More than an hour of AWS'."""
KEYS_SECONDS = (3.0, 3.0)
"""A start whose keys are rejected is repeated for some twenty seconds of real time."""
PROVIDERS: tuple[Cloud, ...] = ("naver", "huawei")
PROVIDER_FAULTS = ("http_503", "reset_before", "http_502_html", "http_500")
LAMBDA_FAULTS = ("http_500", "http_429", "http_503", "crash", "timeout_after")
NEVER_RUN = ("http_429", "http_503")
"""Of starts: with the others each start meanwhile would be unconfirmed, and nothing distinguishes those of one job."""
SCARCE: Mapping[str, Mapping[str, float]] = {
    "GetExecutionHistory": {"bucket": 2, "refill": 0.1},
    "DescribeExecution": {"bucket": 2, "refill": 0.1},
    "ListExecutions": {"bucket": 1, "refill": 0.05},
}
"""A fiftieth of what AWS lets pass, at the sandbox's speed two reads a second."""


@dataclass(frozen=True)
class Outage:
    """`subject` is a cloud, a function, a connection, or says what the rules are about; `seconds` are real time. Of the
    kind `quotas` the one rule holds Step Functions' quotas by action.
    """

    kind: Kind
    subject: str
    seconds: float
    rules: tuple[Mapping[str, Any], ...] = ()


class OutageDrawer:
    def __init__(self, random: Random) -> None:
        self._random = random

    def rounds(self) -> Iterator[Outage]:
        """Without an end. Those of a round come in an order of their own, so that few runs meet many kinds."""
        while True:
            together = list(self._round())
            self._random.shuffle(together)
            yield from together

    def hour_without(self, subject: str) -> Outage:
        """A provider, or a function, is away for longer than an hour of the sandbox's."""
        return self._function(subject, HOUR) if subject in FUNCTIONS else self._provider(subject, HOUR)

    def _round(self) -> Iterator[Outage]:
        choice = self._random.choice
        yield from (self._provider(cloud, LONG_SECONDS) for cloud in PROVIDERS)
        yield from (self._function(function, SECONDS) for function in FUNCTIONS)
        everywhere = {"operation": "Invoke", "fault": choice(NEVER_RUN)}
        yield self._outage("aws", "calls of all functions", LONG_SECONDS, everywhere)
        for subject, calls in CALLS.items():
            fault = choice(("http_429", "http_500", "http_503"))
            yield self._outage("aws", subject, SECONDS, *({**call, "fault": fault} for call in calls))
        # The sandbox's EventBridge tries once: what it cannot hand over is lost.
        yield Outage("aws", "status events", 12.0, ({**STATUS_EVENT, "fault": "http_503"},))
        yield self._outage("quotas", "reads of executions", (8.0, 20.0), SCARCE)
        for function in self._random.sample(STEPS_OF_A_RUN, 2):
            yield self._outage("function", function, SECONDS)
        yield self._outage("mapping", choice(("poll_execution", "close_run")), SECONDS)
        yield self._outage("keys", choice(("naver", "naver-marked", "huawei")), KEYS_SECONDS)

    def _provider(self, cloud: str, seconds: tuple[float, float]) -> Outage:
        return self._outage(
            "provider", cloud, seconds, {"operation": "*", "fault": self._random.choice(PROVIDER_FAULTS)}
        )

    def _function(self, function: str, seconds: tuple[float, float]) -> Outage:
        fault = self._random.choice(NEVER_RUN if function == "trigger_execution" else LAMBDA_FAULTS)
        rule = {"operation": "Invoke", "function": f"farsync-{function}", "fault": fault}
        return self._outage("aws", f"calls of {function}", seconds, rule)

    def _outage(self, kind: Kind, subject: str, seconds: tuple[float, float], *rules: Mapping[str, Any]) -> Outage:
        return Outage(kind, subject, round(self._random.uniform(*seconds), 1), rules)
