"""The plot of a trace, by its seed: a few runs, aborts, redrives, foreign starts, up to three faults."""

from random import Random
from typing import NamedTuple

from tests.model.cloud import Kind
from tests.model.drawing import (
    START,
    STATES,
    RunToBegin,
    at_some_time,
    at_state,
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
    """Most is drawn; whatever needs several things at the right moment is brought about."""
    chance = Random(seed)
    kinds = (_anything, _crowd, _redriven_soon, _unequal_twins, _stopped_while_posting)
    return chance.choices(kinds, (0.5, 0.35, 0.05, 0.05, 0.05))[0](chance, seed)


def _crowd(chance: Random, seed: int) -> Scenario:
    """Runs of one job side by side, whose starts are lost: does each find its own?"""
    window_seconds = chance.choice((60, 60, 10))
    drawn = [draw_run(chance, n + 1, window_seconds, seed, secrets=0.3) for n in range(chance.choice((2, 3)))]
    runs = tuple(run.starting_at(chance.uniform(0, chance.choice((10, 90)))) for run in drawn)
    faults = [draw_unconfirmed_start(chance, nth) for nth in chance.sample((1, 2, 3), 2)]
    if (third := chance.random()) < 0.4:
        faults.append(at_some_time(0.0, "status events doubled", "3000") if third < 0.1 else draw_fault(chance))
    for deed, share in ((("abort", chance.choice(runs).label), 0.6), (("foreign start", "job-1"), 0.2)):
        if chance.random() < share:
            faults.append(draw_deed(chance, *deed))
    if chance.random() < 0.4:
        faults.append(draw_redrive(chance))
    return Scenario(chance.choice(("plain", "plain", "echoes")), window_seconds, runs, tuple(faults))


def _unequal_twins(chance: Random, seed: int) -> Scenario:
    """Two starts lost at once, of which the provider echoes only the one: the other's parameter is a secret."""
    twins = [draw_run(chance, number, 60, seed, secrets=float(number == 1)) for number in (1, 2)]
    runs = tuple(run.starting_at(chance.uniform(0, 5)) for run in twins)
    faults = (
        *(Fault(START, number, chance.choice(("killed after", "answer lost"))) for number in (1, 2)),
        at_state("AwaitConsistency", chance.choice((2, 3)), chance.uniform(0, 5), "abort", "run-1"),
        at_some_time(0.0, chance.choice(("status events doubled", "status events late")), "600"),
    )
    return Scenario("echoes", 60, runs, faults)


def _stopped_while_posting(chance: Random, seed: int) -> Scenario:
    """A run is aborted while its start is held up; another run of the job begins, and its post never arrives."""
    first, second = (draw_run(chance, number, 60, seed) for number in (1, 2))
    faults = (
        Fault(START, 1, "held up before", chance.uniform(5, 28)),
        at_state("Start", 1, chance.uniform(0, 5), "abort", "run-1"),
        Fault(START, 2, chance.choice(("killed before", "rejected"))),
    )
    runs = (first.starting_at(0.0), second.starting_at(chance.uniform(0, 20)))
    return Scenario(chance.choice(("plain", "plain", "echoes")), 60, runs, faults)


def _redriven_soon(chance: Random, seed: int) -> Scenario:
    """A run that is stopped and goes on within seconds, while AWS still shows what was before."""
    window_seconds = chance.choice((60, 10))
    run = draw_run(chance, 1, window_seconds, seed)
    faults = (
        at_state(chance.choice(STATES), 1, chance.choice((0.0, chance.uniform(0, 5))), "abort", "run-1"),
        at_state("ends badly", 1, chance.uniform(0.5, 8), "redrive"),
        at_some_time(0.0, "reads stale", "600"),
        draw_fault(chance),
    )
    return Scenario(chance.choice(("plain", "echoes", "marks")), window_seconds, (run,), faults)


def _anything(chance: Random, seed: int) -> Scenario:
    kind: Kind = chance.choice(("plain", "plain", "echoes", "marks"))
    window_seconds = chance.choice((60, 60, 60, 10))
    jobs = ("job-1",) if chance.random() < 0.75 else ("job-1", "job-2")
    runs = tuple(
        draw_run(chance, number + 1, window_seconds, seed, job=job)
        for number in range(chance.choice((1, 1, 2, 2, 3)))
        for job in [chance.choice(jobs)]
    )
    faults = [draw_fault(chance) for _ in range(chance.randint(0, MOST_FAULTS))]
    faults += [draw_deed(chance, "abort", chance.choice(runs).label) for _ in range(chance.randint(0, MOST_ABORTS))]
    faults += [draw_redrive(chance) for _ in range(chance.randint(0, MOST_REDRIVES))]
    if chance.random() < 0.35:
        faults += [draw_deed(chance, "foreign start", chance.choice(jobs)) for _ in range(chance.randint(1, 2))]
    if chance.random() < 0.15:
        faults.append(draw_deed(chance, "person cancels"))
    if chance.random() < 0.15:
        faults.append(at_some_time(chance.uniform(100, 8000), "person reruns"))
    return Scenario(kind, window_seconds, runs, tuple(faults))
