"""The rules without which a promise breaks, each with what undoes it for a moment, and a seed that shows it soon."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pkgutil import resolve_name
from typing import Any, NamedTuple
from unittest.mock import patch

from farsync.starting.matching import Others
from tests.model import undoing
from tests.model.playing import Failure, play

MOST_TRACES = 4000
"""In which a rule that is undone must be missed: in its first, unless the calls of the layer have changed."""


class Rule(NamedTuple):
    """`seed`: of a trace that misses the rule. `undone`: by the path of something in farsync, what makes of it whatever
    takes its place.
    """

    title: str
    seed: int
    undone: Mapping[str, Callable[[Any], Any]]


def find_failure(rule: Rule) -> Failure | None:
    """The first trace that misses the rule while it is undone."""
    with ExitStack() as stack:
        for path, replace in rule.undone.items():
            stack.enter_context(patch(f"farsync.{path}", replace(resolve_name(f"farsync.{path}"))))
        return play(rule.seed, steps=10**9, traces=MOST_TRACES).failure


def always(answer: object) -> Callable[[Any], Any]:
    return lambda _: lambda *_, **__: answer


FIND = "operations.find_execution"
READING = "aws.run_history._Reading"
CLOSING = "operations.run_closing.Closing"
TIME_OUT = "START_FUNCTION_SECONDS"
OTHERS = f"{FIND}.what_others_say"
SETTLED = "seconds_until_settled"

RULES: tuple[Rule, ...] = (
    Rule(
        "1: a start may post until its function's time is up", 100010, {f"aws.history_events.{TIME_OUT}": lambda _: 0}
    ),
    Rule(
        "1: a start that posted nothing says nothing of those before it",
        100167,
        {f"{READING}._take_start": undoing.newest_start_says_all},
    ),
    Rule(
        "1: only a search that found nothing settles earlier starts",
        100004,
        {f"{READING}._take_search": undoing.any_search_settles},
    ),
    Rule(
        "2: the wait before a search counts the function's time-out too",
        100010,
        {f"operations.prepare_execution.{TIME_OUT}": lambda _: 0},
    ),
    Rule(
        "2: a redriven run searches before it posts",
        100332,
        {"operations.trigger_execution.start": undoing.redrive_is_ignored},
    ),
    Rule("3: every other run must know its own", 100004, {f"{FIND}._ask_others": always(Others())}),
    Rule("3: only what was created within our moments", 100395, {"starting.matching.Posts.hold": always(True)}),
    Rule(
        "3: a run that ended may post a while longer",
        100738,
        {"aws.run_store.AT_WORK_AFTER_THE_END": lambda _: timedelta(0)},
    ),
    Rule("3: runs that callers named count too", 100044, {"aws.run_store._names_open_since": undoing.names_of_ours}),
    Rule("3: the provider's times only", 100008, {f"{FIND}.posts_by_provider_clock": undoing.posts_by_our_clock}),
    Rule(
        "4: what is new and outside our moments is not nothing",
        100002,
        {f"{FIND}.new_executions": undoing.new_within_moments},
    ),
    Rule(
        "4: what is created after the window is none of ours", 101608, {f"{FIND}.new_executions": undoing.new_whenever}
    ),
    Rule(
        "4: nothing is assessed before the window is over",
        100050,
        {f"{FIND}.{SETTLED}": always(0.0), f"operations.close_run.{SETTLED}": always(0.0)},
    ),
    Rule("5: two runs that have searched do not wait for each other", 100026, {OTHERS: undoing.nobody_has_searched}),
    Rule("5: a run that may soon know its own is waited for", 100004, {OTHERS: undoing.undecided_never_knew}),
    Rule(
        "5: a list that cannot be read is not empty",
        100296,
        {f"{FIND}.executions_since": undoing.nothing_where_a_list_fails},
    ),
    Rule("5: a run that is closed and never knew makes it ambiguous", 100342, {OTHERS: undoing.all_others_knew}),
    Rule("6: an ambiguous start is final", 100034, {f"{READING}._take_search": undoing.ambiguous_is_searched_again}),
    Rule(
        "7: a start cancels its own where its run has ended",
        100507,
        {"operations.trigger_execution._is_standing": always(True)},
    ),
    Rule(
        "7: an answer from before the redrive does not count",
        107147,
        {"aws.run_store.is_standing": undoing.standing_by_its_status},
    ),
    Rule("8: not found is a failed poll", 100001, {"operations.poll_execution._ask": undoing.not_found_is_an_end}),
    Rule("8: a reply is held against the question", 100120, {"providers.subject.check_subject": always(None)}),
    Rule("a dead token drops the message", 100009, {"operations.poll_execution.heartbeat": undoing.any_token_will_do}),
    Rule(
        "nothing is assessed before the history shows the end",
        100023,
        {
            "operations.close_run.read_history": undoing.history_is_fresh,
            "operations.close_run.is_end_of": always(True),
        },
    ),
    Rule("a higher redrive count drops the message", 100384, {"operations.run_closing.run_state": always("ended")}),
    Rule("a run that has its event is done", 100012, {f"{CLOSING}.run_event": always(None)}),
    Rule("a run that was closed is done", 101642, {f"{CLOSING}.is_closed": always(False)}),
    Rule("a message is hidden, not sent on", 100000, {"operations.poll_execution._kept": undoing.sent_on}),
)
