"""Which single faults chaos draws from, with their weights."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from tests.chaos.runs import SPEED, WINDOW_SECONDS, Job, Run

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

SHARE_OF_UNCONFIRMED_STARTS = 0.35
"""Of the faults at starts, where no marker shows whose an execution is. Two of one job that nothing distinguishes end
as ambiguous: so one start in ten loses its reply there, and where executions are marked one in three.
"""

BEFORE_WORK: Weighted = tuple(_each(1, "http_429 http_500 http_503"))
CALL: Weighted = (*BEFORE_WORK, *_each(1, "reset_before"), *_each(2, "reset_after"))
INVOKED: Weighted = (*BEFORE_WORK, *_each(2, "crash"), *_each(1, "timeout_after"), *_each(1, "slow", seconds=1.0))
STEPS_OF_A_RUN = ("prepare_execution", "trigger_execution", "find_execution", "poll_execution", "close_run")
FUNCTIONS = (*STEPS_OF_A_RUN, "sweep_runs", "watch_jobs", "plan_backfill", "manage_runs")
CALLS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "sends to the poll queue": ({"operation": "SendMessage", "match": "farsync-poll"},),
    "visibility of messages": ({"operation": "ChangeMessageVisibility"},),
    "deletes of messages": (
        {"operation": "DeleteMessage", "match": "farsync-poll"},
        {"operation": "DeleteMessage", "match": "farsync-close"},
    ),
    "tokens": tuple({"operation": f"SendTask{kind}"} for kind in ("Heartbeat", "Success", "Failure")),
    "reads of runs": tuple(
        {"operation": operation} for operation in ("GetExecutionHistory", "DescribeExecution", "ListExecutions")
    ),
    "emitted events": ({"operation": "StartExecution", "match": "stateMachine:farsync-emit_event"},),
    "sends to the completion queue": ({"operation": "SendMessage", "match": "farsync-completions"},),
    "events to the bus and to the log": ({"operation": "PutEvents"}, {"operation": "PutLogEvents"}),
}
"""The calls of AWS that functions and machines make."""
STATUS_EVENT = {"operation": "SendMessage", "match": "farsync-close"}
SECRET = {"operation": "GetSecretValue"}


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


def draw_aws_fault(random: Random, run: Run) -> dict[str, Any] | None:
    """A rule for whoever calls next; at a start, for this run."""
    if random.random() < 0.4:
        function = random.choice((*STEPS_OF_A_RUN, "trigger_execution", "poll_execution"))
        if function == "trigger_execution" and is_start_spared(random, run.job):
            return None
        match = {"match": run.token} if function == "trigger_execution" else {}
        rule = {"operation": "Invoke", "function": f"farsync-{function}", **match, **draw(random, INVOKED)}
        return {**rule, "times": random.choice((1, 1, 2))}
    calls = [call for together in CALLS.values() for call in together]
    return {**random.choice([*calls, STATUS_EVENT, SECRET]), **draw(random, CALL), "times": random.choice((1, 2, 4))}
