"""Traces one after the other, each checked; the first that breaks a promise is printed as a story."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from time import process_time
from typing import NamedTuple

from tests.model.promises import broken_promises
from tests.model.trace import Trace, quiet_telemetry


class Failure(NamedTuple):
    seed: int
    broken: list[str]

    @property
    def story(self) -> str:
        trace = Trace(self.seed, is_logged=True)
        with quiet_telemetry():
            trace.play()
        scenario, ahead = trace.scenario, trace.cloud.ahead_seconds
        provider = f"a provider that {'is ' if scenario.kind == 'plain' else ''}{scenario.kind}"
        lines = [
            f"trace {self.seed}, {provider}, its clock {ahead:+} s, window {scenario.window_seconds} s",
            "planned:",
        ]
        lines += [f"  {fault}" for fault in scenario.faults]
        lines += ["broken:", *(f"  {promise}" for promise in self.broken)]
        return "\n".join([*lines, "hours:minutes:seconds", trace.agenda.story])


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

    def add(self, trace: Trace) -> None:
        self.traces += 1
        self.steps += trace.agenda.steps
        self.injected.update(trace.faults.injected)
        events = trace.account.events.values()
        self.events.update(emitted.event["type"].removeprefix("io.farsync.") for emitted in events)
        self.ends.update(f"FAILED {run.error}" if run.status == "FAILED" else run.status for run in trace.runs)


def play(first_seed: int, *, steps: int, traces: int | None = None, every: int = 0) -> Played:
    """Until so many steps or traces are over, or a promise is broken. `every` so many steps a line is printed."""
    played = Played()
    began, next_line_at = process_time(), every
    with quiet_telemetry():
        for seed in count(first_seed):
            trace = Trace(seed)
            trace.play()
            played.add(trace)
            played.seconds = process_time() - began
            if broken := broken_promises(trace):
                played.failure = Failure(seed, broken)
            if every and played.steps >= next_line_at:
                next_line_at += every
                print(f"{played.steps:>10,} steps, {played.traces:,} traces, {played.pace}", flush=True)
            if played.failure or played.steps >= steps or played.traces == traces:
                break
    return played
