"""A provider is away for hours, while runs are aborted, pass their deadline, end unseen and start: it ends with nothing
running and with every event emitted.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.chaos.patient_sandbox import PatientSandbox
from tests.outage.runs import PLANS, SPEED, START_SECONDS, Run
from tests.support.emulators import Emulator, Huawei
from tests.support.waiting import eventually

GRACE_SECONDS = 3
"""Real ones: ten minutes here."""
FAULT = {"naver": "http_503", "huawei": "reset_before"}
FOR_EVER = 1_000_000
PAUSE_SECONDS = 0.25
SETTLED_WITHIN_SECONDS = 60.0
"""Real ones, after the outage: three hours and a half."""


class Outage:
    """`hours` by the scaled clock. `play` returns what is wrong in the end."""

    def __init__(self, sandbox: PatientSandbox, hours: float, log: Callable[[str], None]) -> None:
        self._sandbox, self._log = sandbox, log
        self._seconds = hours * 3600
        self._begun_at = time.monotonic()
        self._emulators: list[Emulator] = [sandbox.emulator, Huawei(sandbox.described["huawei"])]
        self._runs = [Run(sandbox, emulator, plan, self._seconds) for emulator in self._emulators for plan in PLANS]

    def play(self) -> list[str]:
        for has_deadline in (False, True):  # those whose deadline is near come last
            before = [run for run in self._runs if run.plan.started_at is None]
            together = [run for run in before if (run.plan.deadline_at is not None) is has_deadline]
            for run in together:
                run.start()
            for run in together:
                eventually(run.is_followed)
        self._begun_at = time.monotonic()
        self._order("POST", "is away from now on: {}")
        deeds = sorted(self._deeds(), key=lambda deed: deed[0])
        while self._scaled_seconds < self._seconds:
            while deeds and deeds[0][0] <= self._scaled_seconds:
                _, run, title, deed = deeds.pop(0)
                self._note(run.emulator, f"{run.title} {title}")
                deed()
            self._watch()
        self._order("DELETE", "is back")
        give_up_at = time.monotonic() + SETTLED_WITHIN_SECONDS
        while list(self._wrongs()) and time.monotonic() < give_up_at:
            self._watch()
        return list(self._wrongs())

    @property
    def _scaled_seconds(self) -> float:
        """Since the outage's begin; below zero before it."""
        return (time.monotonic() - self._begun_at) * SPEED

    def _deeds(self) -> Iterator[tuple[float, Run, str, Callable[[], None]]]:
        for run in self._runs:
            plan = run.plan
            if plan.started_at is not None:
                yield plan.started_at * self._seconds, run, "starts", run.start
            if plan.aborted_at is not None:
                yield plan.aborted_at * self._seconds, run, "is aborted", run.abort
            if plan.deadline_at is not None:
                at = plan.deadline_at * self._seconds + START_SECONDS * SPEED
                yield at, run, "is past its deadline", lambda: None

    def _order(self, method: str, note: str) -> None:
        for emulator in self._emulators:
            fault = FAULT[emulator.connection]
            emulator.control(method, "faults", [{"operation": "*", "fault": fault, "times": FOR_EVER}])
            self._note(emulator, note.format(fault))

    def _watch(self) -> None:
        """Notes what has changed since the last time."""
        time.sleep(PAUSE_SECONDS)
        for event in self._sandbox.receive_events():
            self._note_event(event)
        for run in self._runs:
            if run.arn:
                status = self._sandbox.step_functions.describe_execution(executionArn=run.arn)["status"]
                for subject, state in (("state machine", status), ("execution", ", ".join(run.words) or "none")):
                    if run.seen.get(subject) != state:
                        run.seen[subject] = state
                        self._note(run.emulator, f"{run.title}: {subject} {state}")

    def _note_event(self, event: dict[str, Any]) -> None:
        data = event["data"]
        run = next(run for run in self._runs if run.job == data["job"])
        run.events.append(event["type"].removeprefix("io.farsync."))
        why = f": {data['error']['message']}" if data.get("error") else ""
        self._note(run.emulator, f"{run.title} emits {run.events[-1]}{why}")

    def _note(self, emulator: Emulator, line: str) -> None:
        minutes = int(self._scaled_seconds // 60)
        self._log(f" {minutes // 60:02}:{minutes % 60:02}  {emulator.connection:<7} {line}")

    def _wrongs(self) -> Iterator[str]:
        for run in self._runs:
            yield from run.wrongs()
        yield from (f"{count} messages left on {queue}" for queue, count in self._sandbox.messages().items() if count)
        yield from (f"dead letters on {queue}: {bodies}" for queue, bodies in self._sandbox.dead_letters().items())
        yield from (f"{run.title} still goes on" for run in self._runs if run.seen.get("state machine") == "RUNNING")


def play_outage(hours: float, log: Callable[[str], None]) -> list[str]:
    """In a sandbox of its own. What is wrong in the end, a sentence each."""
    options = ["--processes", "4", "--parameter", f"GracePeriodSeconds={GRACE_SECONDS}"]
    sandbox = PatientSandbox(speed=SPEED, options=options)
    try:
        return Outage(sandbox, hours, log).play()
    finally:
        sandbox.stop()
