"""Which faults chaos draws from, with their weights."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.chaos.plan import HIDDEN_SHARE, SPEED, WINDOW_SECONDS, Cloud

Weighted = Sequence[tuple[float, Mapping[str, Any]]]

ANY_FAULT: Weighted = (
    (2, {"fault": "http_429"}),
    (1, {"fault": "http_429", "retryAfter": 1}),
    (1, {"fault": "http_500"}),
    (1, {"fault": "http_502_html"}),
    (1, {"fault": "http_503"}),
    (1, {"fault": "http_408"}),
    (1, {"fault": "http_520"}),
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
    (1, {"fault": "http_408"}),
    *((0.7, {"fault": fault}) for fault in ("http_500", "http_502_html", "http_503", "http_302", "http_520")),
    *(
        (0.7, {"fault": fault, "done": True})
        for fault in ("http_500", "http_502_html", "http_503", "http_302", "http_303", "http_520", "http_524")
    ),
    (2, {"fault": "truncated_json"}),
    (1, {"fault": "early_hints"}),
    (1, {"fault": "clock_skew"}),
    (1, {"fault": "slow", "seconds": 1.0}),
    (3, {"fault": "late_visibility"}),
)
AT_POLL: Weighted = (
    *ANY_FAULT,
    (2, {"fault": "unknown_status"}),
    (1, {"fault": "other_execution"}),
    (1, {"fault": "early_hints"}),
    (1, {"fault": "clock_skew"}),
    (1, {"fault": "http_401"}),
)
AT_CANCEL: Weighted = (
    *ANY_FAULT,
    (1, {"fault": "http_500", "done": True}),
    (1, {"fault": "http_503", "done": True}),
    (1, {"fault": "timeout_after", "seconds": 1.0}),
)
AT_PROVIDERS: Sequence[tuple[float, str, Weighted]] = (
    (6, "start", AT_START),
    (6, "poll", AT_POLL),
    (3, "list_executions", ANY_FAULT),
    (2, "get_job", ANY_FAULT),
    (2, "cancel", AT_CANCEL),
)
OUTAGES: Weighted = (
    (1, {"fault": "http_503", "times": 25}),
    (1, {"fault": "http_502_html", "times": 25}),
    (1, {"fault": "reset_before", "times": 25}),
)

SHARE_OF_UNCONFIRMED_STARTS = 0.35
"""Of the faults at starts, where no marker shows whose an execution is. Two of one job that nobody can tell apart end
as ambiguous: so one start in ten loses its reply there, and where executions are marked one in three.
"""

INVOKE = "Invoke"
TOKEN, NAME = "token", "name"
"""What of a run stands in the body of a call, so that a rule can wait for it."""
BEFORE_WORK: Weighted = ((1, {"fault": "http_429"}), (1, {"fault": "http_500"}), (1, {"fault": "http_503"}))
AFTER_WORK: Weighted = ((2, {"fault": "crash"}), (1, {"fault": "timeout_after"}))
LATER: Weighted = ((1, {"fault": "slow", "seconds": 1.0}),)
CALL: Weighted = (*BEFORE_WORK, (1, {"fault": "reset_before"}), (2, {"fault": "reset_after"}))
INVOKED: Weighted = (*BEFORE_WORK, *AFTER_WORK, *LATER)
AT_AWS: Sequence[tuple[float, Mapping[str, Any], Weighted]] = (
    (2, {"operation": INVOKE, "function": "farsync-prepare_execution", "by": TOKEN}, INVOKED),
    (6, {"operation": INVOKE, "function": "farsync-trigger_execution", "by": TOKEN}, INVOKED),
    (2, {"operation": INVOKE, "function": "farsync-find_execution", "by": TOKEN}, INVOKED),
    (4, {"operation": INVOKE, "function": "farsync-poll_execution", "by": TOKEN}, INVOKED),
    (3, {"operation": INVOKE, "function": "farsync-close_run", "by": NAME}, INVOKED),
    (2, {"operation": "SendMessage", "by": TOKEN}, CALL),  # Follow's
    (2, {"operation": "SendMessage", "by": TOKEN, "skip": 1}, CALL),  # that of the event, as a rule
    (2, {"operation": "SendTaskSuccess", "by": TOKEN}, CALL),
    (1, {"operation": "SendTaskFailure", "by": TOKEN}, CALL),
    (2, {"operation": "StartExecution", "by": TOKEN, "skip": 1}, CALL),  # of emit_event
    (1, {"operation": "GetExecutionHistory", "by": NAME}, CALL),
    (1, {"operation": "DescribeExecution", "by": NAME}, CALL),
)
"""Of one run. A queue or a machine hears of a run by the labels in what it is sent."""
ANYBODYS: Sequence[tuple[float, Mapping[str, Any]]] = (
    (3, {"operation": "ChangeMessageVisibility", "match": "farsync-poll"}),
    (2, {"operation": "ChangeMessageVisibility", "match": "farsync-close"}),
    (3, {"operation": "DeleteMessage", "match": "farsync-poll"}),
    (2, {"operation": "DeleteMessage", "match": "farsync-close"}),
    (3, {"operation": "SendTaskHeartbeat"}),
    (2, {"operation": "GetExecutionHistory"}),
    (2, {"operation": "DescribeExecution"}),
    (2, {"operation": "ListExecutions"}),
    (1, {"operation": "GetSecretValue"}),
)
FUNCTIONS = (
    "prepare_execution",
    "trigger_execution",
    "find_execution",
    "poll_execution",
    "poll_execution",
    "close_run",
    "close_run",
    "sweep_runs",
    "watch_jobs",
    "manage_runs",
)
FUNCTIONS_THAT_POLL = ("poll_execution", "close_run")
"""Both also cancel; a cancel that is rejected asks why."""


def draw(random: Random, choices: Weighted) -> dict[str, Any]:
    return dict(random.choices([rule for _, rule in choices], [weight for weight, _ in choices])[0])


def is_spared(random: Random, *, is_marked: bool) -> bool:
    """Whether a fault at a start is left out."""
    return not is_marked and random.random() >= SHARE_OF_UNCONFIRMED_STARTS


def provider_fault(random: Random) -> tuple[str, dict[str, Any]]:
    """An operation in the words of `tests.support.emulators`, and a rule for it."""
    weights = [weight for weight, _, _ in AT_PROVIDERS]
    _, operation, choices = random.choices(AT_PROVIDERS, weights)[0]
    rule = draw(random, choices)
    if rule["fault"] == "late_visibility":
        rule["seconds"] = round(random.uniform(0.2, 1) * HIDDEN_SHARE * WINDOW_SECONDS / SPEED, 2)
    return operation, {**rule, "times": 1 if operation == "start" else random.choice((1, 1, 2, 4))}


def aws_fault_of(random: Random, token: str) -> dict[str, Any]:
    """A rule for the run of this token."""
    _, call, choices = random.choices(AT_AWS, [weight for weight, _, _ in AT_AWS])[0]
    return {**call, **draw(random, choices), "match": token, "times": random.choice((1, 1, 2))}


def at_a_start(rule: Mapping[str, Any]) -> bool:
    return rule.get("function") == "farsync-trigger_execution"


def aws_fault(random: Random) -> dict[str, Any]:
    """A rule for whoever calls next."""
    call = random.choices([call for _, call in ANYBODYS], [weight for weight, _ in ANYBODYS])[0]
    return {**call, **draw(random, CALL), "times": random.choice((1, 2, 4))}


def locks_keys(cloud: Cloud, fault: str) -> bool:
    """Huawei locks keys that go on failing, so that a process which met a 401 rests them for minutes."""
    return cloud == "huawei" and fault == "http_401"
