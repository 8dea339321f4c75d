"""`make nasty-replies EXAMPLES=1000000 SEED=7`: as many nasty replies as one likes, by several processes."""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, product
from random import Random
from secrets import randbelow
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from farsync.providers.rejections import Operation
from tests.nasty_replies.replies import Nasty, replies
from tests.nasty_replies.service import Stage
from tests.nasty_replies.use_cases import run_use_cases

CLOUDS = ("naver", "huawei")
EXAMPLES_OF_A_PART = 500
"""Hypothesis remembers all examples of a part, lest one comes twice."""
PARTS_BETWEEN_LINES = 20


class Part(NamedTuple):
    """Examples of one seed, of replies to one operation."""

    cloud: str
    operation: Operation
    seed: int
    examples: int = EXAMPLES_OF_A_PART


class Played(NamedTuple):
    part: Part
    replies: int
    use_cases: int
    ends: int
    failure: str | None


def main() -> int:
    options = argparse.ArgumentParser(description="Run every operation on replies that are documented but nasty.")
    options.add_argument("--examples", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, help="drawn where it is missing")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = options.parse_args()
    first_seed = randbelow(100_000) if asked.seed is None else asked.seed
    print(f"seed {first_seed}, {asked.examples:,} examples, {asked.processes} processes", flush=True)
    counted, began_at = Counter[str](), time.monotonic()
    with ProcessPoolExecutor(asked.processes) as processes:
        parts = islice(parts_of(first_seed), -(-asked.examples // EXAMPLES_OF_A_PART))
        for number, played in enumerate(processes.map(play, parts), 1):
            if played.failure:
                part = played.part
                print(f"{part.cloud} {part.operation.name}, part of seed {part.seed}\n{played.failure}")
                processes.shutdown(cancel_futures=True)
                return 1
            counted += Counter(
                {
                    "replies": played.replies,
                    "uses of them": played.use_cases,
                    "ends detected": played.ends,
                    f"{played.part.cloud} {played.part.operation.name.lower()}": played.replies,
                }
            )
            if number % PARTS_BETWEEN_LINES == 0:
                print(_pace(counted, began_at), flush=True)
    print(", ".join(f"{name} {count:,}" for name, count in sorted(counted.items())))
    print(f"{_pace(counted, began_at)}; seed {first_seed}: every one was read, or rejected by an error of ours")
    return 0


def parts_of(first_seed: int) -> Iterator[Part]:
    """The same for every number of processes."""
    chance = Random(first_seed)
    while True:
        for cloud, operation in product(CLOUDS, Operation):
            yield Part(cloud, operation, chance.getrandbits(64))


def play(part: Part) -> Played:
    """Never raises: the failure, shrunk, is a part of the result."""
    stage, counted = Stage(part.cloud), Counter[str]()

    @seed(part.seed)
    @settings(
        max_examples=part.examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(replies(part.cloud, part.operation))
    def run(reply: Nasty) -> None:
        counted["replies"] += 1
        counted["use cases"] += run_use_cases(stage, part.operation, reply)
        counted["ends"] += reply.is_end

    try:
        run()
        failure = None
    except BaseException:  # noqa: BLE001 - a group of failures too; all are printed
        failure = traceback.format_exc()
    return Played(part, counted["replies"], counted["use cases"], counted["ends"], failure)


def _pace(counted: Counter[str], began_at: float) -> str:
    seconds = time.monotonic() - began_at
    return f"{counted['replies']:,} replies in {seconds:,.0f} s, {counted['replies'] / seconds:,.0f} a second"


if __name__ == "__main__":
    sys.exit(main())
