"""`make model STEPS=3000000 SEED=7` plays for long and prints the first failure; OPTIONS=--undo undoes the rules."""

import argparse
import sys
from collections import Counter
from secrets import randbelow

from tests.model.playing import play
from tests.model.rules import RULES, undone

SEEDS_APART = 1_000_000
"""Traces of one seed are numbered on from it."""


def main() -> int:
    options = argparse.ArgumentParser(description="Play the model until a promise breaks, or the steps are over.")
    options.add_argument("--steps", type=int, default=3_000_000)
    options.add_argument("--seed", type=int, help="drawn where it is missing")
    options.add_argument("--trace", type=int, help="play this one trace again")
    options.add_argument("--undo", action="store_true", help="undo each rule, and see whether it is missed")
    asked = options.parse_args()
    if asked.undo:
        return _undo_each(asked.steps)
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


def _undo_each(steps: int) -> int:
    """Fails where a rule is not missed in so many steps."""
    unmissed = 0
    for rule in RULES:
        with undone(rule):
            played = play(rule.seed, steps=steps)
        if played.failure is None:
            unmissed += 1
        found = f"missed in trace {played.traces:,}" if played.failure else f"not missed in {played.steps:,} steps"
        print(f"{found}  {rule.rule}", flush=True)
    print(f"{len(RULES) - unmissed} of {len(RULES)} rules are missed")
    return min(unmissed, 1)


def _show(what: str, counted: Counter[str]) -> None:
    print(f"{what}: " + ", ".join(f"{name} {number:,}" for name, number in counted.most_common()))


if __name__ == "__main__":
    sys.exit(main())
