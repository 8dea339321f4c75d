"""What an event says, held against what its provider did."""

from collections.abc import Iterator, Sequence

from tests.chaos.evidence import Executed, Run, Told

SAYS_CANCELLED = ("its cancel was accepted", "its execution was cancelled", "its execution cancelled")
SAYS_REJECTED = ("its cancel was rejected",)
SAYS_NOTHING_BEGAN = ("before an execution was started", "no execution began")
AMBIGUOUS = "AmbiguousStart"


def about(run: Run, event: Told, named: Executed | None, own: Sequence[Executed]) -> Iterator[str]:
    """A sentence for each untruth. `named` is the execution that the event names, `own` are those of the parameter."""
    if event.token != run.label:
        yield f"labels are those of {event.token}"
    if event.is_about_an_execution:
        yield from _of_an_end(event, named)
    elif event.outcome == "failed" and event.error != AMBIGUOUS:
        yield from _of_nothing(run, event, own)
    was_cancel_asked = named is not None and named.was_cancel_asked
    if event.is_cancel_confirmed and not was_cancel_asked:
        yield "says that a cancel is confirmed; none was asked for at the provider"
    if event.is_cancel_confirmed is False and not was_cancel_asked:
        yield "says that a cancel was sent; none was asked for at the provider"
    for words in SAYS_REJECTED:
        if words in event.message and (named is None or not named.cancels_received):
            yield f"says '{words}'; the provider received none"
    for words in SAYS_CANCELLED:
        if words in event.message and not was_cancel_asked:
            yield f"says '{words}'; none was asked for at the provider"


def _of_an_end(event: Told, named: Executed | None) -> Iterator[str]:
    outcome = "canceled" if event.outcome == "timed_out" else event.outcome
    if named is None or outcome != named.outcome or event.provider_word != named.word:
        truth = named.word if named else "no such execution"
        yield f"says {event.outcome} ({event.provider_word}) of {event.execution_id}; at the provider: {truth}"


def _of_nothing(run: Run, event: Told, own: Sequence[Executed]) -> Iterator[str]:
    """A redrive may begin what was not begun before."""
    if run.redrives:
        return
    says = next((words for words in SAYS_NOTHING_BEGAN if words in event.message), event.error)
    for executed in own:
        yield f"says '{says}'; {executed.execution_id} was started, and is {executed.word}"
