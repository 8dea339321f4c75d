"""What a trace is about, by its seed: a few runs of a job or two, aborts, redrives, strangers, up to three faults."""

from random import Random
from typing import Any, NamedTuple

from farsync.naming import run_name
from tests.model.cloud import Kind
from tests.model.faults import Fault, Place

MOST_FAULTS = 3
MOST_ABORTS = 2
MOST_REDRIVES = 2
SHARE_OF_CROWDS = 0.35
SHARE_OF_REDRIVEN_SOON = 0.05
SHARE_OF_UNEQUAL_TWINS = 0.05

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
    "refused",
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
    "queues refuse",
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


class Scenario(NamedTuple):
    kind: Kind
    window_seconds: int
    runs: tuple[RunToBegin, ...]
    faults: tuple[Fault, ...]


def draw(seed: int) -> Scenario:
    chance = Random(seed)
    kind = chance.random()
    if kind < SHARE_OF_CROWDS:
        return _crowd(chance, seed)
    if kind < SHARE_OF_CROWDS + SHARE_OF_UNEQUAL_TWINS:
        return _unequal_twins(chance, seed)
    return _redriven_soon(chance, seed) if kind > 1 - SHARE_OF_REDRIVEN_SOON else _anything(chance, seed)


def _crowd(chance: Random, seed: int) -> Scenario:
    """Runs of one job side by side, whose starts are lost: what tells them apart is put to the test."""
    window_seconds = chance.choice((60, 60, 10))
    labels = [f"run-{number + 1}" for number in range(chance.choice((2, 3)))]
    runs = [_run(chance, label, "job-1", window_seconds, seed, secrets=0.3) for label in labels]
    begins = [chance.uniform(0, chance.choice((10, 90))) for _ in runs]
    beside = tuple(
        run._replace(after_seconds=begin, request={**run.request, "ifRunning": "start"})
        for run, begin in zip(runs, begins, strict=True)
    )
    faults = [_lost_start(chance, nth) for nth in chance.sample((1, 2, 3), 2)]
    if (third := chance.random()) < 0.4:
        is_doubled = third < 0.1
        doubled = Fault(("clock", ""), 1, "deed", 0.0, ("status events doubled", "3000"))
        faults.append(doubled if is_doubled else _fault(chance))
    for deed, share in ((("abort", chance.choice(runs).label), 0.6), (("foreign start", "job-1"), 0.2)):
        if chance.random() < share:
            faults.append(_deed(chance, deed))
    if chance.random() < 0.4:
        faults.append(_redrive(chance))
    return Scenario(chance.choice(("plain", "plain", "echoes")), window_seconds, beside, tuple(faults))


def _unequal_twins(chance: Random, seed: int) -> Scenario:
    """Two starts lost at once, of which the provider's echo tells only the one: the other's is a secret."""
    twins = [_run(chance, f"run-{n}", "job-1", 60, seed, secrets=float(n == 1)) for n in (1, 2)]
    runs = tuple(
        run._replace(after_seconds=chance.uniform(0, 5), request={**run.request, "ifRunning": "start"}) for run in twins
    )
    faults = (
        Fault(("trigger_execution", "start"), 1, chance.choice(("killed after", "answer lost"))),
        Fault(("trigger_execution", "start"), 2, chance.choice(("killed after", "answer lost"))),
        Fault(("run_job", "AwaitConsistency"), chance.choice((2, 3)), "deed", chance.uniform(0, 5), ("abort", "run-1")),
        Fault(("clock", ""), 1, "deed", 0.0, ("status events doubled", "600")),
    )
    return Scenario("echoes", 60, runs, faults)


def _redriven_soon(chance: Random, seed: int) -> Scenario:
    """A run that is stopped and goes on within seconds, while AWS still shows what was before."""
    window_seconds = chance.choice((60, 10))
    run = _run(chance, "run-1", "job-1", window_seconds, seed)
    faults = (
        Fault(
            ("run_job", chance.choice(STATES)),
            1,
            "deed",
            chance.choice((0.0, chance.uniform(0, 5))),
            ("abort", "run-1"),
        ),
        Fault(("run_job", "ends badly"), 1, "deed", chance.uniform(0.5, 8), ("redrive",)),
        Fault(("clock", ""), 1, "deed", 0.0, ("reads stale", "600")),
        _fault(chance),
    )
    return Scenario(chance.choice(("plain", "echoes", "marks")), window_seconds, (run,), faults)


def _lost_start(chance: Random, nth: int) -> Fault:
    seconds = chance.uniform(0.5, 28)
    kind = chance.choice((*KINDS_AT_EFFECTS[:5], "late", "lost sight of"))
    if kind == "late":
        return Fault(("trigger_execution", "start"), nth, "deed", 0.0, ("act late",))
    return Fault(("trigger_execution", "invoke" if kind == "lost sight of" else "start"), nth, kind, seconds)


def _anything(chance: Random, seed: int) -> Scenario:
    kind: Kind = chance.choice(("plain", "plain", "echoes", "marks"))
    window_seconds = chance.choice((60, 60, 60, 10))
    jobs = ("job-1",) if chance.random() < 0.75 else ("job-1", "job-2")
    runs = tuple(
        _run(chance, f"run-{number + 1}", chance.choice(jobs), window_seconds, seed)
        for number in range(chance.choice((1, 1, 2, 2, 3)))
    )
    faults = [_fault(chance) for _ in range(chance.randint(0, MOST_FAULTS))]
    faults += [_deed(chance, ("abort", chance.choice(runs).label)) for _ in range(chance.randint(0, MOST_ABORTS))]
    faults += [_redrive(chance) for _ in range(chance.randint(0, MOST_REDRIVES))]
    if chance.random() < 0.35:
        faults += [_deed(chance, ("foreign start", chance.choice(jobs))) for _ in range(chance.randint(1, 2))]
    if chance.random() < 0.15:
        faults.append(_deed(chance, ("person cancels",)))
    if chance.random() < 0.15:
        faults.append(Fault(("clock", ""), 1, "deed", chance.uniform(100, 8000), ("person reruns",)))
    return Scenario(kind, window_seconds, runs, tuple(faults))


def _run(chance: Random, label: str, job: str, window_seconds: int, seed: int, *, secrets: float = 0.1) -> RunToBegin:
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


def _fault(chance: Random) -> Fault:
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
        return Fault(("run_job", "SendMessage"), chance.randint(1, 2), chance.choice(("refused", "answer lost")))
    if where < 0.86:
        return _deed(chance, chance.choice(SINGLE_DEEDS))
    seconds = chance.choice((30, 30, 120, 400, 1500, 5000, 15_000))
    return _deed(chance, (chance.choice(CONDITIONS), str(seconds)))


def _deed(chance: Random, deed: tuple[str, ...]) -> Fault:
    where = chance.random()
    delay = chance.choice((0.0, 0.0, chance.uniform(0, 3), chance.uniform(0, 40), chance.uniform(0, 200)))
    if where < 0.6:
        return Fault(("run_job", chance.choice(STATES)), chance.choice((1, 1, 2)), "deed", delay, deed)
    if where < 0.85:
        place = chance.choices(tuple(EFFECTS), tuple(EFFECTS.values()))[0]
        return Fault(place, chance.choice((1, 1, 2)), "deed", chance.choice((0.0, delay)), deed)
    return Fault(("clock", ""), 1, "deed", chance.uniform(0, 1500), deed)


def _redrive(chance: Random) -> Fault:
    if chance.random() < 0.3:
        return _deed(chance, ("redrive",))
    delay = chance.choice((0.5, chance.uniform(1, 10), chance.uniform(1, 150), chance.uniform(100, 3000)))
    return Fault(("run_job", "ends badly"), chance.randint(1, 3), "deed", delay, ("redrive",))
