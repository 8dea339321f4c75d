"""Compares what the providers did with what was emitted, run by run."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from tests.chaos import lateness, log_scan
from tests.chaos.event_checks import AMBIGUOUS, find_untruths
from tests.chaos.evidence import Event, Evidence, Execution, Walk
from tests.chaos.runs import Run

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
    "still running",
)
"""Each must be zero. The last is no promise, but without it the others would prove nothing."""
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


class Checks:
    def __init__(self, evidence: Evidence, fewest_healthy: int = FEWEST_HEALTHY) -> None:
        self._evidence = evidence
        self._fewest_healthy = fewest_healthy
        self._events: defaultdict[str | None, list[Event]] = defaultdict(list)
        self._own: defaultdict[tuple[str, str | None], list[Execution]] = defaultdict(list)
        self._by_id = {(execution.cloud, execution.execution_id): execution for execution in evidence.executions}
        self._owners = {run.value: run for run in evidence.runs}
        for event in evidence.events:
            self._events[event.run_name].append(event)
        for execution in evidence.executions:
            self._own[execution.cloud, execution.value].append(execution)
        self._walks = {walk.name: walk for walk in evidence.walks if walk.machine == "run_job"}

    def findings(self) -> list[Finding]:
        evidence = self._evidence
        of_runs = (
            ("duplicates", self._duplicates),
            ("wrong attachments", self._wrong_attachments),
            ("orphans", self._orphans),
            ("wrong ends", self._wrong_ends),
            ("events missing", self._missing),
            ("events double", self._double),
            ("events untrue", self._untrue),
        )
        found = [Finding(row, run, text) for run in evidence.runs for row, check in of_runs for text in check(run)]
        found += self._too_many_ambiguous()
        found += self._foreign_ends_untrue()
        letters = ((queue, body[:300]) for queue, bodies in evidence.dead_letters.items() for body in bodies)
        of_all = (
            ("foreign executions cancelled", self._foreign_cancelled()),
            ("events missing", self._foreign_ends_missing()),
            ("events missing", self._not_on_the_queue()),
            ("events missing", ["of a backfill"] * (self._backfills() - evidence.backfill_events)),
            ("events double", ["of a backfill"] * (evidence.backfill_events - self._backfills())),
            ("events double", self._double_ids()),
            ("messages left", (f"{count} on {queue}" for queue, count in evidence.left.items() if count)),
            ("dead letters", (f"on {queue}: {body}" for queue, body in letters)),
            ("exceptions", log_scan.find_exceptions(evidence)),
            ("secrets found", log_scan.find_secrets(evidence)),
            ("still running", (f"{w.machine} {w.name}" for w in evidence.walks if w.status == "RUNNING")),
        )
        return found + [Finding(row, None, text) for row, texts in of_all for text in texts]

    def own(self, run: Run) -> list[Execution]:
        """The executions that were truly started with the run's own parameter."""
        return self._own[run.job.cloud, run.value]

    def events(self, run: Run) -> list[Event]:
        return self._events[run.name] if run.name else []

    def walk(self, run: Run) -> Walk | None:
        return self._walks.get(run.name or "")

    def is_ambiguous(self, run: Run) -> bool:
        walk = self.walk(run)
        return any(event.error == AMBIGUOUS for event in self.events(run)) or (walk and walk.error) == AMBIGUOUS

    def left_on_purpose(self) -> Counter[str]:
        """Why executions still run that may."""
        open_ones = ((run, own) for run in self._evidence.runs for own in self.own(run) if own.outcome is None)
        return Counter(reason for run, own in open_ones if (reason := self._why_left(run, own)))

    def _why_left(self, run: Run, execution: Execution) -> str | None:
        if not run.cancels_on_abort:
            return "cancelOnAbort false"
        is_named = any(execution.execution_id in event.candidate_ids for event in self.events(run))
        return "candidate of an AmbiguousStart" if is_named and self.is_ambiguous(run) else None

    def _duplicates(self, run: Run) -> Iterator[str]:
        if (times := len(self.own(run))) > 1:
            yield f"executed {times} times"

    def _wrong_attachments(self, run: Run) -> Iterator[str]:
        walk = self.walk(run)
        claimed = {event.execution_id for event in self.events(run) if event.execution_id}
        for execution_id in sorted(claimed | (walk.claimed if walk else set())):
            execution = self._by_id.get((run.job.cloud, execution_id))
            if execution is None:
                yield f"claims {execution_id}, which its provider never started"
            elif execution.value != run.value:
                yield f"claims {execution_id}, which belongs to {execution.value}"

    def _orphans(self, run: Run) -> Iterator[str]:
        for execution in self.own(run):
            if self._why_left(run, execution):
                continue
            if execution.outcome is None:
                yield f"{execution.execution_id} is still {execution.word}"
            elif (walk := self.walk(run)) and (late := lateness.seconds_too_late(self._evidence, walk, execution)):
                yield f"{execution.execution_id} ran for {late:.0f} s after the end of its run"

    def _wrong_ends(self, run: Run) -> Iterator[str]:
        """The caller of run_job must get what the consumer of its events gets."""
        for execution in self.own(run):
            if execution.cancelled_at and not run.may_be_cancelled:
                yield f"{execution.execution_id} was cancelled without a cause"
        events, walk = self.events(run), self.walk(run)
        for event in events:
            is_its_own_end = event.outcome in {"succeeded", "failed"} and event.is_about_an_execution
            if run.is_healthy and not is_its_own_end and event.error != AMBIGUOUS:
                yield f"a healthy run ended as {event.type} with {event.error}: {event.message}"
        if walk and walk.status == "SUCCEEDED" and not any(event.outcome == "succeeded" for event in events):
            yield "run_job succeeded, and no event says so"
        if walk and walk.status == "FAILED" and events:
            is_followed_by_the_truth = run.has_deadline and walk.error in OF_A_DEADLINE
            if not is_followed_by_the_truth and walk.error not in {event.error for event in events}:
                yield f"run_job failed with {walk.error}, and no event says so"
        if walk and walk.status == "TIMED_OUT":
            yield "run_job timed out, and has no time-out"

    def _missing(self, run: Run) -> Iterator[str]:
        if not self.events(run):
            yield "no completion event"
        ids = {event.execution_id for event in self.events(run) if event.is_about_an_execution}
        for execution in self.own(run):
            if execution.outcome and execution.execution_id not in ids and not self.is_ambiguous(run):
                yield f"{execution.execution_id} is {execution.word}, and no event says so"

    def _double(self, run: Run) -> Iterator[str]:
        """At most one event about the run itself for each of its redrives."""
        about_the_run = sum(not event.is_about_an_execution for event in self.events(run))
        if about_the_run > 1 + run.redrives:
            yield f"{about_the_run} events about the run, after {run.redrives} redrives"

    def _untrue(self, run: Run) -> Iterator[str]:
        for event in self.events(run):
            named = self._by_id.get((run.job.cloud, event.execution_id or ""))
            yield from find_untruths(run, event, named, self.own(run))
            for candidate in event.candidate_ids:
                if (run.job.cloud, candidate) not in self._by_id:
                    yield f"names candidate {candidate}, which its provider never started"

    def _too_many_ambiguous(self) -> Iterator[Finding]:
        healthy = [run for run in self._evidence.runs if run.is_healthy]
        marked = [run for run in healthy if run.job.is_marked]
        for runs, share in ((healthy, MOST_AMBIGUOUS), (marked, MOST_AMBIGUOUS_MARKED)):
            ambiguous = [run for run in runs if self.is_ambiguous(run)]
            if len(runs) >= self._fewest_healthy and len(ambiguous) > ceil(share * len(runs)):
                text = f"among {len(ambiguous)} ambiguous of {len(runs)} healthy runs; at most {share:.0%} may be"
                yield from (Finding("too many ambiguous starts", run, text) for run in ambiguous)

    def _foreign_cancelled(self) -> Iterator[str]:
        for known in self._evidence.executions:
            if known.value not in self._owners and (known.cancelled_at or known.outcome == "canceled"):
                yield f"{known.cloud} {known.execution_id} of {known.value}"

    def _foreign_ends_untrue(self) -> Iterator[Finding]:
        """Events of no run, as watching emits them. Those of runs bear their run's name."""
        for event in self._foreign_ends():
            named = next(
                (known for known in self._evidence.executions if known.execution_id == event.execution_id), None
            )
            if named is None or named.outcome != event.outcome or named.word != event.provider_word:
                truth = named.word if named else "no such execution"
                text = f"says {event.outcome} of {event.execution_id}; is {truth}"
                yield Finding("events untrue", None, text)
            elif (run := self._owners.get(named.value or "")) and not self.is_ambiguous(run):
                yield Finding(
                    "events untrue", run, f"the event of {event.execution_id} names no run, and it is this run's"
                )

    def _foreign_ends_missing(self) -> Iterator[str]:
        """All jobs are watched."""
        ids = {event.execution_id for event in self._foreign_ends()}
        for known in self._evidence.executions:
            if known.value in self._owners or known.outcome is None or known.execution_id in ids:
                continue
            if not lateness.may_be_of_a_run(self._evidence, self._walks, known):
                yield f"{known.execution_id} of {known.value} is {known.word}, and no event says so"

    def _foreign_ends(self) -> list[Event]:
        return [event for event in self._events[None] if event.is_about_an_execution]

    def _not_on_the_queue(self) -> Iterator[str]:
        """An execution of emit_event bears the id of its event."""
        ids = {event.id for event in self._evidence.events} | self._evidence.notices
        for walk in self._evidence.walks:
            if walk.machine == "emit_event" and walk.status != "RUNNING" and walk.name not in ids:
                yield f"{walk.name} was emitted ({walk.status}), and is not on the queue"

    def _backfills(self) -> int:
        walks = self._evidence.walks
        return sum(walk.machine == "run_backfill" and walk.status != "RUNNING" for walk in walks)

    def _double_ids(self) -> Iterator[str]:
        events = self._evidence.events
        ids = Counter(f"event {event.id}" for event in events)
        ids += Counter(f"execution {event.execution_id}" for event in events if event.is_about_an_execution)
        yield from (name for name, times in ids.items() if times > 1)
