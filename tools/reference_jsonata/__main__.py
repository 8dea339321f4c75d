"""Evaluates every expression of every state machine on both engines: python -m tools.reference_jsonata"""

import sys

from tools.reference_jsonata.checking import MACHINES, checked
from tools.reference_jsonata.engines import NoReference, disagreements, with_variants


def main() -> int:
    """Prints a line per machine, and one per fault and disagreement; returns the exit code."""
    machines = [checked(path) for path in MACHINES]
    evaluations = with_variants([evaluation for machine in machines for evaluation in machine.evaluations])
    try:
        differing = disagreements(evaluations)
    except NoReference as missing:
        print(missing)
        return 2
    for machine in machines:
        print(f"{machine.name}: {len(machine.places)} expressions, {len(machine.faults)} faults")
    found = [*(fault for machine in machines for fault in machine.faults), *differing]
    print(*found, f"evaluated {len(evaluations)} times, agreed {len(evaluations) - len(differing)} times", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
