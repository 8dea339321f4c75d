"""Mutation testing: python -m tools.mutants [--max-children N] [GROUP ...]

Prints a table, and what survives. Exit code 1 where a module misses its share, or a mutant chosen by hand survives.
"""

import argparse
import os
import sys
import time

from tools.mutants.chosen import ChosenFailed, read_chosen, survivors_of
from tools.mutants.generated import Mutant, MutmutFailed, run_mutants, shown
from tools.mutants.groups import Group, read_groups

CHOSEN = "chosen"
"""The mutants that were chosen by hand, beside the groups."""
LEAST_SHARE = 0.9
ROW = "{:<10} {:<25} {:>7} {:>7} {:>8} {:>7}"


def main() -> int:
    groups = read_groups()
    names = [*(group.name for group in groups), CHOSEN]
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(names))
    parser.add_argument("--max-children", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    options = parser.parse_args()
    if unknown := {*options.groups} - {*names}:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    wanted = options.groups or names
    began = time.monotonic()
    print(ROW.format("group", "module", "mutants", "killed", "survived", "share"), flush=True)
    results = [_run_group(group, options.max_children) for group in groups if group.name in wanted]
    if CHOSEN in wanted:
        results.append(_run_chosen())
    print(f"\n{time.monotonic() - began:.0f} s  limit={LEAST_SHARE:.0%}")
    return 0 if all(results) else 1


def _run_group(group: Group, max_children: int) -> bool:
    """Whether every module has its share; one without mutants has not."""
    mutants = run_mutants(group, max_children)
    shares = [_print_module(group, module, mutants) for module in group.modules]
    for mutant in mutants:
        if not mutant.is_noticed:
            print(f"\n{shown(group, mutant)}", flush=True)
    return min(shares) >= LEAST_SHARE


def _print_module(group: Group, module: str, mutants: list[Mutant]) -> float:
    """The share of its mutants that is noticed."""
    noticed = [mutant.is_noticed for mutant in mutants if mutant.module == module]
    total, killed = len(noticed), sum(noticed)
    share = killed / max(1, total)
    print(ROW.format(group.name, module, total, killed, total - killed, f"{share:.1%}"), flush=True)
    return share


def _run_chosen() -> bool:
    """Whether all of them are noticed."""
    chosen = read_chosen()
    survivors = list(survivors_of(chosen))
    for mutant in survivors:
        print(f"\n{mutant.fault}: survived {', '.join(mutant.noticed_by)}")
    print(f"\n{len(chosen)} chosen mutants  survived={len(survivors)}")
    return not survivors


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (MutmutFailed, ChosenFailed) as failure:
        sys.exit(str(failure))
