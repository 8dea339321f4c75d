"""A provider is away for hours, while runs are aborted, pass their deadline, end unseen and start: it ends with nothing
running and with every event emitted.

The sandbox's waits pass SPEED times faster, and so does the outage. Deadlines and what functions take do not.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.chaos.aws_calls import AwsCalls
from tests.chaos.evidence import OUTCOME_OF_WORD
from tests.chaos.queues import Queues
from tests.outage.cast import CAST, ENDLESS_SECONDS, LONG_TIMEOUT_SECONDS, Part
from tests.outage.timeline import Timeline
from tests.support.emulators import Emulator, Huawei, Naver
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

SPEED = 200
HOUR = 3600
GRACE_SECONDS = 3
"""Real ones: ten minutes here."""
START_SECONDS = 5.0
"""Real ones, which a start takes on a busy machine."""
POLL_COST_SECONDS = 60
"""Waits are SPEED times shorter, but the time since a start is not: cheap polls would be all that goes on."""
FAULT = {"naver": "http_503", "huawei": "reset_before"}
FOR_EVER = 1_000_000
PAUSE_SECONDS = 0.25
SETTLED_WITHIN_SECONDS = 60.0
"""Real ones, after the outage: three hours and a half."""


class Run:
    """One part at one provider."""

    def __init__(self, sandbox: Sandbox, emulator: Emulator, part: Part, outage_seconds: float) -> None:
        self.emulator, self.part = emulator, part
        self.seconds = outage_seconds
        run_seconds = ENDLESS_SECONDS if part.ends_at is None else part.ends_at * outage_seconds
        self.job = emulator.make_job(run_seconds=run_seconds if part.starts == "before" else 1)
        self.arn = ""
        self.events: list[str] = []
        self.seen: dict[str, str] = {}
        self._sandbox = sandbox

    @property
    def title(self) -> str:
        return f"run '{self.part.title}'"

    def start(self) -> None:
        part = self.part
        timeout: float = LONG_TIMEOUT_SECONDS
        if part.deadline_at is not None:
            timeout = START_SECONDS + part.deadline_at * self.seconds / SPEED
        request = {
            "connection": self.emulator.connection,
            "job": self.job,
            "labels": {"part": part.title},
            "timeoutSeconds": round(timeout),
            "pollCostSeconds": POLL_COST_SECONDS,
        }
        self.arn = self._sandbox.start("run_job", request)

    def abort(self) -> None:
        self._sandbox.step_functions.stop_execution(executionArn=self.arn, error="Operator", cause="no longer wanted")

    def is_followed(self) -> bool:
        newest = self._sandbox.step_functions.get_execution_history(executionArn=self.arn, reverseOrder=True)
        return any(event["type"] == "TaskSubmitted" for event in newest["events"])

    @property
    def words(self) -> list[str]:
        """The provider's own of its executions."""
        return [execution.status for execution in self.emulator.truly_started(self.job)]

    def wrongs(self) -> Iterator[str]:
        outcomes = [OUTCOME_OF_WORD.get(word, word) for word in self.words]
        wanted = [self.part.outcome] if self.part.outcome else []
        if outcomes != wanted:
            yield f"{self.emulator.connection}: {self.title}: executions {outcomes}, should be {wanted}"
        if Counter(self.events) != Counter(self.part.events):
            yield f"{self.emulator.connection}: {self.title}: events {self.events}, should be {list(self.part.events)}"


class Outage:
    """`hours` by the scaled clock. `play` gives what is wrong in the end."""

    def __init__(self, sandbox: Sandbox, hours: float, tell: Callable[[str], None]) -> None:
        self._sandbox = sandbox
        self._seconds = hours * HOUR
        self._timeline = Timeline(SPEED, tell)
        described = sandbox.described
        self._emulators: list[Emulator] = [Naver(described["naver"], "G1"), Huawei(described["huawei"])]
        self._queues = Queues(AwsCalls(described["aws"]), described["aws"])
        self._runs = [
            Run(sandbox, emulator, part, self._seconds) for emulator in self._emulators for part in CAST.values()
        ]

    def play(self) -> list[str]:
        before = [run for run in self._runs if run.part.starts == "before"]
        for has_deadline in (False, True):  # those whose deadline is near come last
            together = [run for run in before if (run.part.deadline_at is not None) is has_deadline]
            for run in together:
                run.start()
            for run in together:
                eventually(run.is_followed)
        self._timeline.begin()
        self._order("POST")
        for emulator in self._emulators:
            self._timeline.note(emulator.connection, f"is away from now on: {FAULT[emulator.connection]}")
        deeds = sorted(self._deeds(), key=lambda deed: deed[0])
        while self._timeline.seconds < self._seconds:
            while deeds and deeds[0][0] <= self._timeline.seconds:
                deeds.pop(0)[1]()
            self._watch()
        self._order("DELETE")
        for emulator in self._emulators:
            self._timeline.note(emulator.connection, "is back")
        give_up_at = time.monotonic() + SETTLED_WITHIN_SECONDS
        while list(self._wrongs()) and time.monotonic() < give_up_at:
            self._watch()
        return list(self._wrongs())

    def _deeds(self) -> Iterator[tuple[float, Callable[[], None]]]:
        for run in self._runs:
            part = run.part
            if part.starts == "inside":
                yield part.started_at * self._seconds, self._noted(run, "starts", run.start)
            if part.aborted_at is not None:
                yield part.aborted_at * self._seconds, self._noted(run, "is aborted", run.abort)
            if part.deadline_at is not None:
                at = part.deadline_at * self._seconds + START_SECONDS * SPEED
                yield at, self._noted(run, "is past its deadline", lambda: None)

    def _noted(self, run: Run, what: str, deed: Callable[[], None]) -> Callable[[], None]:
        def do() -> None:
            self._timeline.note(run.emulator.connection, f"{run.title} {what}")
            deed()

        return do

    def _order(self, method: str) -> None:
        for emulator in self._emulators:
            rule = {"operation": "*", "fault": FAULT[emulator.connection], "times": FOR_EVER}
            emulator.control(method, "faults", [rule])

    def _watch(self) -> None:
        """Notes what has changed since the last time."""
        time.sleep(PAUSE_SECONDS)
        for event in self._sandbox.receive_events():
            self._note_event(event)
        for run in self._runs:
            if run.arn:
                status = self._sandbox.step_functions.describe_execution(executionArn=run.arn)["status"]
                self._note_change(run, "state machine", status)
                self._note_change(run, "execution", ", ".join(run.words) or "none")

    def _note_event(self, event: dict[str, Any]) -> None:
        data = event["data"]
        run = next(run for run in self._runs if run.job == data["job"])
        run.events.append(event["type"].removeprefix("io.farsync."))
        why = f": {data['error']['message']}" if data.get("error") else ""
        self._timeline.note(run.emulator.connection, f"{run.title} emits {run.events[-1]}{why}")

    def _note_change(self, run: Run, what: str, now: str) -> None:
        if run.seen.get(what) != now:
            run.seen[what] = now
            self._timeline.note(run.emulator.connection, f"{run.title}: {what} {now}")

    def _wrongs(self) -> Iterator[str]:
        for run in self._runs:
            yield from run.wrongs()
        yield from (f"{count} messages left on {queue}" for queue, count in self._queues.messages().items() if count)
        yield from (f"dead letters on {queue}: {bodies}" for queue, bodies in self._queues.dead_letters().items())
        yield from (f"{run.title} still goes on" for run in self._runs if run.seen.get("state machine") == "RUNNING")


def play_outage(hours: float, tell: Callable[[str], None]) -> list[str]:
    """In a sandbox of its own. What is wrong in the end, a sentence each."""
    options = ["--processes", "4", "--parameter", f"GracePeriodSeconds={GRACE_SECONDS}"]
    sandbox = Sandbox(speed=SPEED, options=options)
    try:
        return Outage(sandbox, hours, tell).play()
    finally:
        sandbox.stop()
