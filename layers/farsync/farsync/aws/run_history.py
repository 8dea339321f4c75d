"""What the history of a run says: how far it came, which execution it holds, and what it may have posted.

The one reader of histories. It reads the newest events first and no further than it must: a history may have 25,000.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from farsync.aws.client import Stack
from farsync.aws.history_events import (
    DETAILS_OF_AN_END,
    OUTCOMES_OF_A_TASK,
    Attempt,
    LastError,
    PostWindow,
    RunEnd,
    candidates_in,
    end_in,
    json_object,
    message_in,
    time_of_event,
)
from farsync.model.execution import Candidate
from farsync.model.run import Run

__all__ = [
    "Ambiguity",
    "LastError",
    "PostWindow",
    "RunEnd",
    "RunHistory",
    "history_in",
    "json_object",
    "message_in",
    "read_history",
]

FIRST_PAGE_SIZE = 20
"""Enough for most runs: one that has ended, and one that is followed."""
PAGE_SIZE = 200


class Ambiguity(NamedTuple):
    """What the last search answered, where it was ambiguous."""

    message: str
    candidates: tuple[Candidate, ...]


class RunHistory(NamedTuple):
    """Of a run as far as it was read; all that is older than what decides is left out."""

    newest_at: datetime | None = None
    """When the newest event was written."""
    end: RunEnd | None = None
    """None while the run goes on."""
    step: str | None = None
    """The state that was entered last."""
    run: Run | None = None
    """The newest run variable; None where Prepare never answered."""
    request: Mapping[str, Any] | None = None
    """The run request as a function was given it last."""
    post_windows: tuple[PostWindow, ...] = ()
    """Of all starts that may have posted since the last search that found nothing; the oldest first."""
    unconfirmed_because: str = ""
    """What became of the newest of them."""
    ambiguous: Ambiguity | None = None
    has_searched: bool = False
    """Whether a search has seen the provider's list since the newest post."""
    last_error: LastError | None = None

    @property
    def execution_id(self) -> str | None:
        return self.run.execution_id if self.run else None


def read_history(stack: Stack, execution_arn: str) -> RunHistory:
    """Raises AwsRequestFailed."""
    return history_in(_newest_events(stack, execution_arn))


def history_in(newest_first: Iterable[Mapping[str, Any]]) -> RunHistory:
    """The same from events. Takes no more of them than it must."""
    reading = _Reading()
    for event in newest_first:
        reading.take(event)
        if reading.is_done:
            break
    return reading.history()


class _Reading:
    """Takes the events of a history one by one, the newest first.

    One task runs at a time, so that an outcome belongs to the next older task that was scheduled; and attempts belong
    to the next older state that was entered, also across a redrive, which enters no state anew.
    """

    def __init__(self) -> None:
        self._history = RunHistory()
        self._is_newest_outcome: bool = True
        self._is_clear: bool = False
        """Whether nothing older may have posted: a search found nothing, or Prepare made a fresh baseline."""
        self._outcome: Mapping[str, Any] | None = None
        self._attempts: list[Attempt] = []

    @property
    def is_done(self) -> bool:
        if self._history.step is None or self._history.run is None:
            return False
        return self._is_clear or self._history.execution_id is not None

    def history(self) -> RunHistory:
        return self._history._replace(post_windows=()) if self._history.execution_id else self._history

    def take(self, event: Mapping[str, Any]) -> None:
        kind = str(event.get("type"))
        if self._history.newest_at is None:
            end = end_in(event) if kind in DETAILS_OF_AN_END else None
            self._history = self._history._replace(newest_at=time_of_event(event), end=end)
        if kind in OUTCOMES_OF_A_TASK:
            self._outcome = event
        elif kind == "TaskScheduled":
            self._take_attempt(event)
        elif entered := event.get("stateEnteredEventDetails"):
            self._take_state(str(entered.get("name")))

    def _take_attempt(self, event: Mapping[str, Any]) -> None:
        known = self._history
        given = json_object((event.get("taskScheduledEventDetails") or {}).get("parameters")) or {}
        attempt = Attempt(time_of_event(event), given, self._outcome)
        if self._is_newest_outcome:
            self._history = self._history._replace(last_error=attempt.error)
        self._is_newest_outcome = self._is_newest_outcome and attempt.outcome is None
        run = attempt.run
        is_known = run is not None and run.execution_id is not None and not self._is_clear
        # An answer that the machine could not pass on is still an answer.
        if known.run is None or (is_known and known.execution_id is None):
            self._history = self._history._replace(run=run)
        request = known.request or json_object(attempt.payload.get("request"))
        self._history = self._history._replace(request=request)
        self._attempts.append(attempt)
        self._outcome = None

    def _take_state(self, name: str) -> None:
        self._history = self._history._replace(step=self._history.step or name)
        for attempt in self._attempts:
            if name == "Start" and not self._is_clear:
                self._take_start(attempt)
            elif name == "Find" and not self._is_clear:
                self._take_search(attempt.answer)
        self._is_clear = self._is_clear or name == "Prepare"
        self._attempts.clear()

    def _take_start(self, attempt: Attempt) -> None:
        if attempt.post_window is None:
            return
        windows, error = self._history.post_windows, attempt.error
        if not windows:
            because = ": ".join(filter(None, error)) if error else "its answer was never seen"
            self._history = self._history._replace(unconfirmed_because=because)
        self._history = self._history._replace(post_windows=(attempt.post_window, *windows))

    def _take_search(self, answer: Mapping[str, Any]) -> None:
        outcome, known = answer.get("outcome"), self._history
        if not known.post_windows and outcome is not None and answer.get("hasSearched") is not False:
            self._history = self._history._replace(has_searched=True)
        if outcome == "ambiguous" and known.ambiguous is None and not known.post_windows:
            ambiguous = Ambiguity(str(answer.get("message") or ""), candidates_in(answer.get("candidates")))
            self._history = self._history._replace(ambiguous=ambiguous)
        self._is_clear = outcome == "nothing"


def _newest_events(stack: Stack, execution_arn: str) -> Iterator[dict[str, Any]]:
    """A token is for pages of one size, so that the large pages begin with the newest event once more."""
    question: dict[str, object] = {
        "executionArn": execution_arn,
        "reverseOrder": True,
        "includeExecutionData": True,
        "maxResults": FIRST_PAGE_SIZE,
    }
    page = stack.aws.call("states", "GetExecutionHistory", question)
    yield from page["events"]
    oldest_read = min((int(event["id"]) for event in page["events"]), default=None)
    more = bool(page.get("nextToken"))
    question["maxResults"] = PAGE_SIZE
    while more:
        page = stack.aws.call("states", "GetExecutionHistory", question)
        yield from (event for event in page["events"] if oldest_read is None or int(event["id"]) < oldest_read)
        question["nextToken"] = page.get("nextToken")
        more = bool(question["nextToken"])
