"""From states to pixels: where each line bends, and where its label stands."""

from collections.abc import Iterable, Mapping

from tools.drawing.courses import Course, Side, chart
from tools.drawing.edges import edges_of
from tools.drawing.lanes import GAP, Lanes, assign_lanes
from tools.drawing.picture import (
    BOX_HEIGHT,
    BOX_WIDTH,
    LABEL_HEIGHT,
    ROW_HEIGHT,
    Box,
    Label,
    Line,
    Picture,
    Point,
    row_y,
)
from tools.drawing.placement import place
from tools.drawing.ports import Ports, assign_ports
from tools.states_language import Scope

LABEL_LIFT = 4
"""Between a line and the label above it."""


def compose(scope: Scope) -> Picture:
    """The picture of a scope; the same scope gives the same picture."""
    cells = place(scope)
    courses = chart(edges_of(scope), cells)
    ports = assign_ports(courses, cells)
    lanes = assign_lanes(courses, cells, ports)
    boxes = {name: Box(name, lanes.column_x(cell.column), row_y(cell.row)) for name, cell in cells.items()}
    lines = [Line(course.edge, _bends(course, boxes, ports, lanes)) for course in courses]
    labels = [_label(course, line.points) for course, line in zip(courses, lines, strict=True) if course.edge.label]
    return Picture(tuple(boxes.values()), tuple(lines), tuple(labels))


def _bends(course: Course, boxes: Mapping[str, Box], ports: Ports, lanes: Lanes) -> tuple[Point, ...]:
    start = _on_side(boxes[course.edge.source], course.exit, ports.exits[course])
    end = _on_side(boxes[course.edge.target], course.entry, ports.entries[course])
    if course.channel is None:
        corner = [] if course.exit == "bottom" or course.entry != "top" else [(end[0], start[1])]
        return _without_repeats([start, *corner, end])
    lane_x = lanes.lane_x(course.channel, course.edge.target)
    if course.entry == "top":
        above_y = end[1] - (ROW_HEIGHT - BOX_HEIGHT) / 2
        return _without_repeats([start, (lane_x, start[1]), (lane_x, above_y), (end[0], above_y), end])
    return _without_repeats([start, (lane_x, start[1]), (lane_x, end[1]), end])


def _on_side(box: Box, side: Side, offset: int) -> Point:
    match side:
        case "left" | "right":
            return box.x + (BOX_WIDTH if side == "right" else 0), box.y + BOX_HEIGHT / 2 + offset
        case "top" | "bottom":
            return box.x + BOX_WIDTH / 2 + offset, box.y + (BOX_HEIGHT if side == "bottom" else 0)


def _without_repeats(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple(dict.fromkeys(points))


def _label(course: Course, points: tuple[Point, ...]) -> Label:
    """Beside a plumb line, at half its height; above a level one, where it leaves its box."""
    text, is_error = course.edge.label, course.edge.is_error
    (x, y), (_, next_y) = points[0], points[1]
    match course.exit:
        case "left":
            return Label(text, x - GAP, y - LABEL_LIFT, is_error, is_right_aligned=True)
        case "right":
            return Label(text, x + GAP, y - LABEL_LIFT, is_error)
        case _:
            return Label(text, x + GAP, (y + next_y + LABEL_HEIGHT) / 2 - 2, is_error)
