import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from sandbox.main_job.failure import MainJobFailed
from sandbox.main_job.progress import follow
from sandbox.main_job.run_observer import RunSight
from sandbox.main_job.triggers import StartedRun

RUN = StartedRun("naver", "schedule", "a-run", 5000)
WAITING = RunSight(RUN, "Follow", "RUNNING", "mY3275GiRXkm", 3.0)
SUCCEEDED = RunSight(RUN, "SUCCEEDED", "COMPLETED", "mY3275GiRXkm", 9.0, is_over=True)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def follow_sights(
    observe: Callable[[StartedRun], RunSight], *, is_terminal: bool = False
) -> tuple[str, list[RunSight]]:
    clock = Clock()
    output = io.StringIO()
    console = Console(file=output, force_terminal=is_terminal, width=100)
    ends = follow([RUN], observe, console, clock=clock, sleep=clock.sleep, limit_seconds=10)
    return output.getvalue(), ends


def test_without_a_terminal_each_change_is_one_line() -> None:
    sights = iter([WAITING, replace(WAITING, elapsed_seconds=3.4), SUCCEEDED])

    output, _ = follow_sights(lambda _: next(sights))

    first, last = (" ".join(line.split()) for line in output.splitlines())
    assert first == "0.0 s naver schedule Follow provider says RUNNING"
    assert last == "0.8 s naver schedule SUCCEEDED provider says COMPLETED"
    assert "\x1b" not in output


def test_in_a_terminal_a_table_is_kept_up_to_date() -> None:
    sights = iter([WAITING, SUCCEEDED])

    output, _ = follow_sights(lambda _: next(sights), is_terminal=True)

    assert "state of the run" in output
    assert "provider says" in output
    assert "3.0 s" in output
    assert "COMPLETED" in output


def test_a_run_that_never_ends_is_named_with_the_state_it_hangs_in() -> None:
    with pytest.raises(MainJobFailed, match=r"not over after 10 s: naver by schedule \(in Follow\)"):
        follow_sights(lambda _: WAITING)
