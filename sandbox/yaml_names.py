"""The names in a YAML document: on which line each stands, and which stand twice in one mapping.

Names are unique: https://yaml.org/spec/1.2.2/#3213-node-comparison. PyYAML takes the last value and says nothing.
"""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

import yaml

MOST_VALUES = 100_000
"""With those for which an alias stands: a few lines of aliases of aliases stand for more than any memory holds."""
MOST_LEVELS = 50
"""An alias may stand for what it is in."""

Steps = tuple[str, ...]
"""The way to a value: names, and indices from 0."""


class Twice(NamedTuple):
    """A name that stands there again."""

    steps: Steps
    line: int
    first_line: int


class Names(NamedTuple):
    """Lines are counted from 1; of a name that stands twice, there are the last one's."""

    lines: Mapping[Steps, int]
    twice: tuple[Twice, ...]


def names_in(root: yaml.Node | None) -> Names:
    """Raises YAMLError where aliases make the document larger than it may be."""
    lines: dict[Steps, int] = {}
    twice: list[Twice] = []
    left = deque[tuple[Steps, yaml.Node]]([((), root)] if root else [])
    while left:
        steps, node = left.popleft()
        if len(lines) > MOST_VALUES or len(steps) > MOST_LEVELS:
            raise yaml.YAMLError(f"more than {MOST_VALUES} values, or more than {MOST_LEVELS} inside each other")
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                lines[*steps, str(index)] = _line(item)
                left.append(((*steps, str(index)), item))
        elif isinstance(node, yaml.MappingNode):
            first_lines: dict[str, int] = {}
            for key, value in node.value:
                name, line = str(key.value), _line(key)
                if name in first_lines:
                    twice.append(Twice((*steps, name), line, first_lines[name]))
                first_lines.setdefault(name, line)
                lines[*steps, name] = line
                left.append(((*steps, name), value))
    return Names(lines, tuple(sorted(twice, key=lambda again: again.line)))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
