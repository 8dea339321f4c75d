"""Compares an event with what its provider did."""

from collections.abc import Iterator, Sequence

from tests.chaos.evidence import Event, Execution
from tests.chaos.runs import Run

AMBIGUOUS = "AmbiguousStart"
SAYS_CANCELLED = ("its cancel was accepted", "its execution was cancelled", "its execution cancelled")
SAYS_REJECTED = "its cancel was rejected"
SAYS_NOTHING_BEGAN = ("before an execution was started", "no execution began")


def find_untruths(run: Run, event: Event, named: Execution | None, own: Sequence[Execution]) -> Iterator[str]:
    """A sentence each. `named` is the execution that the event names, `own` are those of the run's parameter."""
    if event.token != (run.label or run.token):
        yield f"labels are those of {event.token}"
    if event.is_about_an_execution:
        outcome = "canceled" if event.outcome == "timed_out" else event.outcome
        if named is None or outcome != named.outcome or event.provider_word != named.word:
            truth = named.word if named else "no such execution"
            yield f"says {event.outcome} ({event.provider_word}) of {event.execution_id}; at the provider: {truth}"
    elif event.outcome == "failed" and event.error != AMBIGUOUS and not run.redrives:
        # A redrive may begin what was not begun before.
        says = next((words for words in SAYS_NOTHING_BEGAN if words in event.message), event.error)
        for execution in own:
            yield f"says '{says}'; {execution.execution_id} was started, and is {execution.word}"
    if SAYS_REJECTED in event.message and (named is None or not named.cancels_received):
        yield f"says '{SAYS_REJECTED}'; the provider received none"
    if named is None or not named.cancelled_at:
        says_of_cancels = [words for words in SAYS_CANCELLED if words in event.message]
        if event.cancel_confirmed is not None:
            says_of_cancels.append(f"cancelConfirmed {event.cancel_confirmed}")
        yield from (f"says '{words}'; no cancel was asked for at the provider" for words in says_of_cancels)
