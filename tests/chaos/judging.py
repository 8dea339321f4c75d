"""Compares what the providers did with what was emitted, run by run."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from tests.chaos import lateness, untruths
from tests.chaos.evidence import Ended, Evidence, Executed, Run, Told, by_run
from tests.chaos.log_scan import find_exceptions, find_secrets

ROWS = (
    "wrong attachments",
    "foreign executions cancelled",
    "duplicates",
    "orphans",
    "wrong ends",
    "too many ambiguous starts",
    "events missing",
    "events double",
    "events untrue",
    "messages left",
    "dead letters",
    "exceptions",
    "secrets found",
)
STILL_RUNNING = "still running"
"""Not a promise, but without it there would be no verdict."""
AMBIGUOUS = "AmbiguousStart"
MOST_AMBIGUOUS, MOST_AMBIGUOUS_MARKED = 0.05, 0.01
"""Shares of the healthy runs, and of those among them whose executions are marked."""
FEWEST_HEALTHY = 100
"""A share of fewer runs says nothing: one outage meets most of them."""
OF_A_DEADLINE = frozenset({"DeadlineExceeded", "RunUnobservable"})
"""A run that ends by these may be followed by the true end of its execution."""


@dataclass(frozen=True)
class Finding:
    row: str
    run: Run | None
    text: str


class Judge:
    def __init__(self, evidence: Evidence, fewest_healthy: int = FEWEST_HEALTHY) -> None:
        self._evidence = evidence
        self._fewest_healthy = fewest_healthy
        self._told = by_run(evidence.told)
        self._own: defaultdict[str, list[Executed]] = defaultdict(list)
        self._by_id = {(one.cloud, one.execution_id): one for one in evidence.executed}
        for one in evidence.executed:
            self._own[f"{one.cloud} {one.value}"].append(one)
        self._runs = {one.name: one for one in evidence.ended if one.machine == "run_job"}

    def findings(self) -> list[Finding]:
        evidence = self._evidence
        found = [finding for run in evidence.runs for finding in self._about(run)]
        found += self._foreign_cancelled()
        found += self._too_many_ambiguous()
        found += self._double_by_id()
        found += self._of_no_run()
        found += self._of_backfills()
        found += self._not_on_the_queue()
        found += (
            Finding("messages left", None, f"{count} on {name}") for name, count in evidence.left.items() if count
        )
        found += (
            Finding("dead letters", None, f"on {queue}: {body[:300]}")
            for queue, bodies in evidence.dead_letters.items()
            for body in bodies
        )
        found += (Finding("exceptions", None, text) for text in find_exceptions(evidence))
        found += (Finding("secrets found", None, text) for text in find_secrets(evidence))
        found += (
            Finding(STILL_RUNNING, None, f"{one.machine} {one.name}")
            for one in evidence.ended
            if one.status == "RUNNING"
        )
        return found

    def own(self, run: Run) -> list[Executed]:
        """The executions that were truly started with the run's own parameter."""
        return self._own[f"{run.cloud} {run.value}"]

    def told(self, run: Run) -> list[Told]:
        return self._told.get(run.name, []) if run.name else []

    def ended(self, run: Run) -> Ended | None:
        """The run itself."""
        return self._runs.get(run.name or "")

    def is_ambiguous(self, run: Run) -> bool:
        ended = self.ended(run)
        return any(event.error == AMBIGUOUS for event in self.told(run)) or (ended and ended.error) == AMBIGUOUS

    def left_on_purpose(self) -> Counter[str]:
        """Why executions still run that may."""
        reasons = Counter[str]()
        for run in self._evidence.runs:
            for executed in self.own(run):
                if executed.outcome is None and (reason := self._why_left(run, executed)):
                    reasons[reason] += 1
        return reasons

    def _about(self, run: Run) -> Iterator[Finding]:
        if len(self.own(run)) > 1:
            yield Finding("duplicates", run, f"executed {len(self.own(run))} times")
        for row, texts in (
            ("wrong attachments", self._wrong_attachments(run)),
            ("orphans", self._orphans(run)),
            ("wrong ends", self._wrong_ends(run)),
            ("events missing", self._missing(run)),
            ("events double", self._double(run)),
            ("events untrue", self._untrue(run)),
        ):
            for text in texts:
                yield Finding(row, run, text)

    def _wrong_attachments(self, run: Run) -> Iterator[str]:
        claimed = {event.execution_id for event in self.told(run) if event.execution_id}
        if ended := self.ended(run):
            claimed |= ended.claimed
        for execution_id in sorted(claimed):
            executed = self._by_id.get((run.cloud, execution_id))
            if executed is None:
                yield f"claims {execution_id}, which its provider never started"
            elif executed.value != run.value:
                yield f"claims {execution_id}, which belongs to {executed.value}"

    def _why_left(self, run: Run, executed: Executed) -> str | None:
        if not run.cancels_on_abort:
            return "cancelOnAbort false"
        is_named = any(executed.execution_id in event.candidates for event in self.told(run))
        return "candidate of an AmbiguousStart" if is_named and self.is_ambiguous(run) else None

    def _orphans(self, run: Run) -> Iterator[str]:
        for executed in self.own(run):
            if self._why_left(run, executed):
                continue
            if executed.outcome is None:
                yield f"{executed.execution_id} is still {executed.word}"
            elif (ended := self.ended(run)) and (late := lateness.seconds(self._evidence, ended, executed)):
                yield f"{executed.execution_id} ran for {late:.0f} s after the end of its run"

    def _wrong_ends(self, run: Run) -> Iterator[str]:
        for executed in self.own(run):
            if executed.was_cancel_asked and not run.may_be_cancelled:
                yield f"{executed.execution_id} was cancelled without a cause"
        for event in self.told(run):
            is_excused = event.outcome in {"succeeded", "failed"} and event.is_about_an_execution
            if run.is_healthy and not is_excused and event.error != AMBIGUOUS:
                yield f"a healthy run ended as {event.type} with {event.error}: {event.message}"
        if ended := self.ended(run):
            yield from self._wrong_end_of_machine(run, ended)

    def _wrong_end_of_machine(self, run: Run, ended: Ended) -> Iterator[str]:
        """What the caller of run_job gets must be what the consumer of its events gets."""
        told = self.told(run)
        if ended.status == "SUCCEEDED" and not any(event.outcome == "succeeded" for event in told):
            yield "run_job succeeded, and no event says so"
        is_followed_by_the_truth = run.has_deadline and ended.error in OF_A_DEADLINE
        is_said = ended.error in {event.error for event in told}
        if ended.status == "FAILED" and told and not is_said and not is_followed_by_the_truth:
            yield f"run_job failed with {ended.error}, and no event says so"
        if ended.status == "TIMED_OUT":
            yield "run_job timed out, and has no time-out"

    def _missing(self, run: Run) -> Iterator[str]:
        told = self.told(run)
        if not told:
            yield "no completion event"
        ids = {event.execution_id for event in told if event.is_about_an_execution}
        for executed in self.own(run):
            if executed.outcome and executed.execution_id not in ids and not self.is_ambiguous(run):
                yield f"{executed.execution_id} is {executed.word}, and no event says so"

    def _double(self, run: Run) -> Iterator[str]:
        """At most one event about the run itself for each of its redrives, and one end of its execution."""
        about_runs = [event for event in self.told(run) if not event.is_about_an_execution]
        if len(about_runs) > 1 + run.redrives:
            yield f"{len(about_runs)} events about the run, after {run.redrives} redrives"

    def _untrue(self, run: Run) -> Iterator[str]:
        for event in self.told(run):
            executed = self._by_id.get((run.cloud, event.execution_id or ""))
            yield from untruths.about(run, event, executed, self.own(run))
            for candidate in event.candidates:
                if (run.cloud, candidate) not in self._by_id:
                    yield f"names candidate {candidate}, which its provider never started"

    def _too_many_ambiguous(self) -> Iterator[Finding]:
        healthy = [run for run in self._evidence.runs if run.is_healthy]
        marked = [run for run in healthy if run.is_marked]
        for runs, share in ((healthy, MOST_AMBIGUOUS), (marked, MOST_AMBIGUOUS_MARKED)):
            ambiguous = [run for run in runs if self.is_ambiguous(run)]
            if len(runs) >= self._fewest_healthy and len(ambiguous) > ceil(share * len(runs)):
                text = (
                    f"one of {len(ambiguous)} ambiguous starts of {len(runs)} healthy runs; at most {share:.0%} may be"
                )
                yield from (Finding("too many ambiguous starts", run, text) for run in ambiguous)

    def _foreign_cancelled(self) -> Iterator[Finding]:
        values = {run.value for run in self._evidence.runs}
        for one in self._evidence.executed:
            if one.value not in values and (one.was_cancel_asked or one.outcome == "canceled"):
                yield Finding("foreign executions cancelled", None, f"{one.cloud} {one.execution_id} of {one.value}")

    def _not_on_the_queue(self) -> Iterator[Finding]:
        """An execution of emit_event bears the id of its event."""
        ids = {event.event_id for event in self._evidence.told} | set(self._evidence.notices)
        for one in self._evidence.ended:
            if one.machine == "emit_event" and one.status != "RUNNING" and one.name not in ids:
                yield Finding("events missing", None, f"{one.name} was emitted ({one.status}), and is not on the queue")

    def _of_no_run(self) -> Iterator[Finding]:
        """Where jobs are watched, a foreign execution has its event too; those of runs are told as theirs."""
        told = [event for event in self._told.get(None, []) if event.is_about_an_execution]
        owners = {run.value: run for run in self._evidence.runs}
        for event in told:
            executed = next((one for one in self._evidence.executed if one.execution_id == event.execution_id), None)
            if executed is None or executed.outcome != event.outcome or executed.word != event.provider_word:
                truth = executed.word if executed else "no such execution"
                yield Finding("events untrue", None, f"says {event.outcome} of {event.execution_id}; is {truth}")
            elif (run := owners.get(executed.value or "")) and not self.is_ambiguous(run):
                yield Finding("events untrue", run, f"{event.execution_id} is told as nobody's, and is this run's")
        ids = {event.execution_id for event in told}
        for executed in self._evidence.executed if self._evidence.is_watched else ():
            if executed.value in owners or executed.outcome is None or executed.execution_id in ids:
                continue
            if not lateness.may_be_of_a_run(self._evidence, self._runs, executed):
                text = f"{executed.execution_id} of {executed.value} is {executed.word}, and no event says so"
                yield Finding("events missing", None, text)

    def _of_backfills(self) -> Iterator[Finding]:
        backfills = [one for one in self._evidence.ended if one.machine == "run_backfill" and one.status != "RUNNING"]
        told = self._evidence.backfills_told
        if told != len(backfills):
            row = "events missing" if told < len(backfills) else "events double"
            yield Finding(row, None, f"{told} events say that a backfill is done, of {len(backfills)}")

    def _double_by_id(self) -> Iterator[Finding]:
        ids = Counter(event.event_id for event in self._evidence.told)
        yield from (Finding("events double", None, f"event {one}") for one, times in ids.items() if times > 1)
        ends = Counter(event.execution_id for event in self._evidence.told if event.is_about_an_execution)
        yield from (Finding("events double", None, f"execution {one}") for one, times in ends.items() if times > 1)
