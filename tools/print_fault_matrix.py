"""Prints the fault matrix into docs/guarantees.md: python -m tools.print_fault_matrix [--check]"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.fault_matrix import FaultMatrix, NoWay, Way, read_fault_matrix
from tools.generated_file import write_or_check
from tools.states_language import ROOT

GUARANTEES = ROOT / "docs" / "guarantees.md"
BEGIN, END = "<!-- fault matrix: written by `make docs` -->\n", "<!-- end of the fault matrix -->\n"
CLOUDS = {"naver": "NAVER", "huawei": "Huawei"}


def printed(matrix: FaultMatrix) -> str:
    """What each end is, what each operation is, the matrix with a column per operation, and why cells are empty."""
    reasons: list[str] = []
    for row in matrix.cells.values():
        reasons.extend(cell.because for cell in row.values() if isinstance(cell, NoWay) and cell.because not in reasons)
    return "\n".join([_ends(matrix), _operations(matrix), _cells(matrix, reasons), _reasons(reasons)])


def _ends(matrix: FaultMatrix) -> str:
    return _table(
        ["end", "`run_job`", "executions started", "events"],
        [
            [
                _word(name),
                f"fails with `{end.error}`" if end.error else "succeeds",
                str(end.executions),
                ", ".join(f"`{type_}`" for type_ in end.events) or "none",
            ]
            for name, end in matrix.ends.items()
        ],
    )


def _operations(matrix: FaultMatrix) -> str:
    """What goes wrong in each column of the matrix."""
    rows = [[operation.title, operation.about] for operation in matrix.operations.values()]
    return _table(["column", "the fault is met when"], rows)


def _cells(matrix: FaultMatrix, reasons: Sequence[str]) -> str:
    operations = list(matrix.operations)
    return _table(
        ["fault", *(matrix.operations[operation].title for operation in operations)],
        [
            [fault, *(_cell(matrix.cells[operation][fault], reasons) for operation in operations)]
            for fault in matrix.faults
        ],
    )


def _cell(cell: Sequence[Way] | NoWay, reasons: Sequence[str]) -> str:
    if isinstance(cell, NoWay):
        return f"({reasons.index(cell.because) + 1})"
    return "; ".join(_way(way) for way in cell)


def _way(way: Way) -> str:
    told = [CLOUDS[way.cloud]] if way.cloud else []
    if way.when:
        told.append(way.when)
    return f"{', '.join(told)}: {_word(way.end)}" if told else _word(way.end)


def _word(end: str) -> str:
    """Ends that are named after an error look like one."""
    return f"`{end}`" if end[0].isupper() else end


def _reasons(reasons: Sequence[str]) -> str:
    return "".join(f"{number}. {reason[0].upper()}{reason[1:]}.\n" for number, reason in enumerate(reasons, 1))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: Sequence[str], document: Path = GUARANTEES) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.print_fault_matrix", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the document differs")
    options = parser.parse_args(arguments)
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        print(f"{document.name}: lacks the lines between which the fault matrix stands")
        return 1
    content = f"{before}{begin}\n{printed(read_fault_matrix())}\n{end}{after}"
    return write_or_check(document, content, options.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
