"""Which faults chaos draws from, with their weights."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.chaos.plan import Cloud

Weighted = Sequence[tuple[float, Mapping[str, Any]]]

LONGEST_HIDDEN_SECONDS = 6.0
"""Real time; below SETTLE_SECONDS / SPEED."""
TROUBLE: Weighted = (
    (2, {"fault": "http_429"}),
    (1, {"fault": "http_429", "retryAfter": 1}),
    (1, {"fault": "http_500"}),
    (1, {"fault": "http_502_html"}),
    (1, {"fault": "http_503"}),
    (1, {"fault": "truncated_json"}),
    (1, {"fault": "reset_before"}),
    (1, {"fault": "reset_after"}),
    (1, {"fault": "slow", "seconds": 0.7}),
)
AT_START: Weighted = (
    (2, {"fault": "reset_before"}),
    (3, {"fault": "reset_after"}),
    (2, {"fault": "timeout_after", "seconds": 1.0}),
    (0.3, {"fault": "timeout_after", "seconds": 11.0}),  # above the client's read time-out; keeps a process for long
    (1, {"fault": "http_429"}),
    (1, {"fault": "http_429", "retryAfter": 1}),
    (1, {"fault": "http_500"}),
    (1, {"fault": "http_500", "done": True}),
    (1, {"fault": "http_502_html"}),
    (1, {"fault": "http_502_html", "done": True}),
    (1, {"fault": "http_503"}),
    (1, {"fault": "http_503", "done": True}),
    (2, {"fault": "truncated_json"}),
    (1, {"fault": "slow", "seconds": 1.0}),
    (3, {"fault": "late_visibility", "seconds": LONGEST_HIDDEN_SECONDS}),
)
AT_LOOK: Weighted = (*TROUBLE, (2, {"fault": "unknown_status"}), (1, {"fault": "http_401"}))
AT_CANCEL: Weighted = (
    *TROUBLE,
    (1, {"fault": "http_500", "done": True}),
    (1, {"fault": "http_503", "done": True}),
    (1, {"fault": "timeout_after", "seconds": 1.0}),
)
AT_VENDORS: Sequence[tuple[float, str, Weighted]] = (
    (10, "start", AT_START),
    (5, "look", AT_LOOK),
    (3, "list_executions", TROUBLE),
    (2, "get_job", TROUBLE),
    (2, "cancel", AT_CANCEL),
)
OUTAGES: Weighted = (
    (1, {"fault": "http_503", "times": 25}),
    (1, {"fault": "http_502_html", "times": 25}),
    (1, {"fault": "reset_before", "times": 25}),
)
INVOKE = "Invoke"
BEFORE_WORK: Weighted = ((1, {"fault": "http_429"}), (1, {"fault": "http_500"}), (1, {"fault": "http_503"}))
AFTER_WORK: Weighted = ((2, {"fault": "crash"}), (1, {"fault": "timeout_after"}))
LATER: Weighted = ((1, {"fault": "slow", "seconds": 1.0}),)
SEND: Weighted = (
    (1, {"fault": "http_429"}),
    (1, {"fault": "http_500"}),
    (1, {"fault": "http_503"}),
    (1, {"fault": "reset_before"}),
    (2, {"fault": "reset_after"}),
)
AT_AWS: Sequence[tuple[float, Mapping[str, str], Weighted]] = (
    (2, {"operation": INVOKE, "function": "farsync-prepare_execution"}, (*BEFORE_WORK, *AFTER_WORK, *LATER)),
    (6, {"operation": INVOKE, "function": "farsync-trigger_execution"}, (*BEFORE_WORK, *AFTER_WORK, *LATER)),
    (2, {"operation": INVOKE, "function": "farsync-find_execution"}, (*BEFORE_WORK, *AFTER_WORK)),
    (3, {"operation": INVOKE, "function": "farsync-poll_execution"}, (*BEFORE_WORK, *AFTER_WORK)),
    (3, {"operation": "SendMessage"}, SEND),
)
FUNCTIONS = (
    "prepare_execution",
    "trigger_execution",
    "trigger_execution",
    "trigger_execution",
    "find_execution",
    "poll_execution",
    "poll_execution",
    "cancel_execution",
    "manage_runs",
)


FUNCTIONS_THAT_LOOK = ("poll_execution", "cancel_execution")
"""A cancel that is refused looks why."""


def draw(random: Random, choices: Weighted) -> dict[str, Any]:
    """One of the rules; the seconds of a rule are the most that it may take."""
    rule = dict(random.choices([rule for _, rule in choices], [weight for weight, _ in choices])[0])
    if rule["fault"] == "late_visibility":
        rule["seconds"] = round(random.uniform(1.0, rule["seconds"]), 2)
    return rule


def vendor_fault(random: Random) -> tuple[str, dict[str, Any]]:
    """An operation in farsync's words, and a rule for it."""
    weights = [weight for weight, _, _ in AT_VENDORS]
    _, operation, choices = random.choices(AT_VENDORS, weights)[0]
    rule = draw(random, choices)
    return operation, {**rule, "times": 1 if operation == "start" else random.choice((1, 1, 2, 4))}


def aws_fault(random: Random, token: str) -> dict[str, Any]:
    """A rule for the run of this token."""
    _, call, choices = random.choices(AT_AWS, [weight for weight, _, _ in AT_AWS])[0]
    return {**call, **draw(random, choices), "match": token, "times": random.choice((1, 1, 2))}


def locks_keys(cloud: Cloud, fault: str) -> bool:
    """Huawei locks keys that go on failing, so that a process which met a 401 rests them for minutes."""
    return cloud == "huawei" and fault == "http_401"
