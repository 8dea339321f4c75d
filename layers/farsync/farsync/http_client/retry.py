"""Trying again: a few times, with full jitter, within a budget of time."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from farsync.model.errors import FarsyncError

T = TypeVar("T")

RETRY_SECONDS = 20.0


class Retrying(NamedTuple):
    """Repeats an attempt while its failure is transient.

    A pause is random between zero and a doubling bound, so that many callers do not come back in step; a
    server's Retry-After (`retry_after_seconds` of the failure) comes before it. A pause that would end after
    the budget is not begun: the failure is raised at once.
    """

    clock: Callable[[], float]
    sleep: Callable[[float], object]
    random: Callable[[], float]
    max_attempts: int = 4
    budget_seconds: float = RETRY_SECONDS
    first_pause_seconds: float = 0.25
    longest_pause_seconds: float = 5.0

    def run(self, attempt: Callable[[], T], *, is_transient: Callable[[FarsyncError], bool]) -> T:
        """Return what `attempt` returns, or raise its last failure."""
        give_up_at = self.clock() + self.budget_seconds
        attempts_made = 0
        while True:
            attempts_made += 1
            try:
                return attempt()
            except FarsyncError as failure:
                pause_seconds = self._pause_seconds(failure, attempts_made)
                is_worth_waiting = attempts_made < self.max_attempts and is_transient(failure)
                if not is_worth_waiting or self.clock() + pause_seconds > give_up_at:
                    raise
            self.sleep(pause_seconds)

    def _pause_seconds(self, failure: FarsyncError, attempts_made: int) -> float:
        bound = min(self.longest_pause_seconds, self.first_pause_seconds * 2.0 ** (attempts_made - 1))
        return (failure.retry_after_seconds or 0.0) + self.random() * bound
