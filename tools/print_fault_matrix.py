"""Prints the fault matrix into docs/dev/fault-matrix.md: python -m tools.print_fault_matrix [--check]"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tools.fault_matrix import FaultMatrix, NoWay, Way, read_fault_matrix
from tools.generated_file import markdown_table, parse_check, with_part, write_or_check
from tools.states_language import ROOT

PAGE = ROOT / "docs" / "dev" / "fault-matrix.md"
BEGIN, END = "<!-- fault matrix: written by `make docs` -->\n", "<!-- end of the fault matrix -->\n"
SUCCEEDS = "✓"
CLOUDS = {"naver": "NAVER", "huawei": "Huawei"}


def printed(matrix: FaultMatrix) -> str:
    """A table of ends, one of operations, the matrix with a column per operation, and why cells are empty."""
    cells = [cell for row in matrix.cells.values() for cell in row.values()]
    reasons = list(dict.fromkeys(cell.because for cell in cells if isinstance(cell, NoWay)))
    ends = [
        [
            _word(name),
            f"fails with `{end.error}`" if end.error else SUCCEEDS,
            str(end.executions),
            ", ".join(f"`{type_}`" for type_ in end.events) or "none",
        ]
        for name, end in matrix.ends.items()
    ]
    operations = [[operation.title, operation.about] for operation in matrix.operations.values()]
    faults = [
        [fault, *(_cell(matrix.cells[operation][fault], reasons) for operation in matrix.operations)]
        for fault in matrix.faults
    ]
    tables = [
        markdown_table(["end", "`run_job`", "executions started", "events"], ends),
        markdown_table(["column", "the fault is met when"], operations),
        markdown_table(["fault", *(operation.title for operation in matrix.operations.values())], faults),
    ]
    notes = (f"{number}. {reason[0].upper()}{reason[1:]}.\n" for number, reason in enumerate(reasons, 1))
    return "\n".join([*tables, "".join(notes)])


def _cell(cell: Sequence[Way] | NoWay, reasons: Sequence[str]) -> str:
    if isinstance(cell, NoWay):
        return f"({reasons.index(cell.because) + 1})"
    return "; ".join(_way(way) for way in cell)


def _way(way: Way) -> str:
    limits = [word for word in (CLOUDS.get(way.cloud or ""), way.when) if word]
    return f"{', '.join(limits)}: {_word(way.end)}" if limits else _word(way.end)


def _word(end: str) -> str:
    """In code, where the end is named after an error; most runs succeed, which is a sign that the eye passes over."""
    return SUCCEEDS if end == "succeeds" else f"`{end}`" if end[0].isupper() else end


def main(arguments: Sequence[str], document: Path = PAGE) -> int:
    check = parse_check("tools.print_fault_matrix", __doc__, arguments)
    return write_or_check(document, with_part(document, BEGIN, printed(read_fault_matrix()), END), check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
