"""A thousand runs aborted at once: are they closed, how long does that take, and do the reads stay within the quotas?

    python -m benchmarks.closing [--runs 1000]

Fails where a run is not closed, where with the template's concurrency a read about runs that were aborted is throttled,
or a fifth of those about runs that failed: one read closes each, which two functions do faster than the bucket fills.
Quotas are AWS's own (those of Seoul), as the sandbox keeps to them.
"""

import argparse
import logging
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.closing.runs import AbortedRun, Kind
from benchmarks.closing.simulation import AWS_CALL_SECONDS, PROVIDER_CALL_SECONDS, READS, close_all
from farsync.runtime.observability import logger

RUNS = 1000
CONCURRENCY = 2
"""Of the mapping in the template."""
NINE: tuple[Kind, ...] = ("followed",) * 9


class Scene(NamedTuple):
    """`kinds` in turn; `most_throttled` is a share of the reads."""

    title: str
    kinds: Sequence[Kind]
    most_throttled: float = 0.0
    concurrency: int = CONCURRENCY

    def runs(self, number: int) -> list[AbortedRun]:
        return [AbortedRun(index, self.kinds[index % len(self.kinds)]) for index in range(number)]


SCENES: Mapping[str, Scene] = {
    "failed": Scene("failed, with the mark final", ("final",), 0.2),
    "followed": Scene("aborted while followed", ("followed",)),
    "unconfirmed": Scene("one in ten with an unconfirmed start", ("unconfirmed", *NINE)),
    "unbounded": Scene("50 at a time, for comparison", ("followed",), 1.0, 50),
}


def holds(scene: Scene, runs: int) -> bool:
    """Prints how it went."""
    closed = close_all(scene.runs(runs), concurrency=scene.concurrency)
    calls = [
        f"{read} {closed.calls[read]} ({closed.throttled[read]} throttled)" for read in READS if closed.calls[read]
    ]
    print(
        f"{scene.title:<30} closed {closed.closed} of {runs} in {closed.seconds / 60:.1f} min; events {closed.events}; "
        f"receives of a message {closed.receives / runs:.1f}, at most {closed.most_receives}\n"
        f"{'':<30} {', '.join(calls)}; to the provider {closed.provider_calls}",
        flush=True,
    )
    throttled = sum(closed.throttled[read] for read in READS) / max(1, sum(closed.calls[read] for read in READS))
    return closed.closed == runs and throttled <= scene.most_throttled


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.closing", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    runs: int = parser.parse_args(arguments).runs
    logger.setLevel(logging.CRITICAL)
    print(
        f"{runs} runs at once; a call takes {AWS_CALL_SECONDS:g} s to AWS, {PROVIDER_CALL_SECONDS:g} s to the provider"
    )
    results = [holds(scene, runs) for scene in SCENES.values()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
