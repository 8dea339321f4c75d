"""Many runs at once, against a vendor who keeps to his published limits: python -m benchmarks.scale --runs 1000

In the sandbox at its own pace: DataArts Factory lets in 30 calls a second of each operation, 10 of job details, and
sends `Retry-After` with what it refuses. Fails where an event is missing or told twice, a run has failed, a job was not
started exactly once, or a request came before the vendor wanted it.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.support.sandbox import Sandbox

START_WITHIN_SECONDS = 60
GIVE_UP_AFTER_SECONDS = 3600
LOOK_SECONDS = 2.0
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
    request = {"connection": sandbox.vendor.connection, "timeoutSeconds": GIVE_UP_AFTER_SECONDS}
    with ThreadPoolExecutor(CALLERS) as callers:
        jobs = list(callers.map(lambda _: sandbox.vendor.make_job(), range(runs)))
        before = sandbox.vendor.control("GET", "requests")
        begun = time.monotonic()
        list(callers.map(lambda job: sandbox.start("run_job", {**request, "job": job}), jobs))
        started_seconds = time.monotonic() - begun
    events, peak_bytes = told(sandbox, runs, begun)
    seconds = time.monotonic() - begun
    after = sandbox.vendor.control("GET", "requests")
    requests = sum(after["counts"].values()) - sum(before["counts"].values())
    throttled = after["statuses"].get("429", 0) - before["statuses"].get("429", 0)
    transitions = sum(event["data"]["stateTransitions"] for event in events)
    print(
        f"{runs} runs  started in {started_seconds:.0f} s, all told after {seconds:.0f} s; "
        f"{requests} requests, {throttled} of them answered 429; {transitions} state transitions; "
        f"peak memory {peak_bytes / 2**20:.0f} MB"
    )
    wrongs = {
        "runs not told": runs - len({event["data"]["runName"] for event in events}),
        "told more than once": len(events) - len({event["id"] for event in events}),
        "runs that failed": sum(event["type"] != "io.farsync.execution.succeeded" for event in events),
        "jobs not started exactly once": sum(count != 1 for count in starts_of(sandbox, jobs).values()),
        "requests too soon after a 429": after["tooSoon"] - before["tooSoon"],
        "starts too slow": int(started_seconds > START_WITHIN_SECONDS),
    }
    print("  ".join(f"{what}: {number}" for what, number in wrongs.items()))
    return 1 if any(wrongs.values()) else 0


def told(sandbox: Sandbox, runs: int, begun: float) -> tuple[list[dict[str, Any]], int]:
    """The events as they came, and the most memory that the sandbox held meanwhile."""
    events: list[dict[str, Any]] = []
    peak_bytes = 0
    while len(events) < runs and time.monotonic() - begun < GIVE_UP_AFTER_SECONDS:
        time.sleep(LOOK_SECONDS)
        events += sandbox.receive_events()
        peak_bytes = max(peak_bytes, resident_bytes(sandbox.process_id))
    return events + sandbox.receive_events(), peak_bytes


def starts_of(sandbox: Sandbox, jobs: Sequence[str]) -> Counter[str]:
    """How often each job was truly started."""
    counted = Counter(dict.fromkeys(jobs, 0))
    counted.update(entry["jobName"] for entry in sandbox.vendor.control("GET", "ledger"))
    return counted


def resident_bytes(process_id: int) -> int:
    """Of the process and all that it started; what they share counts for each. 0 where there is no /proc."""
    parents, sizes = dict[int, int](), dict[int, int]()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        parents[int(fields["Pid"])] = int(fields["PPid"])
        sizes[int(fields["Pid"])] = 1024 * int(fields.get("VmRSS", "0 kB").split()[0])
    return sum(size for one, size in sizes.items() if _descends(one, process_id, parents))


def _descends(process_id: int, ancestor: int, parents: dict[int, int]) -> bool:
    while process_id and process_id != ancestor:
        process_id = parents.get(process_id, 0)
    return process_id == ancestor


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
