"""The cost of a month before any job runs, and which transitions each run makes whatever it polls."""

from benchmarks.cost.state_counts import good_way
from farsync.events.cost import GIGABYTES, USD_PER_CALL, USD_PER_GB_SECOND, USD_PER_QUEUE_REQUEST

QUEUES = ("PollQueue", "CloseQueue")
POLLERS_OF_AN_IDLE_MAPPING = 5
RECEIVES_A_MINUTE = 3
"""Long polls of 20 seconds: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
MINUTES_OF_A_MONTH = 30 * 24 * 60
EMPTY_RECEIVES = POLLERS_OF_AN_IDLE_MAPPING * RECEIVES_A_MINUTE * MINUTES_OF_A_MONTH
SWEEPS = 30 * 24
SECONDS_OF_A_SWEEP = 2.0
WHY = {
    "Prepare": "what ran before is read before anything is posted",
    "Start": "posts; apart from Prepare, so that each can be tried again by its own rule",
    "Decide": "started, postponed or to be searched for",
    "Follow": "waits for the end, however long",
    "Succeeded": "the run's end",
    "Send": "the event, on its queue",
    "Record": "the event and its counts, in the log group of events",
    "Publish": "the event, on a bus",
}


def idle_usd() -> float:
    return len(QUEUES) * EMPTY_RECEIVES * USD_PER_QUEUE_REQUEST


def sweep_usd() -> float:
    return SWEEPS * (USD_PER_CALL + SECONDS_OF_A_SWEEP * GIGABYTES * USD_PER_GB_SECOND)


def transitions_explained() -> str:
    """One line for each transition of a run in which nothing goes wrong."""
    return "\n".join(
        f"  {machine:<10}  {state:<9}  {WHY[state]}"
        for machine in ("run_job", "emit_event")
        for state in good_way(machine)
    )


def monthly() -> str:
    return (
        f"  {len(QUEUES)} idle mappings  {EMPTY_RECEIVES:,} empty receives each  ${idle_usd():.2f}\n"
        f"  hourly sweep     {SWEEPS} calls of {SECONDS_OF_A_SWEEP:g} s  ${sweep_usd():.4f}"
    )
