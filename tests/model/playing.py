"""Traces one after the other, each judged; the first that breaks a promise is told as a story."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from time import process_time
from typing import NamedTuple

from tests.model.promises import broken_promises
from tests.model.world import World, quiet_telemetry


class Failure(NamedTuple):
    seed: int
    broken: list[str]

    @property
    def story(self) -> str:
        world = World(self.seed, is_told=True)
        with quiet_telemetry():
            world.play()
        planned = "".join(f"  {fault}\n" for fault in world.scenario.faults)
        promises = "".join(f"  {promise}\n" for promise in self.broken)
        kind, window = world.scenario.kind, world.scenario.window_seconds
        about = f"a provider that is {kind}" if kind == "plain" else f"a provider that {kind}"
        return (
            f"trace {self.seed}, {about}, its clock {world.cloud.ahead_seconds:+} s, window {window} s\n"
            f"planned:\n{planned}broken:\n{promises}hours:minutes:seconds\n{world.agenda.story}"
        )


@dataclass
class Played:
    """`failure` is the first."""

    traces: int = 0
    steps: int = 0
    seconds: float = 0.0
    injected: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    failure: Failure | None = None

    @property
    def pace(self) -> str:
        return f"{self.steps / max(self.seconds, 0.001):,.0f} steps a second"


def play(first_seed: int, *, steps: int, traces: int | None = None, every: int = 0) -> Played:
    """Until so many steps or traces are over, or a promise is broken. `every` so many steps a line is printed."""
    played = Played()
    began, told = process_time(), every
    with quiet_telemetry():
        for seed in count(first_seed):
            world = World(seed)
            world.play()
            _count(played, world)
            played.seconds = process_time() - began
            if broken := broken_promises(world):
                played.failure = Failure(seed, broken)
            if every and played.steps >= told:
                told += every
                print(f"{played.steps:>10,} steps, {played.traces:,} traces, {played.pace}", flush=True)
            if played.failure or played.steps >= steps or played.traces == traces:
                return played
    raise AssertionError("there is always one more seed")


def _count(played: Played, world: World) -> None:
    played.traces += 1
    played.steps += world.agenda.steps
    played.injected.update(world.faults.injected)
    played.events.update(emitted.event["type"].removeprefix("io.farsync.") for emitted in world.account.events.values())
    played.ends.update(f"{run.status} {run.error if run.status == 'FAILED' else ''}".strip() for run in world.runs)
