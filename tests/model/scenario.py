"""What a trace is about, by its seed: a few runs of a job or two, aborts, redrives, strangers, up to three faults."""

from random import Random
from typing import NamedTuple

from tests.model.cloud import Kind
from tests.model.drawing import (
    STATES,
    RunToBegin,
    draw_deed,
    draw_fault,
    draw_redrive,
    draw_run,
    draw_unconfirmed_start,
)
from tests.model.faults import Fault

MOST_FAULTS = 3
MOST_ABORTS = 2
MOST_REDRIVES = 2


class Scenario(NamedTuple):
    kind: Kind
    window_seconds: int
    runs: tuple[RunToBegin, ...]
    faults: tuple[Fault, ...]


def draw(seed: int) -> Scenario:
    chance = Random(seed)
    return chance.choices(tuple(SHARES), tuple(SHARES.values()))[0](chance, seed)


def _crowd(chance: Random, seed: int) -> Scenario:
    """Runs of one job side by side, whose starts are lost: what tells them apart is put to the test."""
    window_seconds = chance.choice((60, 60, 10))
    labels = [f"run-{number + 1}" for number in range(chance.choice((2, 3)))]
    runs = [draw_run(chance, label, "job-1", window_seconds, seed, secrets=0.3) for label in labels]
    begins = [chance.uniform(0, chance.choice((10, 90))) for _ in runs]
    beside = tuple(
        run._replace(after_seconds=begin, request={**run.request, "ifRunning": "start"})
        for run, begin in zip(runs, begins, strict=True)
    )
    faults = [draw_unconfirmed_start(chance, nth) for nth in chance.sample((1, 2, 3), 2)]
    if (third := chance.random()) < 0.4:
        is_doubled = third < 0.1
        doubled = Fault(("clock", ""), 1, "deed", 0.0, ("status events doubled", "3000"))
        faults.append(doubled if is_doubled else draw_fault(chance))
    for deed, share in ((("abort", chance.choice(runs).label), 0.6), (("foreign start", "job-1"), 0.2)):
        if chance.random() < share:
            faults.append(draw_deed(chance, deed))
    if chance.random() < 0.4:
        faults.append(draw_redrive(chance))
    return Scenario(chance.choice(("plain", "plain", "echoes")), window_seconds, beside, tuple(faults))


def _unequal_twins(chance: Random, seed: int) -> Scenario:
    """Two starts lost at once, of which the provider's echo tells only the one: the other's is a secret."""
    twins = [draw_run(chance, f"run-{n}", "job-1", 60, seed, secrets=float(n == 1)) for n in (1, 2)]
    runs = tuple(
        run._replace(after_seconds=chance.uniform(0, 5), request={**run.request, "ifRunning": "start"}) for run in twins
    )
    faults = (
        Fault(("trigger_execution", "start"), 1, chance.choice(("killed after", "answer lost"))),
        Fault(("trigger_execution", "start"), 2, chance.choice(("killed after", "answer lost"))),
        Fault(("run_job", "AwaitConsistency"), chance.choice((2, 3)), "deed", chance.uniform(0, 5), ("abort", "run-1")),
        Fault(("clock", ""), 1, "deed", 0.0, (chance.choice(("status events doubled", "status events late")), "600")),
    )
    return Scenario("echoes", 60, runs, faults)


def _stopped_while_posting(chance: Random, seed: int) -> Scenario:
    """A run is aborted while its start is held up; another run of the job begins, and its post never arrives."""
    first, second = (draw_run(chance, f"run-{n}", "job-1", 60, seed) for n in (1, 2))
    runs = tuple(run._replace(request={**run.request, "ifRunning": "start"}) for run in (first, second))
    faults = (
        Fault(("trigger_execution", "start"), 1, "held up before", chance.uniform(5, 28)),
        Fault(("run_job", "Start"), 1, "deed", chance.uniform(0, 5), ("abort", "run-1")),
        Fault(("trigger_execution", "start"), 2, chance.choice(("killed before", "rejected"))),
    )
    begins = (runs[0]._replace(after_seconds=0.0), runs[1]._replace(after_seconds=chance.uniform(0, 20)))
    return Scenario(chance.choice(("plain", "plain", "echoes")), 60, begins, faults)


def _redriven_soon(chance: Random, seed: int) -> Scenario:
    """A run that is stopped and goes on within seconds, while AWS still shows what was before."""
    window_seconds = chance.choice((60, 10))
    run = draw_run(chance, "run-1", "job-1", window_seconds, seed)
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
        draw_fault(chance),
    )
    return Scenario(chance.choice(("plain", "echoes", "marks")), window_seconds, (run,), faults)


def _anything(chance: Random, seed: int) -> Scenario:
    kind: Kind = chance.choice(("plain", "plain", "echoes", "marks"))
    window_seconds = chance.choice((60, 60, 60, 10))
    jobs = ("job-1",) if chance.random() < 0.75 else ("job-1", "job-2")
    runs = tuple(
        draw_run(chance, f"run-{number + 1}", chance.choice(jobs), window_seconds, seed)
        for number in range(chance.choice((1, 1, 2, 2, 3)))
    )
    faults = [draw_fault(chance) for _ in range(chance.randint(0, MOST_FAULTS))]
    faults += [draw_deed(chance, ("abort", chance.choice(runs).label)) for _ in range(chance.randint(0, MOST_ABORTS))]
    faults += [draw_redrive(chance) for _ in range(chance.randint(0, MOST_REDRIVES))]
    if chance.random() < 0.35:
        faults += [draw_deed(chance, ("foreign start", chance.choice(jobs))) for _ in range(chance.randint(1, 2))]
    if chance.random() < 0.15:
        faults.append(draw_deed(chance, ("person cancels",)))
    if chance.random() < 0.15:
        faults.append(Fault(("clock", ""), 1, "deed", chance.uniform(100, 8000), ("person reruns",)))
    return Scenario(kind, window_seconds, runs, tuple(faults))


SHARES = {
    _anything: 0.5,
    _crowd: 0.35,
    _redriven_soon: 0.05,
    _unequal_twins: 0.05,
    _stopped_while_posting: 0.05,
}
"""Most of what a trace is about is drawn; what needs several things at the right moment is brought about."""
