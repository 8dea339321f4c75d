"""Whose is it? What counts as evidence that an execution is the one that an unconfirmed start began. Nothing here asks
anybody.

Only the provider's own times are compared with one another. Our clock serves as a stopwatch: how long ago a start was
posted is counted back from the provider's present time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from farsync.aws.run_history import PostWindow, RunHistory
from farsync.model.execution import Execution
from farsync.model.run import Baseline
from farsync.providers.recent_executions import CLOCK_GRAIN, created_seconds

CREATION_SPREAD = timedelta(seconds=5)
"""How much earlier than the newest of the baseline a later execution may be stamped: many hosts stamp them."""

Parameters = Mapping[str, str | None]
"""What was handed to the job; None stands for a value that only Secrets Manager knows."""


class Posts(NamedTuple):
    """When our starts may have been posted, by the provider's clock."""

    windows: tuple[PostWindow, ...]
    until: datetime
    """What is created later is none of ours: the end of the last post, and the consistency window."""
    slack: timedelta = timedelta(0)
    """By so much the windows may end too late: the reply with the time was slow."""

    def hold(self, execution: Execution) -> bool:
        return self._hold(execution, self.slack)

    def are_vague_about(self, execution: Execution) -> bool:
        """Whether it may have been created within them, or later."""
        return self._hold(execution, timedelta(0)) and not self.hold(execution)

    def _hold(self, execution: Execution, slack: timedelta) -> bool:
        created = execution.created_at
        return created is not None and any(post.earliest <= created <= post.latest - slack for post in self.windows)


class Searching(NamedTuple):
    """Another run whose start is not confirmed either, and what it asks for; None where that cannot be read."""

    name: str
    parameters: Parameters | None


class Others(NamedTuple):
    """What the other runs of the job say of the executions in question."""

    held: frozenset[str] = frozenset()
    undecided: tuple[Searching, ...] = ()
    """Runs that may soon know their own: in their start, or yet to search."""
    never_knew: tuple[str, ...] = ()
    """Runs that are closed, or have searched and cannot say."""


class Match(NamedTuple):
    """`ours` comes with the execution, `ambiguous` with all that may be it, `later` with what is waited for."""

    outcome: Literal["ours", "nothing", "later", "ambiguous"]
    execution: Execution | None = None
    candidates: tuple[Execution, ...] = ()
    reason: str = ""


NOTHING = Match("nothing")


def asked_since(executions: Sequence[Execution], posts: Posts | None, post_windows: Sequence[PostWindow]) -> datetime:
    """By our clock: whoever began one of these, or posted beside us, was open at some time since then."""
    first_post = min(post.earliest for post in post_windows)
    created = [execution.created_at for execution in executions if execution.created_at is not None]
    if posts is None or not created:
        return first_post
    before_ours = min(post.earliest for post in posts.windows) - min(created)
    return first_post - max(timedelta(0), before_ours)


def posts_by_provider_clock(
    provider_now: datetime | None,
    asked_at: datetime,
    now: datetime,
    post_windows: Sequence[PostWindow],
    window: timedelta,
) -> Posts | None:
    """Our posts by the provider's clock, which said `provider_now` between `asked_at` and `now`, if it did."""
    if provider_now is None:
        return None
    least_ahead, most_ahead = provider_now - now - CLOCK_GRAIN, provider_now - asked_at + CLOCK_GRAIN
    return Posts(
        tuple(PostWindow(post.earliest + least_ahead, post.latest + most_ahead) for post in post_windows),
        max(post.latest for post in post_windows) + most_ahead + window,
        slack=now - asked_at if now - asked_at > CLOCK_GRAIN else timedelta(0),
    )


def seconds_until_consistent(now: datetime, post_windows: Sequence[PostWindow], window: timedelta) -> float:
    """Until the provider's list shows whatever may have been posted; 0 once it does."""
    return max(0.0, (max(post.latest for post in post_windows) + window - now).total_seconds())


def read_others(
    others: Iterable[tuple[str, RunHistory]],
    until: datetime,
    parameters_of_request: Callable[[Mapping[str, object]], Parameters | None],
) -> Others:
    """`until`, by AWS's clock, is the end of our last window: a run that posted later began nothing in question."""
    held, undecided, never_knew = set[str](), list[Searching](), list[str]()
    latest = until + CLOCK_GRAIN + CREATION_SPREAD
    for name, history in others:
        run = history.run
        if run is not None and run.execution_id is not None:
            if not run.is_attached:
                # Of what a run merely follows, somebody else may have lost the start.
                held.add(run.execution_id)
        elif not history.post_windows or history.post_windows[0].earliest > latest:
            continue
        elif history.ambiguous is None and history.end is None and not history.has_searched:
            request = history.request
            undecided.append(Searching(name, None if request is None else parameters_of_request(request)))
        else:
            never_knew.append(name)
    return Others(frozenset(held), tuple(undecided), tuple(never_knew))


def oldest_in_question(baseline: Baseline) -> datetime | None:
    """What was created earlier cannot be of a later start."""
    newest = baseline.newest_created_at
    return newest and newest - CREATION_SPREAD


def new_executions(executions: Sequence[Execution], baseline: Baseline, posts: Posts | None) -> tuple[Execution, ...]:
    """Those that were not there before the start and were created before its window ended, in order of creation.

    What a schedule began is none of ours; but how providers call what a request began is inferred, so that an
    execution of the very moment of a post stays in question, and so does one without a time.
    """
    new = [
        execution
        for execution in executions
        if _is_after(execution, baseline)
        and (posts is None or execution.created_at is None or execution.created_at <= posts.until)
        and (
            execution.is_manual is not False
            or posts is None
            or execution.created_at is None
            or posts.hold(execution)
            or posts.are_vague_about(execution)
        )
    ]
    return tuple(sorted(new, key=lambda execution: (created_seconds(execution), execution.ref.execution_id)))


def of_any_kind(executions: Sequence[Execution]) -> tuple[Execution, ...]:
    """For a start that named a trigger or a workflow: whether an execution was begun by hand says nothing then."""
    return tuple(execution.model_copy(update={"is_manual": None}) for execution in executions)


def unreadable_in_question(created: Sequence[datetime | None], baseline: Baseline, posts: Posts | None) -> int:
    """How many of the executions that could not be read, created at these times as far as known, may be new."""
    oldest = oldest_in_question(baseline)
    return sum(
        moment is None or ((oldest is None or moment >= oldest) and (posts is None or moment <= posts.until))
        for moment in created
    )


def match(
    new: Sequence[Execution],
    *,
    is_marked: Callable[[Execution], bool | None],
    parameters: Parameters,
    posts: Posts | None,
    is_consistent: bool,
    others: Callable[[Sequence[Execution]], Others],
) -> Match:
    """Takes an execution for ours if it alone carries our marker; or was created while we posted and alone echoes our
    parameters; or was created then, is the only new one, and every other run of the job knows its own.

    `is_marked` gives None where the provider shows no markers. `is_consistent` says whether the window after our last
    post has passed: before that only a marker decides. What another run holds is never ours; `others` is asked for
    those that may hold one of these executions.
    """
    marks = [(execution, is_marked(execution)) for execution in new]
    marked = [execution for execution, mark in marks if mark]
    if marked:
        return _ours(marked[0]) if len(marked) == 1 else Match("ambiguous", candidates=tuple(marked))
    if not is_consistent:
        return Match("later", reason="the provider's list may not show yet what was started")
    in_question = [execution for execution, mark in marks if mark is None]
    if not in_question:
        return NOTHING
    said = others(in_question)
    left = [execution for execution in in_question if execution.ref.execution_id not in said.held]
    if not left:
        return NOTHING
    echoing = [execution for execution in left if _echoes(execution, parameters) and posts and posts.hold(execution)]
    if len(echoing) == 1 and not any(_may_have_begun(other, echoing[0]) for other in said.undecided):
        return _ours(echoing[0])
    if said.undecided:
        names = ", ".join(other.name for other in said.undecided[:3])
        return Match("later", reason=f"{len(said.undecided)} other runs of the job may have begun it: {names}")
    if len(left) == 1 and not said.never_knew and _fits(left[0], posts, parameters):
        return _ours(left[0])
    return Match("ambiguous", candidates=tuple(left))


def _ours(execution: Execution) -> Match:
    return Match("ours", execution)


def _may_have_begun(other: Searching, execution: Execution) -> bool:
    return other.parameters is None or _repeats(execution.parameters or {}, other.parameters)


def _is_after(execution: Execution, baseline: Baseline) -> bool:
    if execution.ref.execution_id in baseline.execution_ids:
        return False
    oldest, created = oldest_in_question(baseline), execution.created_at
    return oldest is None or created is None or created >= oldest


def _echoes(execution: Execution, parameters: Parameters) -> bool:
    """Whether the provider repeats our parameters, of which one at least is no secret."""
    return any(value is not None for value in parameters.values()) and _repeats(execution.parameters or {}, parameters)


def _fits(execution: Execution, posts: Posts | None, parameters: Parameters) -> bool:
    echoes_others = bool(execution.parameters) and not _repeats(execution.parameters or {}, parameters)
    return posts is not None and posts.hold(execution) and execution.is_manual is not False and not echoes_others


def _repeats(echoed: Mapping[str, str], parameters: Parameters) -> bool:
    """Whether nothing that the provider repeats speaks against the parameters; secrets cannot be compared."""
    return echoed.keys() == parameters.keys() and all(
        value is None or echoed[name] == value for name, value in parameters.items()
    )
