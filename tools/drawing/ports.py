"""Where on a box's side a line leaves or enters, so that lines neither cross there nor cover each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.drawing.courses import Course, Side
from tools.drawing.placement import MIDDLE, Cell

SPACING = 17


@dataclass(frozen=True)
class Ports:
    """How far below the middle of its side a line leaves or enters, in pixels."""

    exits: Mapping[Course, int]
    entries: Mapping[Course, int]


@dataclass(frozen=True)
class _Port:
    """One line out, or all lines in: these share one arrow head."""

    courses: tuple[Course, ...]
    column: int
    is_entry: bool
    rise: int
    """Rows that the line goes down (negative: up) from here."""


def assign_ports(courses: Sequence[Course], cells: Mapping[str, Cell]) -> Ports:
    exits: dict[Course, int] = {}
    entries: dict[Course, int] = {}
    for ports in _by_side(courses, cells).values():
        for port, offset in zip(ports, _offsets(ports), strict=True):
            (entries if port.is_entry else exits).update(dict.fromkeys(port.courses, offset))
    return Ports(exits, entries)


def _by_side(courses: Sequence[Course], cells: Mapping[str, Cell]) -> dict[tuple[str, Side], list[_Port]]:
    entering: dict[tuple[str, Side], list[Course]] = {}
    sides: dict[tuple[str, Side], list[_Port]] = {}
    for course in courses:
        edge = course.edge
        entering.setdefault((edge.target, course.entry), []).append(course)
        rise = cells[edge.target].row - cells[edge.source].row
        port = _Port((course,), cells[edge.source].column, False, rise)
        sides.setdefault((edge.source, course.exit), []).append(port)
    for (name, side), entered_by in entering.items():
        rises = [cells[course.edge.source].row - cells[name].row for course in entered_by]
        is_from_one_direction = min(rises) > 0 or max(rises) < 0
        port = _Port(tuple(entered_by), cells[name].column, True, rises[0] if is_from_one_direction else 0)
        sides.setdefault((name, side), []).append(port)
    return {key: sorted(ports, key=_order) for key, ports in sides.items()}


def _order(port: _Port) -> tuple[int, int, bool]:
    """Lines that go up leave above those that go down; the shorter way takes the place nearest the corner, and
    so the inner lane. Of two level lines between two boxes, the one that leaves the middle column runs above.
    """
    direction = (port.rise > 0) - (port.rise < 0)
    return direction, -port.rise, port.is_entry == (port.column == MIDDLE)


def _offsets(ports: Sequence[_Port]) -> list[int]:
    """Level lines stay around the middle, or they would not be straight; the others spread around them."""
    levels = [index for index, port in enumerate(ports) if port.rise == 0]
    middle = sum(levels) / len(levels) if levels else (len(ports) - 1) / 2
    return [round((index - middle) * SPACING) for index in range(len(ports))]
