"""Mutation testing: python -m tools.mutants [--max-children N] [GROUP ...]"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.mutants.bench import ROOT, Bench, MutmutFailed
from tools.mutants.groups import GROUPS, Group
from tools.mutants.verdicts import LEAST_SHARE, Score, Survivor, score

ROW = "{:<10} {:<25} {:>7} {:>7} {:>8} {:>7}"


def main(arguments: Sequence[str], groups: Sequence[Group] = GROUPS, root: Path = ROOT) -> int:
    """Prints a table, and the survivors; exit code 1 where a module misses its share."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(group.name for group in groups))
    parser.add_argument("--max-children", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    options = parser.parse_args(arguments)
    unknown = set(options.groups) - {group.name for group in groups}
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
    return 0 if all(its.is_enough for its in scores) else 1


def _print_survivors(survivors: Sequence[Survivor]) -> None:
    for mutant, change in survivors:
        print(f"\n{mutant.module}.{mutant.function}: {mutant.verdict}\n{change}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except MutmutFailed as failure:
        sys.exit(f"mutmut came to no verdict; the end of what it said:\n{failure}")
