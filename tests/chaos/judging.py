"""Compares what the vendors did with what was told, run by run."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.evidence import Closed, Evidence, Executed, Run, Told, by_run
from tests.chaos.secret_scan import find_secrets

ROWS = (
    "wrong adoptions",
    "foreign executions cancelled",
    "duplicates",
    "orphans",
    "wrong verdicts",
    "events missing",
    "events double",
    "secrets found",
)
STILL_RUNNING = "still running"
"""Not a promise, but without it there would be no verdict."""
UNCONFIRMED = "AmbiguousStart"
STOPPED = frozenset({"ExecutionCanceled", "DeadlineExceeded"})
"""Errors of a run that ended because it was told to, and not because of its job."""


RUN_NAME_LENGTH = 65
"""Two digests and a hyphen."""


@dataclass(frozen=True)
class Finding:
    row: str
    run: Run | None
    text: str


class Judge:
    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._told = by_run(evidence.told)
        self._own: defaultdict[str, list[Executed]] = defaultdict(list)
        self._by_id = {(one.cloud, one.execution_id): one for one in evidence.executed}
        for one in evidence.executed:
            self._own[f"{one.cloud} {one.value}"].append(one)
        self._closed: defaultdict[tuple[str, str], list[Closed]] = defaultdict(list)
        for closed in evidence.closed:
            self._closed[closed.machine, closed.name[:RUN_NAME_LENGTH]].append(closed)

    def findings(self) -> list[Finding]:
        found = [finding for run in self._evidence.runs for finding in self._about(run)]
        found += self._foreign_cancelled()
        found += self._double_by_id()
        found += (Finding("secrets found", None, text) for text in find_secrets(self._evidence))
        found += (
            Finding(STILL_RUNNING, None, f"{one.machine} {one.name}")
            for one in self._evidence.closed
            if one.status == "RUNNING"
        )
        return found

    def own(self, run: Run) -> list[Executed]:
        """The executions that were truly started with the run's own parameter."""
        return self._own[f"{run.cloud} {run.value}"]

    def told(self, run: Run) -> list[Told]:
        return self._told.get(run.name, []) if run.name else []

    def closed(self, run: Run, machine: str) -> list[Closed]:
        """The run itself in run_job, what closed it in close_run: once more after a redrive, by a longer name."""
        return self._closed[machine, run.name[:RUN_NAME_LENGTH]] if run.name else []

    def is_ambiguous(self, run: Run) -> bool:
        errors = {event.error for event in self.told(run)} | {main.error for main in self.closed(run, "run_job")}
        return UNCONFIRMED in errors

    def _about(self, run: Run) -> Iterator[Finding]:
        for text in self._wrong_adoptions(run):
            yield Finding("wrong adoptions", run, text)
        if len(self.own(run)) > 1:
            yield Finding("duplicates", run, f"executed {len(self.own(run))} times")
        for text in self._orphans(run):
            yield Finding("orphans", run, text)
        for text in self._wrong_verdicts(run):
            yield Finding("wrong verdicts", run, text)
        if not self.told(run):
            yield Finding("events missing", run, "no completion event")
        for text in self._double_by_run(run):
            yield Finding("events double", run, text)

    def _wrong_adoptions(self, run: Run) -> Iterator[str]:
        claimed = {event.execution_id for event in self.told(run) if event.execution_id}
        for machine in ("run_job", "close_run"):
            claimed |= {one for closed in self.closed(run, machine) for one in closed.claimed}
        for execution_id in sorted(claimed):
            executed = self._by_id.get((run.cloud, execution_id))
            if executed is None:
                yield f"claims {execution_id}, which its vendor never started"
            elif executed.value != run.value:
                yield f"claims {execution_id}, which belongs to {executed.value}"

    def _orphans(self, run: Run) -> Iterator[str]:
        named = {one for event in self.told(run) for one in event.candidates}
        for executed in self.own(run):
            is_left_on_purpose = not run.cancels_on_abort
            if executed.outcome is None and not is_left_on_purpose and executed.execution_id not in named:
                yield f"{executed.execution_id} is still {executed.word}, and no event names it as a candidate"

    def _wrong_verdicts(self, run: Run) -> Iterator[str]:
        for executed in self.own(run):
            if executed.was_cancel_asked and not run.may_be_cancelled:
                yield f"{executed.execution_id} was cancelled without a cause"
        for event in self.told(run):
            yield from self._wrong_event(run, event)
        for main in self.closed(run, "run_job"):
            yield from self._wrong_ending(run, main)

    def _wrong_event(self, run: Run, event: Told) -> Iterator[str]:
        is_stopped = run.aborted_at is not None or run.has_deadline
        if event.is_about_an_execution:
            yield from self._untrue(run, event)
            is_excused = is_stopped or event.outcome in {"succeeded", "failed"}
        elif event.outcome == "unobservable":
            is_excused = is_stopped
        elif event.error in STOPPED:
            yield from self._wrongly_never_started(run, event)
            is_excused = is_stopped
        else:
            is_excused = event.error == UNCONFIRMED
        if not is_excused:
            yield f"a healthy run was told as {event.type} with {event.error}"

    def _untrue(self, run: Run, event: Told) -> Iterator[str]:
        executed = self._by_id.get((run.cloud, event.execution_id or ""))
        outcome = "canceled" if event.outcome == "timed_out" else event.outcome
        if executed is None or outcome != executed.outcome or event.vendor_word != executed.word:
            truth = executed.word if executed else "no such execution"
            yield f"told {event.outcome} ({event.vendor_word}) of {event.execution_id}; at the vendor: {truth}"

    def _wrongly_never_started(self, run: Run, event: Told) -> Iterator[str]:
        for executed in self.own(run):
            if executed.outcome != "canceled":
                yield f"told {event.error} as never started; {executed.execution_id} was, and is {executed.word}"

    def _wrong_ending(self, run: Run, main: Closed) -> Iterator[str]:
        """What the caller of run_job gets must be what the consumer of its events gets."""
        told = self.told(run)
        if main.status == "SUCCEEDED" and not any(event.outcome == "succeeded" for event in told):
            yield "run_job succeeded, and no event says so"
        if main.status == "FAILED" and told and main.error not in {event.error for event in told}:
            yield f"run_job failed with {main.error}, and no event says so"
        if main.status == "TIMED_OUT" and not run.has_deadline:
            yield "run_job timed out, and had an hour"

    def _foreign_cancelled(self) -> Iterator[Finding]:
        values = {run.value for run in self._evidence.runs}
        for one in self._evidence.executed:
            if one.value not in values and (one.was_cancel_asked or one.outcome == "canceled"):
                yield Finding("foreign executions cancelled", None, f"{one.cloud} {one.execution_id} of {one.value}")

    def _double_by_run(self, run: Run) -> Iterator[str]:
        """A run that went out of sight may be told once more, with the truth."""
        told = self.told(run)
        sights = [event for event in told if event.outcome == "unobservable"]
        truths = [event for event in told if event.outcome != "unobservable"]
        if len(sights) > 1 or len(truths) > 1:
            yield f"told {len(told)} times: {', '.join(sorted(event.type for event in told))}"

    def _double_by_id(self) -> Iterator[Finding]:
        ids = Counter(event.event_id for event in self._evidence.told)
        yield from (Finding("events double", None, f"event {one}") for one, times in ids.items() if times > 1)
        ends = Counter(event.execution_id for event in self._evidence.told if event.is_about_an_execution)
        yield from (Finding("events double", None, f"execution {one}") for one, times in ends.items() if times > 1)
