"""The rules without which a promise breaks, each with what undoes it for a moment, and a seed that shows it soon."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pkgutil import resolve_name
from typing import NamedTuple
from unittest.mock import patch

from farsync.aws.task_tokens import TaskIsOver
from farsync.model.errors import ExecutionNotFound, FarsyncError
from farsync.providers.recent_executions import Recent
from farsync.starting.matching import Others
from tests.model import undoing
from tests.model.playing import Failure, play
from tests.model.undoing import Undo, always, changed, given, unless

MOST_TRACES = 4000
"""In which a rule that is undone must be missed: in its first, unless the calls of the layer have changed."""
TIME_OUT = "START_FUNCTION_SECONDS"
OTHERS = "find_execution.read_others"
READING = "aws.run_history._Reading"


class Rule(NamedTuple):
    """`seed`: of a trace that misses it. `undone`: by the path of something in farsync, or in its operations, what
    makes of it whatever takes its place.
    """

    title: str
    seed: int
    undone: Mapping[str, Undo]


def find_failure(rule: Rule) -> Failure | None:
    """The first trace that misses the rule while it is undone."""
    with ExitStack() as stack:
        for path, undo in rule.undone.items():
            package = "farsync" if path.split(".")[0] in ("aws", "providers", "starting") else "farsync.operations"
            stack.enter_context(patch(f"{package}.{path}", undo(resolve_name(f"{package}.{path}"))))
        return play(rule.seed, steps=10**9, traces=MOST_TRACES).failure


RULES: tuple[Rule, ...] = (
    Rule("1: a start may post until its time is up", 100010, {f"aws.history_events.{TIME_OUT}": lambda _: 0}),
    Rule(
        "1: a start that posted nothing says nothing of those before it",
        100167,
        {f"{READING}._take_start": changed(undoing.newest_start_says_all)},
    ),
    Rule(
        "1: only a search that found nothing clears earlier starts",
        100004,
        {f"{READING}._take_search": changed(undoing.any_search_clears)},
    ),
    Rule("2: the wait for a search counts a start's time too", 100010, {f"prepare_execution.{TIME_OUT}": lambda _: 0}),
    Rule("2: a redriven run searches first", 100332, {"trigger_execution.start": given(undoing.redrive_is_ignored)}),
    Rule("3: every other run must know its own", 100004, {"find_execution._ask_others": always(Others())}),
    Rule("3: only executions within our post windows", 100395, {"starting.matching.Posts.hold": always(True)}),
    Rule(
        "3: a run that ended may post a while longer",
        100738,
        {"aws.run_store.AT_WORK_AFTER_THE_END": lambda _: timedelta(0)},
    ),
    Rule(
        "3: runs that callers named count too",
        100044,
        {"aws.run_store._names_open_since": changed(undoing.only_names_of_ours)},
    ),
    Rule(
        "3: only the provider's times", 100008, {"find_execution.posts_by_provider_clock": given(undoing.by_our_clock)}
    ),
    Rule(
        "4: an execution outside our post windows is not nothing",
        100002,
        {"find_execution.new_executions": changed(undoing.new_within_post_windows)},
    ),
    Rule(
        "4: an execution after the window is none of ours",
        101608,
        {"find_execution.new_executions": given(undoing.until_next_year)},
    ),
    Rule(
        "4: nothing is assessed before the window is over",
        100050,
        {f"{module}.seconds_until_consistent": always(0.0) for module in ("find_execution", "close_run")},
    ),
    Rule(
        "5: two that have searched do not wait for each other",
        100026,
        {OTHERS: given(undoing.nobody_has_searched)},
    ),
    Rule("5: a run that may soon know its own is waited for", 100004, {OTHERS: changed(undoing.undecided_never_knew)}),
    Rule(
        "5: a list that cannot be read is not empty",
        100296,
        {"find_execution.executions_since": unless(FarsyncError, lambda *_: Recent((), None))},
    ),
    Rule(
        "5: a closed run that never knew makes it ambiguous",
        100342,
        {OTHERS: changed(undoing.all_others_knew)},
    ),
    Rule(
        "6: AmbiguousStart is final",
        100034,
        {f"{READING}._take_search": given(undoing.ambiguous_is_searched_again)},
    ),
    Rule("7: a start cancels its own if its run has ended", 100507, {"trigger_execution._is_standing": always(True)}),
    Rule(
        "7: an answer from before the redrive does not count",
        107147,
        {"trigger_execution.is_standing": undoing.standing_by_its_status},
    ),
    Rule("8: not found is a failed poll", 100001, {"poll_execution._ask": unless(ExecutionNotFound, undoing.gone)}),
    Rule("8: a reply is held against the question", 100120, {"providers.subject.check_subject": always(None)}),
    Rule("a dead token drops the message", 100009, {"poll_execution.heartbeat": unless(TaskIsOver, lambda *_: None)}),
    Rule(
        "nothing is assessed before the history shows the end",
        100962,
        {"close_run.read_history": changed(undoing.has_ended), "close_run.is_end_of": always(True)},
    ),
    Rule("a higher redrive count drops the message", 100518, {"run_closing.run_state": always("ended")}),
    Rule("a run that has its event is done", 100012, {"run_closing.Closing.run_event": always(None)}),
    Rule("a run that was closed is done", 101642, {"run_closing.Closing.is_closed": always(False)}),
    Rule("a message is hidden, not sent on", 100000, {"poll_execution._kept": undoing.sent_on}),
)
