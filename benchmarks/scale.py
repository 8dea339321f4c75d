"""Many runs at once, against a provider that keeps to its published limits: python -m benchmarks.scale --runs 1000

In the sandbox at its own pace: DataArts Factory lets in 30 calls a second of each operation, 10 of job details, and
sends `Retry-After` with what it rejects. Fails where an event is missing or comes twice, a run has failed or goes on, a
job was not started exactly once, a request came before the provider wanted it, or a message stays on the poll queue.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.processes import resident_bytes
from tests.support.poll_queue import messages_left
from tests.support.sandbox import Sandbox

START_WITHIN_SECONDS = 60
GIVE_UP_AFTER_SECONDS = 3600
RECEIVE_EVERY_SECONDS = 2.0
SETTLE_WITHIN_SECONDS = 30
CALLERS = 8
OPTIONS = ["--huawei-option", "throttle-retry-after-seconds=1"]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs: int = parser.parse_args(arguments).runs
    sandbox = Sandbox("huawei", options=OPTIONS)
    # Made here, as boto3 makes no two clients at a time.
    sandbox.step_functions.list_state_machines()
    try:
        return measure(sandbox, runs)
    finally:
        sandbox.stop()


def measure(sandbox: Sandbox, runs: int) -> int:
    request = {"connection": sandbox.emulator.connection, "timeoutSeconds": GIVE_UP_AFTER_SECONDS}
    with ThreadPoolExecutor(CALLERS) as callers:
        jobs = list(callers.map(lambda _: sandbox.emulator.make_job(), range(runs)))
        before = sandbox.emulator.control("GET", "requests")
        begun = time.monotonic()
        list(callers.map(lambda job: sandbox.start("run_job", {**request, "job": job}), jobs))
        started_seconds = time.monotonic() - begun
    events, peak_bytes = receive_all(sandbox, runs, begun)
    seconds = time.monotonic() - begun
    after = sandbox.emulator.control("GET", "requests")
    requests = sum(after["counts"].values()) - sum(before["counts"].values())
    throttled = after["statuses"].get("429", 0) - before["statuses"].get("429", 0)
    print(
        f"{runs} runs  started in {started_seconds:.0f} s, {len(events)} events after {seconds:.0f} s; "
        f"{sum(event['data']['polls'] for event in events)} polls; {requests} requests, {throttled} of them answered "
        f"429; peak memory {peak_bytes / 2**20:.0f} MB"
    )
    still_running, messages = count_left(sandbox)
    wrongs = {
        "runs without an event": runs - len({event["data"]["runName"] for event in events}),
        "events that came twice": len(events) - len({event["id"] for event in events}),
        "runs that failed": sum(event["type"] != "io.farsync.execution.succeeded" for event in events),
        "runs that go on": still_running,
        "jobs not started exactly once": sum(count != 1 for count in starts_by_job(sandbox, jobs).values()),
        "requests too soon after a 429": after["tooSoon"] - before["tooSoon"],
        "messages on the poll queue": messages,
        "starts too slow": int(started_seconds > START_WITHIN_SECONDS),
    }
    print("  ".join(f"{what}: {number}" for what, number in wrongs.items()))
    return 1 if any(wrongs.values()) else 0


def receive_all(sandbox: Sandbox, runs: int, begun: float) -> tuple[list[dict[str, Any]], int]:
    """The events as they came, and the most memory that the sandbox held meanwhile."""
    events: list[dict[str, Any]] = []
    peak_bytes = 0
    while len(events) < runs and time.monotonic() - begun < GIVE_UP_AFTER_SECONDS:
        time.sleep(RECEIVE_EVERY_SECONDS)
        events += sandbox.receive_events()
        peak_bytes = max(peak_bytes, resident_bytes(sandbox.process_id))
    return events + sandbox.receive_events(), peak_bytes


def count_left(sandbox: Sandbox) -> tuple[int, int]:
    """Runs that go on and messages on the poll queue; an event comes a moment before its run ends."""
    give_up_at = time.monotonic() + SETTLE_WITHIN_SECONDS
    while True:
        left = count_running(sandbox), sum(map(int, messages_left(sandbox).values()))
        if not any(left) or time.monotonic() > give_up_at:
            return left
        time.sleep(1)


def count_running(sandbox: Sandbox) -> int:
    pages = sandbox.step_functions.get_paginator("list_executions").paginate(
        stateMachineArn=sandbox.aws["stateMachines"]["run_job"], statusFilter="RUNNING"
    )
    return sum(len(page["executions"]) for page in pages)


def starts_by_job(sandbox: Sandbox, jobs: Sequence[str]) -> Counter[str]:
    """How often each job was truly started."""
    counted = Counter(dict.fromkeys(jobs, 0))
    counted.update(entry["jobName"] for entry in sandbox.emulator.control("GET", "executions"))
    return counted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
