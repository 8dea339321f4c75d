"""When to poll a run whose duration is distributed as estimated: the cheapest sequence of polls. Pure.

A poll has a price in seconds, and the end is detected late by the seconds between it and the next poll. The cheapest
sequence follows backwards from the end, over a few moments that are worth a poll; see docs/dev/polling.md.
"""

from math import sqrt

from farsync.polling.duration_model import UNKNOWN_SPREAD, DurationModel

MOST_MOMENTS = 32
MOMENTS_PER_INTERVAL = 2
"""How many moments are weighed within one interval of the classical optimum."""
NEGLIGIBLE_SHARE = 1e-3
SHORTEST_STEP_SECONDS = 0.5
LEAST_OPEN_SHARE = 1e-12
NO_MORE = (float("inf"), 0.0)


def seconds_of_next_poll(durations: DurationModel, elapsed_seconds: float, poll_cost_seconds: float) -> float:
    """Counted from the beginning, as `elapsed_seconds` is."""
    moments, open_shares = moments_worth_a_poll(durations, elapsed_seconds, poll_cost_seconds)
    return moments[cheapest_first(moments, open_shares, poll_cost_seconds)]


def moments_worth_a_poll(
    durations: DurationModel, elapsed_seconds: float, poll_cost_seconds: float
) -> tuple[list[float], list[float]]:
    """Moments worth a poll, the first of them now, and which share of the runs is still open at each."""
    edges, unknown_share = durations.edges, durations.unknown_share
    unknown_ended = durations.unknown_ended
    now = elapsed_seconds
    known_ended = density = at = 0.0
    coming = iter((*edges, NO_MORE))
    edge, change = next(coming)
    while edge <= now:
        known_ended += density * (edge - at)
        at = edge
        density += change
        edge, change = next(coming)
    known_ended += density * (now - at)
    unknown = unknown_ended(now)
    open_share = max(LEAST_OPEN_SHARE, 1 - known_ended - unknown_share * unknown)
    moments, open_shares = [now], [open_share]
    least_open = NEGLIGIBLE_SHARE * open_share
    farthest_step = 15 * sqrt(poll_cost_seconds)
    while len(moments) < MOST_MOMENTS and open_share > least_open:
        ending = density
        if now > 0:
            ending += unknown_share * unknown * (1 - unknown) / (UNKNOWN_SPREAD * now)
        step = 0.6 * now + farthest_step
        if ending > 0:
            step = min(step, sqrt(2 * poll_cost_seconds * open_share / ending) / MOMENTS_PER_INTERVAL)
        step = max(step, SHORTEST_STEP_SECONDS)
        if now + 1.3 * step < edge:
            if edge < NO_MORE[0]:
                step = (edge - now) / ((edge - now) // step + 1)
            now += step
            known_ended += density * step
        else:
            known_ended += density * (edge - now)
            now = edge
            density += change
            edge, change = next(coming)
            while edge <= now + SHORTEST_STEP_SECONDS / 2:
                known_ended += density * (edge - now)
                now = edge
                density += change
                edge, change = next(coming)
        unknown = unknown_ended(now)
        open_share = max(LEAST_OPEN_SHARE, 1 - known_ended - unknown_share * unknown)
        moments.append(now)
        open_shares.append(open_share)
    return moments, open_shares


def cheapest_first(moments: list[float], open_shares: list[float], poll_cost_seconds: float) -> int:
    """The index of the next poll; every cost counts by the share of the runs that it befalls. What every sequence costs
    from the last moment on is the same for all, and left out.
    """
    last = len(moments) - 1
    costs = [0.0] * len(moments)
    first = last
    for begin in range(last - 1, -1, -1):
        open_share = open_shares[begin]
        since = moments[begin] - poll_cost_seconds
        cheapest = float("inf")
        for end in range(begin + 1, last + 1):
            paid = open_share * (moments[end] - since)
            if paid > cheapest:
                break
            if paid + costs[end] < cheapest:
                cheapest, first = paid + costs[end], end
        costs[begin] = cheapest
    return first
