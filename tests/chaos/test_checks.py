"""Checks that cannot find anything prove nothing: each row, made to happen in a small dump."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.chaos.checks import ROWS
from tests.chaos.report import report
from tests.chaos.runs import SPEED
from tests.chaos.small_dump import SmallDump, moment

Change = Callable[[SmallDump], SmallDump]
FOREIGN_END = ("foreign", "execution.succeeded", "NF", "COMPLETED")
HOUR = 3600 / SPEED + 101
"""Until a search is over, and then an hour of the sandbox's."""


def ends_late(dump: SmallDump, seconds: float = HOUR) -> SmallDump:
    return dump.execution("N3", "hush-3t", "CANCELED", cancelRequestedAt="later", endedAt=moment(seconds))


def is_swept(dump: SmallDump) -> SmallDump:
    """Its message was purged after a sweep; the next one did not go through, the one after it did."""
    sweeps = [
        {"deed": "sweep", "beganAt": moment(began), "at": moment(began + 30), "isDone": is_done}
        for began, is_done in ((1, True), (20, False), (60, True), (300, True))
    ]
    return dump.change("play", deeds=[{"deed": "purge", "queue": "close", "at": moment(10)}, *sweeps])


def goes_on(dump: SmallDump, candidates: object = None) -> SmallDump:
    dump.execution("N3", "hush-3t", "RUNNING", cancelRequestedAt="later")
    return dump.event("t3", "run.failed", error="AmbiguousStart", instead=True, candidates=candidates)


def names_it(dump: SmallDump) -> SmallDump:
    return goes_on(dump, [{"executionId": "N3"}])


def is_ambiguous(dump: SmallDump, *tokens: str) -> SmallDump:
    for token in tokens:
        dump.event(token, "run.failed", error="AmbiguousStart", instead=True).end(token, "FAILED", "AmbiguousStart")
    return dump


def ends_foreign(dump: SmallDump, started_at: float | None = None) -> SmallDump:
    started = {} if started_at is None else {"startedAt": moment(started_at)}
    return dump.execution("NF", "f1", "COMPLETED", **started)


WRONG: Mapping[str, Mapping[str, Change]] = {
    "wrong attachments": {
        "of another run": lambda dump: dump.end("t1", "SUCCEEDED", None, "N3"),
        "of nobody": lambda dump: dump.end("t1", "SUCCEEDED", None, "N8"),
        "foreign, in an event": lambda dump: dump.event("t3", "execution.canceled", "NF", "CANCELED"),
    },
    "foreign executions cancelled": {
        "asked to stop": lambda dump: dump.execution("NF", "f1", "RUNNING", cancelRequestedAt="now"),
    },
    "duplicates": {"executed twice": lambda dump: dump.execution("N4", "t1", "COMPLETED")},
    "orphans": {
        "still running": goes_on,
        "more than an hour too late": ends_late,
        "an hour after the sweep that found it": lambda dump: ends_late(is_swept(dump), 90 + HOUR),
    },
    "wrong ends": {
        "healthy, failed": lambda dump: dump.event("t1", "run.failed", error="ProviderUnavailable", instead=True),
        "healthy, out of sight": lambda dump: dump.event("t1", "run.unobservable", "N1", error="RunUnobservable"),
        "healthy, cancelled": lambda dump: dump.execution("N1", "t1", "CANCELED", cancelRequestedAt="now"),
        "other than its event": lambda dump: dump.end("t1", "FAILED", "States.Runtime", "N1"),
        "timed out": lambda dump: dump.end("t3", "TIMED_OUT"),
    },
    "too many ambiguous starts": {"all healthy ones": lambda dump: is_ambiguous(dump, "t1", "t2")},
    "events missing": {
        "of a run": lambda dump: dump.event("t1", "backfill.completed", instead=True),
        "only a notice": lambda dump: dump.event("t1", "execution.needs_attention", "N1", instead=True),
        "the true end": lambda dump: dump.event("t3", "run.unobservable", "N3", error="RunUnobservable", instead=True),
        "emitted, not on the queue": lambda dump: dump.walk("emit_event", "lost"),
        "a watched foreign end": ends_foreign,
        "where no run can have begun it": lambda dump: ends_foreign(dump, 200),
        "of a backfill": lambda dump: dump.walk("run_backfill", "b"),
    },
    "events double": {
        "the same id": lambda dump: dump.event("t1", "execution.succeeded", "N1", "COMPLETED"),
        "one end under two ids": lambda dump: dump.event("t1", "execution.failed", "N1", "COMPLETED"),
        "two of a run, and no redrive": lambda dump: dump.event("t3", "run.failed").event("t3", "run.unobservable"),
        "of a backfill": lambda dump: dump.event("b", "backfill.completed"),
    },
    "events untrue": {
        "a failure as a success": lambda dump: dump.execution("N1", "t1", "FAILED"),
        "another word": lambda dump: dump.event("t1", "execution.succeeded", "N1", "SUCCESS", instead=True),
        "never started": lambda dump: dump.event("t3", "run.failed", error="ExecutionCanceled"),
        "a cancel accepted": lambda dump: dump.event(
            "t1", "run.failed", "N1", error="E", message="its cancel was accepted"
        ),
        "a cancel confirmed": lambda dump: dump.event("t1", "run.failed", "N1", cancelConfirmed=True),
        "a cancel sent": lambda dump: dump.event("t1", "run.failed", "N1", cancelConfirmed=False),
        "a cancel rejected": lambda dump: dump.event(
            "t1", "run.failed", "N1", error="E", message="its cancel was rejected"
        ),
        "nobody's, and a run's": lambda dump: dump.event("x", "execution.succeeded", "N1", "COMPLETED"),
        "a foreign end": lambda dump: dump.event(*FOREIGN_END),
        "labels": lambda dump: dump.event("t1", "execution.succeeded", "N1", "COMPLETED", instead=True, labels={}),
        "a candidate": lambda dump: dump.event("t1", "run.failed", candidates=[{"executionId": "77"}]),
    },
    "messages left": {
        "a token": lambda dump: dump.change("messages", left={"poll": 1}),
        "a run to be closed": lambda dump: dump.change("messages", left={"close": 1}),
    },
    "dead letters": {"one": lambda dump: dump.change("messages", deadLetters={"close-dead": ["{}"]})},
    "exceptions": {
        "of a consumer": lambda dump: dump.log("CloseRunFunction", "[ERROR] Throttled: later"),
        "a bug": lambda dump: dump.log("FindExecutionFunction", "[ERROR] KeyError: 'x'"),
    },
    "secrets found": {
        "a key in a log": lambda dump: dump.log("CloseRunFunction", "signing with SKNAVER"),
        "a signature in a history": lambda dump: dump.walk("run_backfill", "b", cause="Signature=0123456789abcdef0"),
        "a parameter in an event": lambda dump: dump.event("t3", "run.failed", error="E", message="no table hush-3t"),
    },
    "still running": {"an event's": lambda dump: dump.walk("emit_event", "slow", "RUNNING")},
}


def test_every_row_is_made_to_happen() -> None:
    assert WRONG.keys() == set(ROWS)


@pytest.mark.parametrize(
    ("row", "change"),
    [
        pytest.param(row, change, id=f"{row}: {title}")
        for row, changes in WRONG.items()
        for title, change in changes.items()
    ],
)
def test_checks_find_what_went_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, change: Change
) -> None:
    assert report(change(SmallDump()).write(tmp_path), fewest_healthy=1) == 1
    assert f"[{row}]" in capsys.readouterr().out


def test_checks_find_nothing_where_all_went_well(tmp_path: Path) -> None:
    assert report(names_it(SmallDump()).write(tmp_path)) == 0


def test_a_run_whose_message_was_lost_has_its_hour_from_the_next_sweep_on(tmp_path: Path) -> None:
    assert report(ends_late(is_swept(SmallDump()), 90 + HOUR - 2).write(tmp_path)) == 0


def test_neither_checks_nor_injector_share_code_with_what_is_checked() -> None:
    """One mistake must not hide on both sides."""
    program = "import sys, tests.chaos.__main__; print([*sys.modules])"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "'tests.chaos.checks'" in modules
    assert "'farsync" not in modules
