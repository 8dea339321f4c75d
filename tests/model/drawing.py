"""What traces are drawn from: runs, faults and where they strike."""

from random import Random
from typing import Any, NamedTuple

from farsync.model.names import run_name
from tests.model.faults import Fault, Place

EFFECTS: dict[Place, int] = {
    ("prepare_execution", "list_executions"): 1,
    ("trigger_execution", "start"): 14,
    ("trigger_execution", "DescribeExecution"): 4,
    ("trigger_execution", "cancel"): 2,
    ("find_execution", "GetExecutionHistory"): 2,
    ("find_execution", "list_executions"): 4,
    ("find_execution", "ListExecutions"): 2,
    ("poll_execution", "SendTaskHeartbeat"): 2,
    ("poll_execution", "get_execution"): 3,
    ("poll_execution", "cancel"): 2,
    ("poll_execution", "StartExecution"): 4,
    ("poll_execution", "SendTaskSuccess"): 2,
    ("poll_execution", "SendTaskFailure"): 2,
    ("poll_execution", "ChangeMessageVisibility"): 3,
    ("poll_execution", "delete"): 2,
    ("close_run", "GetExecutionHistory"): 3,
    ("close_run", "DescribeExecution"): 4,
    ("close_run", "ListExecutions"): 1,
    ("close_run", "list_executions"): 3,
    ("close_run", "get_execution"): 3,
    ("close_run", "cancel"): 3,
    ("close_run", "StartExecution"): 4,
    ("close_run", "ChangeMessageVisibility"): 3,
    ("close_run", "delete"): 2,
    ("sweep_runs", "ListExecutions"): 1,
    ("sweep_runs", "SendMessage"): 1,
}
"""Where calls die and are held up, and how often beside the others."""
KINDS_AT_EFFECTS = (
    "killed before",
    "killed after",
    "rejected",
    "answer lost",
    "held up before",
    "held up after",
)
KINDS_OF_CALLS = ("not called", "lost sight of", "lost sight of", "answer lost by AWS")
STATES = ("Prepare", *["Start"] * 3, "AwaitConsistency", "Find", *["Follow"] * 2, "FollowAgain", "StartLater")
CONDITIONS = (
    "provider away",
    "provider throttles",
    "cancel rejected",
    "lambda away",
    "aws throttles",
    "queues reject",
    "mappings paused",
    "reads stale",
    "reads stale",
    "status events lost",
    "status events late",
    "status events doubled",
)
SINGLE_DEEDS: tuple[tuple[str, ...], ...] = (
    ("purge", "PollQueue"),
    ("purge", "CloseQueue"),
    ("repeat", "PollQueue"),
    ("repeat", "CloseQueue"),
    ("double next", "PollQueue"),
    ("double next", "CloseQueue"),
)


class RunToBegin(NamedTuple):
    after_seconds: float
    label: str
    name: str
    request: dict[str, Any]


def draw_run(
    chance: Random, label: str, job: str, window_seconds: int, seed: int, *, secrets: float = 0.1
) -> RunToBegin:
    is_named_by_hand = chance.random() < 0.3
    request: dict[str, Any] = {
        "job": job,
        "parameters": {"run": {"secret": f"of/{label}"} if chance.random() < secrets else label},
        "timeoutSeconds": chance.choice((200, 600, 600, 3000)),
        "consistencyWindowSeconds": window_seconds,
        "pollCostSeconds": chance.choice((5.0, 100.0)),
        "ifRunning": chance.choice((*["start"] * 8, "attach", "wait", "fail")),
        "cancelOnAbort": chance.random() < 0.88,
    }
    name = f"by-hand-{label}" if is_named_by_hand else run_name("default", job, f"{seed} {label}")
    return RunToBegin(chance.choice((0.0, 0.0, chance.uniform(0, 60), chance.uniform(0, 600))), label, name, request)


def draw_fault(chance: Random) -> Fault:
    """One of the at most three."""
    where = chance.random()
    if where < 0.55:
        place = chance.choices(tuple(EFFECTS), tuple(EFFECTS.values()))[0]
        return Fault(place, chance.choice((1, 1, 1, 2, 3)), chance.choice(KINDS_AT_EFFECTS), chance.uniform(0.5, 28))
    if where < 0.65:
        function = chance.choice(("prepare_execution", "trigger_execution", "trigger_execution", "find_execution"))
        return Fault((function, "invoke"), chance.randint(1, 2), chance.choice(KINDS_OF_CALLS), chance.uniform(0, 29))
    if where < 0.72:
        return Fault(("trigger_execution", "start"), chance.randint(1, 2), "deed", 0.0, ("act late",))
    if where < 0.75:
        place = chance.choice((("trigger_execution", "start"), ("poll_execution", "get_execution")))
        return Fault(place, chance.randint(1, 3), "deed", 0.0, ("mix up",))
    if where < 0.78:
        return Fault(("run_job", "SendMessage"), chance.randint(1, 2), chance.choice(("rejected", "answer lost")))
    if where < 0.86:
        return draw_deed(chance, chance.choice(SINGLE_DEEDS))
    seconds = chance.choice((30, 30, 120, 400, 1500, 5000, 15_000))
    return draw_deed(chance, (chance.choice(CONDITIONS), str(seconds)))


def draw_deed(chance: Random, deed: tuple[str, ...]) -> Fault:
    where = chance.random()
    delay = chance.choice((0.0, 0.0, chance.uniform(0, 3), chance.uniform(0, 40), chance.uniform(0, 200)))
    if where < 0.6:
        return Fault(("run_job", chance.choice(STATES)), chance.choice((1, 1, 2)), "deed", delay, deed)
    if where < 0.85:
        place = chance.choices(tuple(EFFECTS), tuple(EFFECTS.values()))[0]
        return Fault(place, chance.choice((1, 1, 2)), "deed", chance.choice((0.0, delay)), deed)
    return Fault(("clock", ""), 1, "deed", chance.uniform(0, 1500), deed)


def draw_redrive(chance: Random) -> Fault:
    if chance.random() < 0.3:
        return draw_deed(chance, ("redrive",))
    delay = chance.choice((0.5, chance.uniform(1, 10), chance.uniform(1, 150), chance.uniform(100, 3000)))
    return Fault(("run_job", "ends badly"), chance.randint(1, 3), "deed", delay, ("redrive",))


def draw_unconfirmed_start(chance: Random, nth: int) -> Fault:
    seconds = chance.uniform(0.5, 28)
    kind = chance.choice((*KINDS_AT_EFFECTS[:5], "late", "lost sight of"))
    if kind == "late":
        return Fault(("trigger_execution", "start"), nth, "deed", 0.0, ("act late",))
    return Fault(("trigger_execution", "invoke" if kind == "lost sight of" else "start"), nth, kind, seconds)
