"""What is away for longer than a moment: everything that runs wait for, one after the other."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from tests.chaos.fault_choices import INVOKE
from tests.chaos.plan import Outage, OutageKind

SECONDS = (3.0, 10.0)
"""Real time: 1 to 3 minutes of AWS'."""
LONG_SECONDS = (25.0, 40.0)
"""Longer than a call is repeated, and than the grace period."""
HOUR = (190.0, 200.0)
"""More than an hour of AWS'."""
FUNCTIONS = (
    "prepare_execution",
    "trigger_execution",
    "find_execution",
    "poll_execution",
    "close_run",
    "sweep_runs",
    "watch_jobs",
    "plan_backfill",
    "manage_runs",
)
DELETED = ("prepare_execution", "trigger_execution", "find_execution", "poll_execution", "close_run")
LAMBDA_TROUBLE = ("http_500", "http_429", "http_503", "crash", "timeout_after")
NEVER_RUN = ("http_429", "http_503")
"""Of starts: with the others each start meanwhile would be unconfirmed, and of one job nobody could tell them apart."""
AT_AWS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "sends to the poll queue": ({"operation": "SendMessage", "match": "farsync-poll"},),
    "visibility of messages": ({"operation": "ChangeMessageVisibility"},),
    "deletes of messages": (
        {"operation": "DeleteMessage", "match": "farsync-poll"},
        {"operation": "DeleteMessage", "match": "farsync-close"},
    ),
    "tokens": tuple({"operation": f"SendTask{what}"} for what in ("Heartbeat", "Success", "Failure")),
    "reads of runs": tuple(
        {"operation": operation} for operation in ("GetExecutionHistory", "DescribeExecution", "ListExecutions")
    ),
    "emitted events": ({"operation": "StartExecution", "match": "stateMachine:farsync-emit_event"},),
    "sends to the completion queue": ({"operation": "SendMessage", "match": "farsync-completions"},),
    "events to the bus and to the log": ({"operation": "PutEvents"}, {"operation": "PutLogEvents"}),
}
SCARCE: Mapping[str, Mapping[str, float]] = {
    "GetExecutionHistory": {"bucket": 2, "refill": 0.1},
    "DescribeExecution": {"bucket": 2, "refill": 0.1},
    "ListExecutions": {"bucket": 1, "refill": 0.05},
}
"""A fiftieth of what AWS lets pass, at the sandbox's speed two reads a second."""
LOST_STATUS_EVENTS = Outage(
    "aws",
    "status events",
    12.0,
    ({"operation": "SendMessage", "match": "farsync-close", "fault": "http_503"},),
)
"""The sandbox's EventBridge tries once: what it cannot hand over is lost."""
PROVIDER_TROUBLE = ("http_503", "reset_before", "http_502_html", "http_500")
KEYS_SECONDS = 3.0
"""A start whose keys are rejected is repeated for some twenty seconds of real time."""


def hour_without(subject: str, random: Random) -> Outage:
    """A provider, or a function, is away for longer than an hour of the sandbox's."""
    if subject in FUNCTIONS:
        return _outage(random, "aws", f"calls of {subject}", (_invoke_rule(random, subject),), HOUR)
    rule = {"operation": "*", "fault": random.choice(PROVIDER_TROUBLE)}
    return _outage(random, "provider", subject, (rule,), HOUR)


def outages(random: Random) -> Iterator[Outage]:
    """Without an end: those of a round in an order of their own, so that few runs meet many kinds."""
    while True:
        deck = list(_deck(random))
        random.shuffle(deck)
        yield from deck


def _deck(random: Random) -> Iterator[Outage]:
    for cloud in ("naver", "huawei"):
        rule = {"operation": "*", "fault": random.choice(PROVIDER_TROUBLE)}
        yield _outage(random, "provider", cloud, (rule,), LONG_SECONDS)
    for function in FUNCTIONS:
        yield _outage(random, "aws", f"calls of {function}", (_invoke_rule(random, function),))
    everywhere = {"operation": INVOKE, "fault": random.choice(NEVER_RUN)}
    yield _outage(random, "aws", "calls of all functions", (everywhere,), LONG_SECONDS)
    for subject, calls in AT_AWS.items():
        fault = random.choice(("http_429", "http_500", "http_503"))
        yield _outage(random, "aws", subject, tuple({**call, "fault": fault} for call in calls))
    yield LOST_STATUS_EVENTS
    yield _outage(random, "quotas", "reads of executions", (SCARCE,), (8.0, 20.0))
    for function in random.sample(DELETED, 2):
        yield _outage(random, "function", function)
    yield _outage(random, "mapping", random.choice(("poll_execution", "close_run")))
    yield Outage("keys", random.choice(("naver", "naver-marked", "huawei")), KEYS_SECONDS)


def _invoke_rule(random: Random, function: str) -> dict[str, Any]:
    faults = NEVER_RUN if function == "trigger_execution" else LAMBDA_TROUBLE
    return {"operation": INVOKE, "function": f"farsync-{function}", "fault": random.choice(faults)}


def _outage(
    random: Random,
    kind: OutageKind,
    subject: str,
    rules: tuple[Mapping[str, Any], ...] = (),
    seconds: tuple[float, float] = SECONDS,
) -> Outage:
    return Outage(kind, subject, round(random.uniform(*seconds), 1), rules)
