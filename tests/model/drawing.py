"""The single things that traces are drawn from: runs, faults and where they strike."""

from random import Random
from typing import Any, NamedTuple

from farsync.model.names import run_name
from tests.model.faults import Fault, Place

_WEIGHTS = {
    "prepare_execution": "list_executions 1",
    "trigger_execution": "start 14 DescribeExecution 4 cancel 2",
    "find_execution": "GetExecutionHistory 2 list_executions 4 ListExecutions 2",
    "poll_execution": "SendTaskHeartbeat 2 get_execution 3 cancel 2 StartExecution 4 SendTaskSuccess 2"
    " SendTaskFailure 2 ChangeMessageVisibility 3 delete 2",
    "close_run": "GetExecutionHistory 3 DescribeExecution 4 ListExecutions 1 list_executions 3 get_execution 3 cancel 3"
    " StartExecution 4 ChangeMessageVisibility 3 delete 2",
    "sweep_runs": "ListExecutions 1 SendMessage 1",
}
EFFECTS: dict[Place, int] = {
    (function, action): int(weight)
    for function, text in _WEIGHTS.items()
    for action, weight in zip(text.split()[::2], text.split()[1::2], strict=True)
}
"""Where calls die and are held up, and how often beside the others."""
START: Place = ("trigger_execution", "start")
KINDS_AT_EFFECTS = ("killed before", "killed after", "rejected", "answer lost", "held up before", "held up after")
KINDS_OF_CALLS = ("not called", "lost sight of", "lost sight of", "answer lost by AWS")
STATES = ("Prepare", *["Start"] * 3, "AwaitConsistency", "Find", *["Follow"] * 2, "FollowAgain", "StartLater")
CONDITIONS = (
    *("provider away", "provider throttles", "cancel rejected", "lambda away", "aws throttles", "queues reject"),
    *("mappings paused", "reads stale", "reads stale"),
    *("status events lost", "status events late", "status events doubled"),
)
QUEUE_DEEDS = tuple(
    (deed, queue) for deed in ("purge", "repeat", "double next") for queue in ("PollQueue", "CloseQueue")
)


class RunToBegin(NamedTuple):
    after_seconds: float
    label: str
    name: str
    request: dict[str, Any]

    def starting_at(self, seconds: float) -> "RunToBegin":
        """Whatever else of its job goes on then."""
        return self._replace(after_seconds=seconds, request={**self.request, "ifRunning": "start"})


def draw_run(
    chance: Random, number: int, window_seconds: int, seed: int, *, job: str = "job-1", secrets: float = 0.1
) -> RunToBegin:
    label = f"run-{number}"
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
        place = _draw_effect(chance)
        return Fault(place, chance.choice((1, 1, 1, 2, 3)), chance.choice(KINDS_AT_EFFECTS), chance.uniform(0.5, 28))
    if where < 0.65:
        function = chance.choice(("prepare_execution", "trigger_execution", "trigger_execution", "find_execution"))
        return Fault((function, "invoke"), chance.randint(1, 2), chance.choice(KINDS_OF_CALLS), chance.uniform(0, 29))
    if where < 0.72:
        return Fault(START, chance.randint(1, 2), "deed", 0.0, ("act late",))
    if where < 0.75:
        place = chance.choice((START, ("poll_execution", "get_execution")))
        return Fault(place, chance.randint(1, 3), "deed", 0.0, ("mix up",))
    if where < 0.78:
        return Fault(("run_job", "SendMessage"), chance.randint(1, 2), chance.choice(("rejected", "answer lost")))
    if where < 0.86:
        return draw_deed(chance, *chance.choice(QUEUE_DEEDS))
    seconds = chance.choice((30, 30, 120, 400, 1500, 5000, 15_000))
    return draw_deed(chance, chance.choice(CONDITIONS), str(seconds))


def draw_deed(chance: Random, *deed: str) -> Fault:
    where = chance.random()
    delay = chance.choice((0.0, 0.0, chance.uniform(0, 3), chance.uniform(0, 40), chance.uniform(0, 200)))
    if where < 0.6:
        return Fault(("run_job", chance.choice(STATES)), chance.choice((1, 1, 2)), "deed", delay, deed)
    if where < 0.85:
        return Fault(_draw_effect(chance), chance.choice((1, 1, 2)), "deed", chance.choice((0.0, delay)), deed)
    return at_some_time(chance.uniform(0, 1500), *deed)


def _draw_effect(chance: Random) -> Place:
    return chance.choices(tuple(EFFECTS), tuple(EFFECTS.values()))[0]


def at_some_time(seconds: float, *deed: str) -> Fault:
    return Fault(("clock", ""), 1, "deed", seconds, deed)


def at_state(state: str, nth: int, seconds: float, *deed: str) -> Fault:
    return Fault(("run_job", state), nth, "deed", seconds, deed)


def draw_redrive(chance: Random) -> Fault:
    if chance.random() < 0.3:
        return draw_deed(chance, "redrive")
    delay = chance.choice((0.5, chance.uniform(1, 10), chance.uniform(1, 150), chance.uniform(100, 3000)))
    return at_state("ends badly", chance.randint(1, 3), delay, "redrive")


def draw_unconfirmed_start(chance: Random, nth: int) -> Fault:
    seconds = chance.uniform(0.5, 28)
    kind = chance.choice((*KINDS_AT_EFFECTS[:5], "late", "lost sight of"))
    if kind == "late":
        return Fault(START, nth, "deed", 0.0, ("act late",))
    return Fault(("trigger_execution", "invoke") if kind == "lost sight of" else START, nth, kind, seconds)
