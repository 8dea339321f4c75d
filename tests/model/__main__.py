"""`make model STEPS=3000000 SEED=7`: play the model for long, and print the first failure."""

import argparse
import sys
from secrets import randbelow

from tests.model.playing import play
from tests.model.rules import RULES, find_failure

SEEDS_APART = 1_000_000
"""Traces of one seed are numbered on from it."""


def main() -> int:
    options = argparse.ArgumentParser(description="Play the model until a promise breaks, or the steps are over.")
    options.add_argument("--steps", type=int, default=3_000_000)
    options.add_argument("--seed", type=int, help="drawn where it is missing")
    options.add_argument("--trace", type=int, help="play this one trace again")
    options.add_argument("--undo", action="store_true", help="undo each rule for a moment: a promise must break")
    asked = options.parse_args()
    if asked.undo:
        return undo_rules()
    seed = randbelow(100_000) if asked.seed is None else asked.seed
    if asked.trace is None:
        print(f"seed {seed}")
        played = play(seed * SEEDS_APART, steps=asked.steps, every=max(1, asked.steps // 20))
    else:
        played = play(asked.trace, steps=asked.steps, traces=1)
    print(
        f"{played.steps:,} steps in {played.traces:,} traces, {played.seconds:.0f} s of processor time: {played.pace}"
    )
    for title, counted in (("injected", played.injected), ("ends of runs", played.ends), ("events", played.events)):
        print(f"{title}: " + ", ".join(f"{name} {number:,}" for name, number in counted.most_common()))
    print(played.failure.story if played.failure else "every promise held")
    return 1 if played.failure else 0


def undo_rules() -> int:
    noticed = 0
    for rule in RULES:
        failure = find_failure(rule)
        noticed += failure is not None
        print(
            f"{rule.title}: " + (f"trace {failure.seed}, {failure.broken[0]}" if failure else "NOT NOTICED"), flush=True
        )
    print(f"{noticed} of {len(RULES)} rules noticed when undone")
    return 0 if noticed == len(RULES) else 1


if __name__ == "__main__":
    sys.exit(main())
