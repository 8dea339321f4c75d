"""`make model STEPS=3000000 SEED=7`: play the model for long, and print the first failure."""

import argparse
import sys
from collections import Counter
from secrets import randbelow

from tests.model.playing import play

SEEDS_APART = 1_000_000
"""Traces of one seed are numbered on from it."""


def main() -> int:
    options = argparse.ArgumentParser(description="Play the model until a promise breaks, or the steps are over.")
    options.add_argument("--steps", type=int, default=3_000_000)
    options.add_argument("--seed", type=int, help="drawn where it is missing")
    options.add_argument("--trace", type=int, help="play this one trace again")
    asked = options.parse_args()
    seed = randbelow(100_000) if asked.seed is None else asked.seed
    if asked.trace is None:
        print(f"seed {seed}")
        played = play(seed * SEEDS_APART, steps=asked.steps, every=max(1, asked.steps // 20))
    else:
        played = play(asked.trace, steps=asked.steps, traces=1)
    print(
        f"{played.steps:,} steps in {played.traces:,} traces and {played.seconds:.0f} s of processor time: "
        f"{played.pace}"
    )
    _show("injected", played.injected)
    _show("ends of runs", played.ends)
    _show("events", played.events)
    if played.failure is None:
        print("every promise held")
        return 0
    print(played.failure.story)
    return 1


def _show(what: str, counted: Counter[str]) -> None:
    print(f"{what}: " + ", ".join(f"{name} {number:,}" for name, number in counted.most_common()))


if __name__ == "__main__":
    sys.exit(main())
