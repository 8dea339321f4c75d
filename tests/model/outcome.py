"""A trace that is over, and who began what in it."""

from functools import cached_property

from farsync.model.names import run_event_id
from tests.model.calls import FUNCTION_SECONDS
from tests.model.cloud import SOMEBODY, TrueExecution
from tests.model.runs import WalkedRun
from tests.model.step_functions import Emitted
from tests.model.trace import Trace

POST_SECONDS = 35.0
CLOCK_SECONDS = 5.0


def event_kind(emitted: Emitted) -> tuple[str, str]:
    """`run` or `execution`, and how it ended."""
    subject, _, how = emitted.event["type"].removeprefix("io.farsync.").partition(".")
    return subject, how


class Outcome:
    def __init__(self, trace: Trace) -> None:
        self.trace, self.cloud, self.runs, self.ended_at = trace, trace.cloud, trace.runs, trace.ended_at
        self.injected, self.conditions = trace.faults.injected, trace.faults.conditions
        self.executions = list(trace.cloud.executions.values())

    @cached_property
    def about_runs(self) -> dict[str, Emitted]:
        events = self.trace.account.events.items()
        return {event_id: emitted for event_id, emitted in events if event_kind(emitted)[0] == "run"}

    @cached_property
    def about_executions(self) -> list[Emitted]:
        return [emitted for emitted in self.trace.account.events.values() if event_kind(emitted)[0] == "execution"]

    def begun_by(self, run: WalkedRun) -> list[TrueExecution]:
        return [execution for execution in self.executions if execution.owner == run.label]

    def beside(self, run: WalkedRun) -> list[WalkedRun]:
        """The other runs of its job."""
        return [other for other in self.runs if other is not run and other.request["job"] == run.request["job"]]

    def starts_of(self, run: WalkedRun) -> list[float]:
        """When its Start was scheduled."""
        return [
            float(event["timestamp"])
            for event in run.events
            if event["type"] == "TaskScheduled"
            and event["taskScheduledEventDetails"]["parameters"].get("FunctionName") == "${TriggerExecutionFunction}"
        ]

    def searches_of(self, run: WalkedRun, until: float) -> int:
        return sum(
            event["timestamp"] < until and event.get("stateEnteredEventDetails", {}).get("name") == "Find"
            for event in run.events
        )

    def holders_of(self, execution: TrueExecution) -> list[WalkedRun]:
        """Who began it; or whose post never arrived and cannot be known from somebody's start in the same seconds."""
        if execution.owner != SOMEBODY:
            return [run for run in self.runs if run.label == execution.owner]
        # A list that came slowly leaves open how long ago something was created.
        vague = FUNCTION_SECONDS if self.trace.faults.may_hold_up("find_execution", "close_run") else 0
        begin, end = -CLOCK_SECONDS - vague, POST_SECONDS + CLOCK_SECONDS
        return [
            run
            for run in self.runs
            if run.request["job"] == execution.job
            and not self.begun_by(run)
            and not self._is_known_apart(run)
            and any(begin <= execution.created_at - start <= end for start in self.starts_of(run))
        ]

    def _is_known_apart(self, run: WalkedRun) -> bool:
        """By a marker, or by an echo; of a secret there is none."""
        kind = self.cloud.kind
        return kind == "marks" or (kind == "echoes" and isinstance(run.request["parameters"]["run"], str))

    def event_of(self, run: WalkedRun) -> Emitted | None:
        """The one about its last end."""
        return self.about_runs.get(run_event_id(run.name, run.redrive_count))

    def is_ambiguous(self, run: WalkedRun) -> bool:
        data = [emitted.event["data"] for emitted in self.about_runs.values()]
        return any(about["runName"] == run.name and about["error"]["name"] == "AmbiguousStart" for about in data)
