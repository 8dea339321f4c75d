"""Which way a line takes: by which sides it leaves and enters, and along which channel it runs between."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.drawing.edges import Edge
from tools.drawing.placement import LEFT, MIDDLE, RIGHT, Cell

Side = Literal["top", "bottom", "left", "right"]
SIDES: Mapping[int, Side] = {LEFT: "left", RIGHT: "right"}


@dataclass(frozen=True)
class Channel:
    """A strip in which lines run up and down: between the middle column and its neighbour, or beyond that."""

    column: int
    is_outer: bool


@dataclass(frozen=True)
class Course:
    edge: Edge
    exit: Side
    entry: Side
    channel: Channel | None = None
    """None for a straight line, or one with a single bend."""


def chart(edges: Sequence[Edge], cells: Mapping[str, Cell]) -> list[Course]:
    """A course for every line, none of which leads through a box."""
    taken = frozenset(cells.values())
    return [_course(edge, cells[edge.source], cells[edge.target], taken) for edge in edges]


def _course(edge: Edge, source: Cell, target: Cell, taken: Collection[Cell]) -> Course:
    if source.column == target.column:
        return _course_in_column(edge, source, target, taken)
    if source.row == target.row and abs(source.column - target.column) == 1:
        return Course(edge, *_facing(source, target))
    if source.column == MIDDLE:
        return _course_aside(edge, source, target, taken)
    if target.column == MIDDLE:
        is_outer = Cell(source.column, target.row) not in taken
        exit_side = SIDES[source.column] if is_outer else SIDES[-source.column]
        return Course(edge, exit_side, SIDES[source.column], Channel(source.column, is_outer))
    return Course(edge, SIDES[-source.column], "top", Channel(source.column, is_outer=False))


def _course_in_column(edge: Edge, source: Cell, target: Cell, taken: Collection[Cell]) -> Course:
    between = {Cell(source.column, row) for row in range(source.row + 1, target.row)}
    if target.row > source.row and between.isdisjoint(taken):
        return Course(edge, "bottom", "top")
    if source.column != MIDDLE:
        side = SIDES[source.column]
        return Course(edge, side, side, Channel(source.column, is_outer=True))
    column = RIGHT if target.row <= source.row else LEFT
    return Course(edge, SIDES[column], SIDES[column], Channel(column, is_outer=False))


def _course_aside(edge: Edge, source: Cell, target: Cell, taken: Collection[Cell]) -> Course:
    side = SIDES[target.column]
    above = {Cell(target.column, row) for row in range(source.row, target.row)}
    if target.row > source.row and above.isdisjoint(taken):
        return Course(edge, side, "top")
    is_outer = Cell(target.column, source.row) not in taken
    entry = side if is_outer else SIDES[-target.column]
    return Course(edge, side, entry, Channel(target.column, is_outer))


def _facing(source: Cell, target: Cell) -> tuple[Side, Side]:
    column = target.column - source.column
    return SIDES[column], SIDES[-column]
