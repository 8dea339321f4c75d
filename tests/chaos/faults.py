"""Which single faults chaos draws from, with their weights."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from tests.chaos.runs import SPEED, WINDOW_SECONDS, Job

Weighted = Sequence[tuple[float, Mapping[str, Any]]]


def _each(weight: float, faults: str, **more: object) -> Iterator[tuple[float, Mapping[str, Any]]]:
    yield from ((weight, {"fault": fault, **more}) for fault in faults.split())


HIDDEN_SHARE = 0.7
"""Of the window at the sandbox's speed, for which an execution may be missing in lists."""
ANY_FAULT: Weighted = (
    *_each(2, "http_429"),
    *_each(1, "http_500 http_502_html http_503 http_408 http_520 truncated_json reset_before reset_after"),
    *_each(1, "http_429", retryAfter=1),
    *_each(1, "slow", seconds=0.7),
)
AT_START: Weighted = (
    *_each(2, "reset_before truncated_json"),
    *_each(3, "reset_after late_visibility"),
    *_each(2, "timeout_after", seconds=1.0),
    *_each(0.3, "timeout_after", seconds=11.0),  # above the client's read time-out; keeps a process for long
    *_each(1, "http_429 http_408 early_hints clock_skew"),
    *_each(1, "http_429", retryAfter=1),
    *_each(1, "slow", seconds=1.0),
    *_each(0.7, "http_500 http_502_html http_503 http_302 http_520"),
    *_each(0.7, "http_500 http_502_html http_503 http_302 http_303 http_520 http_524", done=True),
)
AT_POLL: Weighted = (
    *ANY_FAULT,
    *_each(2, "unknown_status"),
    *_each(1, "other_execution early_hints clock_skew http_401"),
)
AT_CANCEL: Weighted = (
    *ANY_FAULT,
    *_each(1, "http_500 http_503", done=True),
    *_each(1, "timeout_after", seconds=1.0),
)
AT_PROVIDERS: Sequence[tuple[float, str, Weighted]] = (
    (6, "start", AT_START),
    (6, "poll", AT_POLL),
    (3, "list_executions", ANY_FAULT),
    (2, "get_job", ANY_FAULT),
    (2, "cancel", AT_CANCEL),
)
HELD_BACK = ("timeout_after", "timeout_after", "slow")
"""The provider keeps its reply, or the start itself; the function is killed meanwhile."""
SHORT_OUTAGES: Weighted = tuple(_each(1, "http_503 http_502_html reset_before", times=25))

SHARE_OF_UNCONFIRMED_STARTS = 0.35
"""Of the faults at starts, where no marker shows whose an execution is. Two of one job that nobody can tell apart end
as ambiguous: so one start in ten loses its reply there, and where executions are marked one in three.
"""

TOKEN, NAME = "token", "name"
"""A run's words that stand in the body of a call, so that a rule can wait for it."""
BEFORE_WORK: Weighted = tuple(_each(1, "http_429 http_500 http_503"))
CALL: Weighted = (*BEFORE_WORK, *_each(1, "reset_before"), *_each(2, "reset_after"))
INVOKED: Weighted = (
    *BEFORE_WORK,
    *_each(2, "crash"),
    *_each(1, "timeout_after"),
    *_each(1, "slow", seconds=1.0),
)


def _invoke(weight: float, function: str, by: str = TOKEN) -> tuple[float, Mapping[str, Any], Weighted]:
    return weight, {"operation": "Invoke", "function": f"farsync-{function}", "by": by}, INVOKED


AT_AWS: Sequence[tuple[float, Mapping[str, Any], Weighted]] = (
    _invoke(2, "prepare_execution"),
    _invoke(6, "trigger_execution"),
    _invoke(2, "find_execution"),
    _invoke(4, "poll_execution"),
    _invoke(3, "close_run", NAME),
    (2, {"operation": "SendMessage", "by": TOKEN}, CALL),  # Follow's
    (2, {"operation": "SendMessage", "by": TOKEN, "skip": 1}, CALL),  # that of the event, as a rule
    (2, {"operation": "SendTaskSuccess", "by": TOKEN}, CALL),
    (1, {"operation": "SendTaskFailure", "by": TOKEN}, CALL),
    (2, {"operation": "StartExecution", "by": TOKEN, "skip": 1}, CALL),  # of emit_event
    (1, {"operation": "GetExecutionHistory", "by": NAME}, CALL),
    (1, {"operation": "DescribeExecution", "by": NAME}, CALL),
)
"""Of one run. A queue or a machine learns of a run by the labels in its message."""
LOST_STATUS_EVENT = {"operation": "SendMessage", "fault": "http_503", "by": NAME, "times": 1}
ANYBODYS: Weighted = (
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
AT_SECRETS = ("http_500", "http_429", "reset_before", "slow")


def draw(random: Random, choices: Weighted) -> dict[str, Any]:
    return dict(random.choices([rule for _, rule in choices], [weight for weight, _ in choices])[0])


def is_start_spared(random: Random, job: Job) -> bool:
    return not job.is_marked and random.random() >= SHARE_OF_UNCONFIRMED_STARTS


def draw_provider_fault(random: Random) -> tuple[str, dict[str, Any]]:
    """An operation in the words of `tests.support.emulators`, and a rule for it."""
    _, operation, choices = random.choices(AT_PROVIDERS, [weight for weight, _, _ in AT_PROVIDERS])[0]
    rule = draw(random, choices)
    if rule["fault"] == "late_visibility":
        rule["seconds"] = round(random.uniform(0.2, 1) * HIDDEN_SHARE * WINDOW_SECONDS / SPEED, 2)
    return operation, {**rule, "times": 1 if operation == "start" else random.choice((1, 1, 2, 4))}


def draw_aws_faults(random: Random, job: Job, *, is_named: bool, is_aborted: bool) -> Iterator[dict[str, Any]]:
    """Rules for one run. `is_named`: its name is known before it is started."""
    if random.random() < 0.2:
        _, call, choices = random.choices(AT_AWS, [weight for weight, _, _ in AT_AWS])[0]
        rule = {**call, **draw(random, choices), "times": random.choice((1, 1, 2))}
        is_at_a_start = rule.get("function") == "farsync-trigger_execution"
        is_spared = is_at_a_start and is_start_spared(random, job)
        if not is_spared and (is_named or rule["by"] == TOKEN):
            yield rule
    if is_aborted and is_named and random.random() < 0.15:
        yield LOST_STATUS_EVENT


def draw_anybodys_fault(random: Random) -> dict[str, Any]:
    """A rule for whoever calls next."""
    return {**draw(random, ANYBODYS), **draw(random, CALL), "times": random.choice((1, 2, 4))}
