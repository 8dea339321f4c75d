"""Whose is it? What counts as evidence that an execution is the one which a lost start began.

Only the vendor's own times are compared with one another. Our clock serves as a stopwatch: how long ago the start was
posted is counted back from the vendor's present time.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from farsync.execution import Execution, ExecutionStatus
from farsync.recent_executions import CLOCK_GRAIN, created_seconds
from farsync.run import Baseline

if TYPE_CHECKING:
    from farsync.run_ledger import HeldByOthers

CREATION_SPREAD = timedelta(seconds=5)
"""How much earlier than the newest of the baseline a later execution may be stamped: many hosts stamp them."""

Parameters = Mapping[str, str | None]
"""What was handed to the job; None stands for a value that only Secrets Manager knows."""


class PostedWithin(NamedTuple):
    """Between which moments the start was posted, by the vendor's clock.

    For a run that was closed meanwhile, `latest` is its end: what Start posts after that, until `latest_if_canceled`,
    it cancels itself.
    """

    earliest: datetime
    latest: datetime
    latest_if_canceled: datetime

    def holds(self, execution: Execution) -> bool:
        latest = self.latest_if_canceled if execution.status is ExecutionStatus.CANCELED else self.latest
        return execution.created_at is not None and self.earliest <= execution.created_at <= latest


class Verdict(NamedTuple):
    """Which execution is ours; without one, those that may be. Without either, nothing was started."""

    ours: Execution | None = None
    in_question: tuple[Execution, ...] = ()


def posted_within(
    vendor_now: datetime | None, *, earliest_ago: timedelta, latest_ago: timedelta, latest_if_canceled_ago: timedelta
) -> PostedWithin | None:
    """Counted back from the vendor's present time; None where that is not told."""
    if vendor_now is None:
        return None
    return PostedWithin(
        vendor_now - earliest_ago - CLOCK_GRAIN,
        vendor_now - latest_ago + CLOCK_GRAIN,
        vendor_now - latest_if_canceled_ago + CLOCK_GRAIN,
    )


def oldest_in_question(baseline: Baseline) -> datetime | None:
    """What was created earlier cannot be of a later start."""
    newest = baseline.newest_created_at
    return newest and newest - CREATION_SPREAD


def new_executions(
    executions: Sequence[Execution], baseline: Baseline, posted: PostedWithin | None
) -> tuple[Execution, ...]:
    """Those that were not there before the start, in the order of their creation.

    What a schedule began is none of ours; but how vendors call what a request began is inferred, so that an execution
    of the very moment of the post stays in question.
    """
    new = [
        one
        for one in executions
        if _is_after(one, baseline) and (one.is_manual is not False or posted is None or posted.holds(one))
    ]
    return tuple(sorted(new, key=lambda one: (created_seconds(one), one.ref.execution_id)))


def judge(
    new: Sequence[Execution],
    *,
    is_marked: Callable[[Execution], bool | None],
    parameters: Parameters,
    posted: PostedWithin | None,
    held_by_others: "Callable[[], HeldByOthers]",
) -> Verdict:
    """Takes an execution for ours if it alone carries our marker; or was created while we posted and alone echoes our
    parameters; or was created then, is the only new one, and every other run of the job knows its own.

    `is_marked` gives None where the vendor shows no markers. What another run holds is never ours.
    """
    marks = [is_marked(one) for one in new]
    marked = [one for one, mark in zip(new, marks, strict=True) if mark]
    if len(marked) == 1:
        return Verdict(ours=marked[0])
    in_question = [one for one, mark in zip(new, marks, strict=True) if mark is not False]
    if not in_question:
        return Verdict()
    held = held_by_others()
    left = [one for one in in_question if one.ref.execution_id not in held.execution_ids]
    echoing = [one for one in left if _echoes(one, parameters) and posted is not None and posted.holds(one)]
    if len(echoing) == 1:
        return Verdict(ours=echoing[0])
    if held.are_all and len(left) == 1 and _fits(left[0], posted, parameters):
        return Verdict(ours=left[0])
    return Verdict(in_question=tuple(left))


def _is_after(execution: Execution, baseline: Baseline) -> bool:
    if execution.ref.execution_id in baseline.execution_ids:
        return False
    oldest, created = oldest_in_question(baseline), execution.created_at
    return oldest is None or created is None or created >= oldest


def _echoes(execution: Execution, parameters: Parameters) -> bool:
    """Whether the vendor repeats our parameters, of which one at least is no secret."""
    return any(value is not None for value in parameters.values()) and _repeats(execution.parameters or {}, parameters)


def _fits(execution: Execution, posted: PostedWithin | None, parameters: Parameters) -> bool:
    echoes_others = bool(execution.parameters) and not _repeats(execution.parameters or {}, parameters)
    return posted is not None and posted.holds(execution) and execution.is_manual is not False and not echoes_others


def _repeats(echoed: Mapping[str, str], parameters: Parameters) -> bool:
    """Whether nothing that the vendor repeats speaks against our parameters; secrets cannot be compared."""
    return echoed.keys() == parameters.keys() and all(
        value is None or echoed[name] == value for name, value in parameters.items()
    )
