"""How many runs the sandbox follows: python -m benchmarks.poll_rate --runs 1000

Two measurements without a limit: polls a second where more runs want a poll every second than two processors serve, and
how punctually `--runs` are polled every 15 seconds. The runs go through `run_job` on Data Flow, which has
no call limits in the sandbox; the mapping of PollQueue is paused until all of them wait.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from tests.support.poll_queue import messages_left
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

SATURATING_RUNS = 200
FOLLOWED_WITHIN_SECONDS = 1800
SAMPLE_SECONDS = 2.0
SHORTEST_MEASUREMENT_SECONDS = 60.0
INTERVALS_BEFORE = 2
INTERVALS_MEASURED = 4
TOLERANCE_SECONDS = 1.0
CALLERS = 8
POLLING_FUNCTION = "poll_execution"
POLL = "getJobExecution"


class Measured(NamedTuple):
    polls_by_job: dict[str, list[float]]
    """When Data Flow was asked: seconds since 1970, in order."""
    begun_at: float
    ended_at: float

    @property
    def seconds(self) -> float:
        return self.ended_at - self.begun_at


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.poll_rate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000, help="polled every 15 seconds")
    scenes = ((SATURATING_RUNS, 1), (parser.parse_args(arguments).runs, 15))
    for runs, every_seconds in scenes:
        measured = measure(runs, every_seconds)
        polls = sum(map(len, measured.polls_by_job.values()))
        on_time = share_on_time(measured, runs, every_seconds)
        print(
            f"{runs} runs, each polled every {every_seconds} s  {polls / measured.seconds:.1f} polls/s, "
            f"{on_time:.1%} on time, over {measured.seconds:.0f} s",
            flush=True,
        )
    return 0


def measure(runs: int, every_seconds: int) -> Measured:
    sandbox = Sandbox()
    # Made here, as boto3 makes no two clients at a time.
    sandbox.step_functions.list_state_machines()
    try:
        sandbox.change_mapping(POLLING_FUNCTION, "pause")
        start_runs(sandbox, runs, every_seconds)
        sandbox.change_mapping(POLLING_FUNCTION, "resume")
        time.sleep(INTERVALS_BEFORE * every_seconds)
        return watch(sandbox, max(SHORTEST_MEASUREMENT_SECONDS, INTERVALS_MEASURED * every_seconds))
    finally:
        sandbox.stop()


def start_runs(sandbox: Sandbox, runs: int, every_seconds: int) -> None:
    """Up to the moment at which each of them waits on the queue. The dear poll leaves all to the longest delay."""
    request = {
        "connection": sandbox.emulator.connection,
        "timeoutSeconds": 7200,
        "pollCostSeconds": 3600,
        "maxDetectionDelaySeconds": every_seconds,
    }

    def start(_: int) -> None:
        sandbox.start("run_job", {**request, "job": sandbox.emulator.make_job(run_seconds=7200)})

    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(start, range(runs)))
    eventually(lambda: sum(map(int, messages_left(sandbox).values())) == runs, FOLLOWED_WITHIN_SECONDS)


def watch(sandbox: Sandbox, seconds: float) -> Measured:
    """The provider remembers its last thousand requests, so that it is asked for them more often than that."""
    seen: set[tuple[str, str]] = set()
    begun_at = time.time()
    while time.time() < begun_at + seconds:
        time.sleep(SAMPLE_SECONDS)
        last = sandbox.emulator.control("GET", "requests")["last"]
        seen.update((entry["time"], entry["job"]) for entry in last if entry["operation"] == POLL)
    ended_at = time.time()
    polls_by_job = defaultdict[str, list[float]](list)
    for at, job in sorted(seen):
        if begun_at <= (moment := datetime.fromisoformat(at).timestamp()) <= ended_at:
            polls_by_job[job].append(moment)
    return Measured(polls_by_job, begun_at, ended_at)


def share_on_time(measured: Measured, runs: int, every_seconds: int) -> float:
    """Of the polls that were due, those at most a second late; one that was due and never came is late too."""
    longest = every_seconds + TOLERANCE_SECONDS
    on_time = 0
    late = runs - len(measured.polls_by_job)
    for polls in measured.polls_by_job.values():
        between = sum(later - earlier <= longest for earlier, later in pairwise(polls))
        on_time += between
        late += len(polls) - 1 - between
        late += (polls[0] - measured.begun_at > longest) + (measured.ended_at - polls[-1] > longest)
    return on_time / max(1, on_time + late)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
