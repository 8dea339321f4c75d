"""Mutation testing: python -m tools.mutants [--max-children N] [GROUP ...]"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.mutants.bench import ROOT, Bench, MutmutFailed
from tools.mutants.chosen import Chosen, ChosenMisjudged, read_chosen, unnoticed
from tools.mutants.groups import GROUPS, Group
from tools.mutants.verdicts import LEAST_SHARE, Score, Survivor, score

CHOSEN = "chosen"
"""The name of the mutants that were chosen by hand, beside the groups."""
ROW = "{:<10} {:<25} {:>7} {:>7} {:>8} {:>7}"


def main(
    arguments: Sequence[str],
    groups: Sequence[Group] = GROUPS,
    root: Path = ROOT,
    chosen: Sequence[Chosen] | None = None,
) -> int:
    """Prints a table, and the survivors; exit code 1 where a module misses its share, or a chosen mutant survives.

    `chosen` are those of the table, unless a test gives others.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    names = [*(group.name for group in groups), CHOSEN]
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(names))
    parser.add_argument("--max-children", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    options = parser.parse_args(arguments)
    unknown = {*options.groups} - {*names}
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    began = time.monotonic()
    print(ROW.format("group", "module", "mutants", "killed", "survived", "share"), flush=True)
    scores: list[Score] = []
    survivors: list[Survivor] = []
    for group in groups:
        if options.groups and group.name not in options.groups:
            continue
        bench = Bench(group, root / "build" / "mutants" / group.name, root)
        mutants = bench.judge(options.max_children)
        for module in group.modules:
            its = score(mutants, module)
            scores.append(its)
            share = f"{its.share:.1%}"
            print(ROW.format(group.name, module, its.mutants, its.killed, its.survived, share), flush=True)
        survivors += [Survivor(mutant, bench.change(mutant)) for mutant in mutants if not mutant.is_killed]
    _print_survivors(survivors)
    seconds = time.monotonic() - began
    print(f"\n{sum(its.mutants for its in scores)} mutants in {seconds:.0f} s  limit={LEAST_SHARE:.0%}")
    is_chosen_wanted = not options.groups or CHOSEN in options.groups
    are_noticed = not is_chosen_wanted or _judge_chosen(read_chosen() if chosen is None else chosen, root)
    return 0 if are_noticed and all(its.is_enough for its in scores) else 1


def _judge_chosen(chosen: Sequence[Chosen], root: Path) -> bool:
    """Whether all of them are noticed."""
    began = time.monotonic()
    survivors = list(unnoticed(chosen, root, root / "build" / "mutants" / CHOSEN))
    for mutant in survivors:
        print(f"\n{mutant.fault}: survived {', '.join(mutant.noticed_by)}")
    print(f"\n{len(chosen)} chosen mutants in {time.monotonic() - began:.0f} s  survived={len(survivors)}")
    return not survivors


def _print_survivors(survivors: Sequence[Survivor]) -> None:
    for mutant, change in survivors:
        print(f"\n{mutant.module}.{mutant.function}: {mutant.verdict}\n{change}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except MutmutFailed as failure:
        sys.exit(f"mutmut came to no verdict; the end of what it said:\n{failure}")
    except ChosenMisjudged as failure:
        sys.exit(str(failure))
