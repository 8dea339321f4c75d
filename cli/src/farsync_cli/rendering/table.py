"""Columns that fit the terminal; piped, nothing is cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

GAP = 2
NARROWEST = 8


@dataclass(frozen=True)
class Column:
    title: str
    is_flexible: bool = False
    """Whether it may be cut where the terminal is too narrow."""
    is_right: bool = False


@dataclass(frozen=True)
class Row:
    cells: Sequence[Text | str]
    note: str = ""
    """A line below the row; piped, a last column."""


def table(columns: Sequence[Column], rows: Sequence[Row], width: int | None) -> list[Text]:
    """A line of titles and one for each row. `width` None: as wide as it takes."""
    columns, rows = _without_empty_columns(columns, rows)
    widths = _widths(columns, rows, width)
    lines = [_line(columns, [Text(column.title, "bold") for column in columns], widths)]
    for row in rows:
        line = _line(columns, [Text(cell) if isinstance(cell, str) else cell.copy() for cell in row.cells], widths)
        lines.append(line)
        if not row.note:
            continue
        if width is None:
            line.append(f"{' ' * GAP}{_one_line(row.note)}")
        else:
            note = Text(f"  {_one_line(row.note)}", "dim")
            note.truncate(width, overflow="ellipsis")
            lines.append(note)
    return lines


def _without_empty_columns(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[list[Column], list[Row]]:
    kept = [number for number in range(len(columns)) if any(_plain(row.cells[number]) for row in rows)]
    return [columns[number] for number in kept], [Row([row.cells[number] for number in kept], row.note) for row in rows]


def _widths(columns: Sequence[Column], rows: Sequence[Row], width: int | None) -> list[int]:
    widths = [
        max([cell_len(column.title), *(cell_len(_plain(row.cells[number])) for row in rows)])
        for number, column in enumerate(columns)
    ]
    flexible = [number for number, column in enumerate(columns) if column.is_flexible]
    while width is not None and sum(widths) + GAP * (len(widths) - 1) > width:
        widest = max(flexible, key=lambda number: widths[number], default=None)
        if widest is None or widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _line(columns: Sequence[Column], cells: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text()
    for number, (column, cell, cell_width) in enumerate(zip(columns, cells, widths, strict=True)):
        cell.truncate(cell_width, overflow="ellipsis")
        padding = " " * (cell_width - cell_len(cell.plain))
        is_last = number == len(columns) - 1
        line.append(padding if column.is_right else "").append_text(cell)
        line.append("" if is_last else ("" if column.is_right else padding) + " " * GAP)
    return line


def _plain(cell: Text | str) -> str:
    return cell if isinstance(cell, str) else cell.plain


def _one_line(text: str) -> str:
    return " ".join(text.split())
