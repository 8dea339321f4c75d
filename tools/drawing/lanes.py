"""How wide the channels are and in which lane of its channel a line runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.drawing.courses import SIDES, Channel, Course
from tools.drawing.picture import BOX_WIDTH, label_width, row_y
from tools.drawing.placement import LEFT, MIDDLE, RIGHT, Cell
from tools.drawing.ports import Ports

LANE_WIDTH = 14
GAP = 8
MIN_CHANNEL_WIDTH = 60

Lane = tuple[Channel, str]
"""A channel, and the state to which the lines in this lane lead: they share it."""


@dataclass(frozen=True)
class Lanes:
    """Positions across the picture; 0 is the left side of the middle column."""

    numbers: Mapping[Lane, int]
    label_space: Mapping[Channel, float]

    def column_x(self, column: int) -> float:
        if column == MIDDLE:
            return 0.0
        return column * (BOX_WIDTH + self._inner_width(column))

    def lane_x(self, channel: Channel, target: str) -> float:
        first_column = channel.column if channel.is_outer else MIDDLE
        offset = self.label_space[channel] + self.numbers[channel, target] * LANE_WIDTH
        edge_x = self.column_x(first_column)
        return edge_x - offset if channel.column == LEFT else edge_x + BOX_WIDTH + offset

    def _inner_width(self, column: int) -> float:
        channel = Channel(column, is_outer=False)
        used = [number + 1 for (other, _), number in self.numbers.items() if other == channel]
        width = self.label_space[channel] + max(used, default=0) * LANE_WIDTH + GAP
        return max(width, MIN_CHANNEL_WIDTH)


def assign_lanes(courses: Sequence[Course], cells: Mapping[str, Cell], ports: Ports) -> Lanes:
    """Lines that meet on their way get lanes of their own; the shortest way gets the nearest lane."""
    spans: dict[Lane, tuple[float, float]] = {}
    for course in courses:
        if course.channel is None:
            continue
        lane = (course.channel, course.edge.target)
        start_y = row_y(cells[course.edge.source].row) + ports.exits[course]
        end_y = row_y(cells[course.edge.target].row) + ports.entries[course]
        low, high = spans.get(lane, (start_y, start_y))
        spans[lane] = (min(low, start_y, end_y), max(high, start_y, end_y))
    numbers: dict[Lane, int] = {}
    for lane, span in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        meeting = {
            number
            for other, number in numbers.items()
            if other[0] == lane[0] and spans[other][0] <= span[1] and span[0] <= spans[other][1]
        }
        numbers[lane] = next(number for number in range(len(spans)) if number not in meeting)
    channels = [Channel(column, is_outer) for column in (LEFT, RIGHT) for is_outer in (False, True)]
    return Lanes(numbers, {channel: _label_space(channel, courses, cells) for channel in channels})


def _label_space(channel: Channel, courses: Sequence[Course], cells: Mapping[str, Cell]) -> float:
    """Room for the longest label of a line that leaves its box into the channel."""
    first_column = channel.column if channel.is_outer else MIDDLE
    widths = [
        label_width(course.edge.label) + GAP
        for course in courses
        if course.exit == SIDES[channel.column]
        and cells[course.edge.source].column == first_column
        and course.edge.label
    ]
    return max(widths, default=GAP) + GAP
