"""What runs cost, summed up."""

from collections.abc import Sequence

from rich.text import Text

from farsync_cli.costs import CostLine
from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import dollars


def cost_table(lines: Sequence[CostLine], title: str, width: int | None) -> list[Text]:
    """The dearest first, and the sum."""
    columns = (
        Column(title.upper(), is_flexible=True),
        Column("RUNS", is_right=True),
        Column("SUCCEEDED", is_right=True),
        Column("COST", is_right=True),
        Column("EACH", is_right=True),
    )
    total = CostLine(
        "all", sum(line.runs for line in lines), sum(line.succeeded for line in lines), sum(line.usd for line in lines)
    )
    return table(columns, [_row(line) for line in [*lines, total]], width)


def _row(line: CostLine) -> Row:
    each = dollars(line.usd / line.runs) if line.runs else ""
    return Row([line.name, f"{line.runs:,}", f"{line.succeeded:,}", dollars(line.usd), each])
