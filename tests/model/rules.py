"""The rules without which a promise breaks, each with what undoes it for a moment, and a seed that shows it soon."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, NamedTuple
from unittest.mock import patch

from farsync.aws import history_events, run_history, run_store
from farsync.aws.task_tokens import heartbeat
from farsync.operations import (
    close_run,
    find_execution,
    poll_execution,
    prepare_execution,
    run_closing,
    trigger_execution,
)
from farsync.providers import subject
from farsync.providers.recent_executions import executions_since
from farsync.starting.matching import Others, Posts
from tests.model import machine, undoing


class Undone(NamedTuple):
    """`seed`: of a trace that misses the rule. `patches`: an object, its attribute and what stands there instead; of a
    mapping, its key.
    """

    rule: str
    seed: int
    patches: Sequence[tuple[Any, str, Any]]


@contextmanager
def undone(rule: Undone) -> Iterator[None]:
    with ExitStack() as stack:
        for target, name, instead in rule.patches:
            if isinstance(target, Mapping):
                stack.enter_context(patch.dict(target, {name: instead}))
            else:
                stack.enter_context(patch.object(target, name, instead))
        yield


_READING = run_history._Reading
_START = machine.states()["Start"]["Arguments"]["Payload"]

RULES: tuple[Undone, ...] = (
    Undone(
        "1: a start may post until its function's time is up", 100010, [(history_events, "START_FUNCTION_SECONDS", 0)]
    ),
    Undone(
        "1: a start that posted nothing says nothing of those before it",
        100167,
        [(_READING, "_take_start", undoing.newest_start_says_all(_READING._take_start))],
    ),
    Undone(
        "1: only a search that found nothing settles earlier starts",
        100004,
        [(_READING, "_take_search", undoing.any_search_settles(_READING._take_search))],
    ),
    Undone(
        "2: the wait before a search counts the function's time-out too",
        100010,
        [(prepare_execution, "START_FUNCTION_SECONDS", 0)],
    ),
    Undone("2: a redriven run searches before it posts", 100332, [(_START, "redriveCount", 0)]),
    Undone(
        "3: every other run must know its own", 100004, [(find_execution, "_ask_others", lambda *_, **__: Others())]
    ),
    Undone("3: only what was created within our moments", 100395, [(Posts, "hold", lambda *_: True)]),
    Undone("3: a run that ended may post a while longer", 100738, [(run_store, "AT_WORK_AFTER_THE_END", timedelta(0))]),
    Undone(
        "3: runs that callers named count too",
        100044,
        [(run_store, "_names_open_since", undoing.names_of_ours(run_store._names_open_since))],
    ),
    Undone(
        "3: the provider's times only",
        100008,
        [(find_execution, "posts_by_provider_clock", undoing.posts_by_our_clock)],
    ),
    Undone(
        "4: what is new and outside our moments is not nothing",
        100002,
        [(find_execution, "new_executions", undoing.new_within_moments)],
    ),
    Undone(
        "4: what is created after the window is none of ours",
        101608,
        [(find_execution, "new_executions", undoing.new_whenever)],
    ),
    Undone(
        "4: nothing is judged before the window is over",
        100050,
        [(module, "seconds_until_settled", lambda *_: 0.0) for module in (close_run, find_execution)],
    ),
    Undone(
        "5: two runs that have searched do not wait for each other",
        100026,
        [
            (
                find_execution,
                "what_others_say",
                undoing.others(lambda run: run._replace(has_searched=False), lambda said: said),
            )
        ],
    ),
    Undone(
        "5: a run that may soon know its own is waited for",
        100004,
        [
            (
                find_execution,
                "what_others_say",
                undoing.others(
                    lambda run: run,
                    lambda said: said._replace(
                        undecided=(), never_knew=(*said.never_knew, *(other.name for other in said.undecided))
                    ),
                ),
            )
        ],
    ),
    Undone(
        "5: a list that cannot be read is not empty",
        100296,
        [(find_execution, "executions_since", undoing.nothing_where_a_list_fails(executions_since))],
    ),
    Undone(
        "5: a run that is closed and never knew makes it ambiguous",
        100342,
        [
            (
                find_execution,
                "what_others_say",
                undoing.others(lambda run: run, lambda said: said._replace(never_knew=())),
            )
        ],
    ),
    Undone(
        "6: an ambiguous start is final",
        100034,
        [(_READING, "_take_search", undoing.ambiguous_is_searched_again(_READING._take_search))],
    ),
    Undone(
        "7: a start cancels its own where its run has ended",
        100507,
        [(trigger_execution, "_is_standing", lambda *_: True)],
    ),
    Undone(
        "7: an answer from before the redrive does not count",
        107147,
        [(run_store, "is_standing", undoing.standing_by_its_status)],
    ),
    Undone(
        "8: not found is a failed poll",
        100001,
        [(poll_execution, "_ask", undoing.not_found_is_an_end(poll_execution._ask))],
    ),
    Undone("8: a reply is held against the question", 100120, [(subject, "check_subject", lambda *_: None)]),
    Undone(
        "a dead token drops the message",
        100009,
        [(poll_execution, "heartbeat", undoing.any_token_will_do(heartbeat))],
    ),
    Undone(
        "no judgement before the history shows the end",
        100023,
        [
            (close_run, "read_history", undoing.history_is_fresh(run_history.read_history)),
            (close_run, "is_end_of", lambda *_: True),
        ],
    ),
    Undone("a higher redrive count drops the message", 100384, [(run_closing, "run_state", lambda *_: "ended")]),
    Undone("a run that has its verdict is done", 100012, [(run_closing.Closing, "run_event", lambda *_: None)]),
    Undone("a run that was closed is done", 101642, [(run_closing.Closing, "is_closed", lambda *_: False)]),
    Undone("a message is hidden, not sent on", 100000, [(poll_execution, "_kept", undoing.sent_on)]),
)
