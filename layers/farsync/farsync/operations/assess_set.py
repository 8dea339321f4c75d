"""Assess a set of a backfill: which run it gets next, or what became of it.

Its runs are named by the set and the number of the attempt.
"""

import json
from collections.abc import Mapping
from math import ceil
from typing import Any, Literal, NamedTuple

from farsync.aws.client import named_failures
from farsync.aws.executions import described_execution, instant
from farsync.aws.run_history import RunHistory, json_object, read_history
from farsync.aws.run_store import request_in, run_arn
from farsync.closing.decision import start_state
from farsync.events.backfill_event import BackfillResult, SetStatus
from farsync.model.errors import AlreadyRunning, FarsyncError, ProviderUnavailable
from farsync.model.execution import WireModel
from farsync.model.names import run_name
from farsync.model.run import OwnModel, Run
from farsync.model.run_request import RunRequest
from farsync.model.same_input import differing_fields
from farsync.model.validation import validated
from farsync.operations.event_of_run import event_of_result, event_of_run
from farsync.operations.find_execution import search
from farsync.runtime.context import Context
from farsync.runtime.observability import log_rejection

MOST_ATTEMPTS = 4
AWAITED_SECONDS = (60, 240, 900)
"""How long after its end an earlier run is asked again for what it has left behind. close_run mostly takes a minute."""
CANDIDATES_SHOWN = 5
LARGEST_RESULT_BYTES = 600
"""366 of them stand in one variable of the state machine, which holds 262,144."""
NAME_IS_TAKEN = "StepFunctions.ExecutionAlreadyExistsException"
RUNNING = frozenset({"RUNNING", "PENDING_REDRIVE"})
OUT_OF_SIGHT = frozenset({"AmbiguousStart", "RunUnobservable"})


class Tried(OwnModel):
    """The run that the state machine started for the set, and by what that failed; or the run had failed."""

    name: str
    error: str


class SetOfBackfill(OwnModel):
    """As it was planned."""

    index: int
    parameters: Mapping[str, object]
    key: str
    tried: Tried | None = None


class SetToAssess(OwnModel):
    """`request` is what all runs of the backfill share."""

    request: Mapping[str, object]
    set: SetOfBackfill


class Assessment(WireModel):
    """`run` a run of this name with this input; assess it again `later`; or the set is done with, by this `result`."""

    outcome: Literal["run", "later", "done"]
    name: str | None = None
    input: Mapping[str, object] | None = None
    wait_seconds: int | None = None
    result: BackfillResult | None = None


@named_failures()
def assess_set(context: Context, asked: SetToAssess) -> Assessment:
    """Raises AlreadyRunning and ProviderUnavailable where AWS contradicts itself, which passes; and what AWS raises."""
    return _Assessing(context, asked).assessment()


class _End(NamedTuple):
    """What is known of a run that is over. `has_succeeded` is None while that is not known."""

    has_succeeded: bool | None
    data: Mapping[str, Any]
    """Of the event, or what else the run ended with."""
    error: str
    history: RunHistory | None = None


class _Assessing(NamedTuple):
    context: Context
    asked: SetToAssess

    def assessment(self) -> Assessment:
        tried = self.asked.set.tried
        if tried and tried.error != NAME_IS_TAKEN:
            return self._assess_own(tried)
        name = ""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            name = self._name(attempt)
            described = described_execution(self.context, "RUN_JOB_ARN", name)
            assessed = self._assess_earlier(name, described) if described else self._run(name)
            if assessed:
                return assessed
        why = f"it has failed {MOST_ATTEMPTS} times; to run it once more, start a backfill with another intent"
        return self._done("FAILED", name, error="TooManyAttempts", message=why)

    def _assess_own(self, tried: Tried) -> Assessment:
        """Of a run that was started, or could not be, by this backfill."""
        described = described_execution(self.context, "RUN_JOB_ARN", tried.name)
        if described is None:
            return self._done("FAILED", tried.name, error=tried.error)
        if described["status"] in RUNNING:
            raise AlreadyRunning(f"run {tried.name} goes on, though its end was reported")
        end = self._end(tried.name, described)
        if end.has_succeeded is None and end.error in OUT_OF_SIGHT:
            return self._undecided(tried.name, end)
        status: SetStatus = "SUCCEEDED" if end.has_succeeded else "FAILED"
        error = None if end.has_succeeded else end.error
        return self._done(status, tried.name, error=error, execution_id=end.data.get("executionId"))

    def _assess_earlier(self, name: str, described: Mapping[str, Any]) -> Assessment | None:
        """Of a run that was there before; None where the set needs another attempt."""
        fields = differing_fields(self._input, request_in(described))
        if described["status"] in RUNNING:
            return self._conflict(name, fields, "goes on") if fields else self._run(name, is_going_on=True)
        end = self._end(name, described)
        if end.has_succeeded is None:
            return self._await(described, end) or self._undecided(name, end)
        if not end.has_succeeded:
            return None
        if fields:
            return self._conflict(name, fields, "has succeeded")
        return self._done("DONE_BEFORE", name, execution_id=end.data.get("executionId"))

    def _end(self, name: str, described: Mapping[str, Any]) -> _End:
        """What stopped the run is no end of its execution: that is what the poller or close_run has emitted."""
        if event := event_of_result(described):
            return _End(event["data"]["status"] == "SUCCEEDED", event["data"], _error_in(event["data"], described))
        if described["status"] == "SUCCEEDED":
            return _End(has_succeeded=True, data=json_object(described.get("output")) or {}, error="")
        history = read_history(self.context, run_arn(self.context, name))
        event, _ = event_of_run(self.context, name, described, history)
        if event is None and (found := self._found(name, described, history)):
            history = history._replace(run=found)
            event, _ = event_of_run(self.context, name, described, history)
        data = event["data"] if event else {}
        error = _error_in(data, described)
        if event is None or event["type"] == "io.farsync.run.unobservable" or error == "AmbiguousStart":
            return _End(None, data, error, history)
        return _End(event["type"] == "io.farsync.execution.succeeded", data, error, history)

    def _found(self, name: str, described: Mapping[str, Any], history: RunHistory) -> Run | None:
        """With the execution of its unconfirmed start, as close_run finds it. What began nothing has an event."""
        if history.run is None or start_state(history) != "unconfirmed":
            return None
        try:
            request = validated(RunRequest, request_in(described))
            found = search(self.context, request, history.run, history, name)
        except FarsyncError as failure:
            log_rejection(failure)
            return None
        return found.run if found.outcome == "found" else None

    def _await(self, described: Mapping[str, Any], end: _End) -> Assessment | None:
        """A run that ended a moment ago may not be closed yet. What is ambiguous stays so."""
        if end.error == "AmbiguousStart":
            return None
        age_seconds = (self.context.now() - instant(described["stopDate"])).total_seconds()
        left = (moment - age_seconds for moment in AWAITED_SECONDS if moment > age_seconds)
        wait_seconds = next(left, None)
        return None if wait_seconds is None else Assessment(outcome="later", wait_seconds=ceil(wait_seconds))

    def _undecided(self, name: str, end: _End) -> Assessment:
        history = end.history or RunHistory()
        ids = tuple(candidate["executionId"] for candidate in end.data.get("candidates") or ())
        if history.ambiguous and not ids:
            ids = tuple(candidate.execution_id for candidate in history.ambiguous.candidates)
        execution_id = end.data.get("executionId") or history.execution_id
        if end.error == "AmbiguousStart":
            why = "what its start began is not known; check the candidates, then run it by another intent if need be"
        else:
            why = (
                "how its last run ended is not known, and its execution may go on; start the backfill again once its "
                "event is there, or check it at the provider and run it by another intent"
            )
        candidates = ids[:CANDIDATES_SHOWN] or None
        return self._done(
            "UNDECIDED", name, error=end.error, execution_id=execution_id, candidates=candidates, message=why
        )

    def _conflict(self, name: str, fields: tuple[str, ...], what: str) -> Assessment:
        why = (
            f"its run {what} by another request, which differs in {', '.join(fields)}; give the same again, or another "
            "intent"
        )
        return self._done("FAILED", name, error="IdempotencyConflict", message=why)

    def _run(self, name: str, *, is_going_on: bool = False) -> Assessment:
        """Or waits for the run of this name, if it goes on by the same input."""
        tried = self.asked.set.tried
        if tried and tried.name == name:
            if is_going_on:
                raise AlreadyRunning(f"run {name} goes on, and Step Functions does not let it be waited for")
            raise ProviderUnavailable(f"Step Functions shows no run {name}, though its name is taken")
        return Assessment(outcome="run", name=name, input=self._input)

    def _done(self, status: SetStatus, name: str, **more: Any) -> Assessment:
        result = BackfillResult(index=self.asked.set.index, status=status, run_name=name, **more)
        if len(result.model_dump_json(by_alias=True, exclude_none=True).encode()) > LARGEST_RESULT_BYTES:
            result = result.model_copy(update={"candidates": None, "execution_id": None})
        return Assessment(outcome="done", result=result)

    @property
    def _input(self) -> Mapping[str, object]:
        """With its members in one order, whatever the order in which somebody wrote them."""
        given = {**self.asked.request, "parameters": self.asked.set.parameters}
        ordered: dict[str, object] = json.loads(json.dumps(given, sort_keys=True))
        return ordered

    def _name(self, attempt: int) -> str:
        request = self.asked.request
        return run_name(str(request["connection"]), str(request["job"]), "backfill", self.asked.set.key, str(attempt))


def _error_in(data: Mapping[str, Any], described: Mapping[str, Any]) -> str:
    """Whoever aborts a run may give any error: it says nothing of the execution."""
    own = described.get("error") if described["status"] == "FAILED" else None
    return str((data.get("error") or {}).get("name") or own or described["status"])
