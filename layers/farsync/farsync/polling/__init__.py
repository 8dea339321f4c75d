"""When to poll: a pure policy, given how long a job took before and what a poll is worth. See docs/dev/polling.md."""

from farsync.polling.duration_model import PastRuns
from farsync.polling.policy import LONGEST_WAIT_SECONDS, POLL_COST_SECONDS, SHORTEST_WAIT_SECONDS, next_wait_seconds

__all__ = ["LONGEST_WAIT_SECONDS", "POLL_COST_SECONDS", "SHORTEST_WAIT_SECONDS", "PastRuns", "next_wait_seconds"]
