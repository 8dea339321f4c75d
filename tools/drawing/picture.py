"""A picture in pixels: boxes, lines with arrow heads, labels."""

from dataclasses import dataclass

from tools.drawing.edges import Edge

BOX_WIDTH = 212
BOX_HEIGHT = 50
ROW_HEIGHT = 92
CHARACTER_WIDTH = 5.9
"""Of a label, on average; fonts differ, and a little too much does not show."""
LABEL_HEIGHT = 11

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A state; `x` and `y` are its upper left corner."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """An edge as a polyline of level and plumb pieces; its head is at the last point."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Label:
    """Text of an edge; its base line begins (or ends, where `is_right_aligned`) at `x`, `y`."""

    text: str
    x: float
    y: float
    is_error: bool
    is_right_aligned: bool = False

    @property
    def left(self) -> float:
        return self.x - label_width(self.text) if self.is_right_aligned else self.x


@dataclass(frozen=True)
class Picture:
    """Everything in one system of coordinates, whose origin may lie inside the picture."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all that is in it."""
        points = [point for line in self.lines for point in line.points]
        xs = [x for x, _ in points] + [x for box in self.boxes for x in (box.x, box.x + BOX_WIDTH)]
        ys = [y for _, y in points] + [y for box in self.boxes for y in (box.y, box.y + BOX_HEIGHT)]
        xs += [x for label in self.labels for x in (label.left, label.left + label_width(label.text))]
        return min(xs), min(ys), max(xs), max(ys)


def row_y(row: int) -> float:
    return float(row * ROW_HEIGHT)


def label_width(text: str) -> float:
    return round(len(text) * CHARACTER_WIDTH, 1)
