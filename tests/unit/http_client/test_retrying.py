"""Trying again within a budget, on a clock that only pauses move."""

import pytest

from farsync.http_client.retry import Retrying
from farsync.model.errors import Throttled


class Attempts:
    """Fails `failures` times, each taking `seconds_each`, and then succeeds."""

    def __init__(self, failures: int, seconds_each: float = 0, retry_after_seconds: float | None = None) -> None:
        self.now = 0.0
        self.made = 0
        self.failures = failures
        self.seconds_each = seconds_each
        self.error: Exception = Throttled("later", retry_after_seconds=retry_after_seconds)

    def __call__(self) -> str:
        self.made += 1
        self.now += self.seconds_each
        if self.made <= self.failures:
            raise self.error
        return "done"

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def run(self, *, is_transient: bool = True) -> str:
        retrying = Retrying(clock=lambda: self.now, sleep=self.pause, random=lambda: 1.0, budget_seconds=20)
        return retrying.run(self, is_transient=lambda _: is_transient)


@pytest.mark.parametrize("attempts", [Attempts(failures=3), Attempts(failures=1, retry_after_seconds=19.75)])
def test_a_failure_that_passes_within_the_budget_is_not_felt(attempts: Attempts) -> None:
    assert attempts.run() == "done"


@pytest.mark.parametrize(
    ("attempts", "made", "ended_at"),
    [
        (Attempts(failures=9, seconds_each=10), 2, 20.25),
        (Attempts(failures=9, retry_after_seconds=9), 3, 18.75),
    ],
    ids=["slow attempts", "long pauses"],
)
def test_neither_attempts_nor_pauses_go_on_beyond_the_budget(attempts: Attempts, made: int, ended_at: float) -> None:
    with pytest.raises(Throttled):
        attempts.run()
    assert (attempts.made, attempts.now) == (made, ended_at)


def test_callers_that_were_sent_away_together_do_not_come_back_together() -> None:
    chances = iter([0.1, 0.9])
    pauses: list[float] = []
    retrying = Retrying(clock=lambda: 0.0, sleep=pauses.append, random=lambda: next(chances))
    for _ in range(2):
        retrying.run(Attempts(failures=1, retry_after_seconds=3), is_transient=lambda _: True)
    assert pauses == [3.025, 3.225]
