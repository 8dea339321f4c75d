"""Where states stand: the happy path straight down the middle, loops on its right, all else on its left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.states_language import Scope, Transition, transitions

LEFT, MIDDLE, RIGHT = -1, 0, 1


@dataclass(frozen=True)
class Cell:
    column: int
    row: int


def place(scope: Scope) -> dict[str, Cell]:
    """A cell for every state; no two share one."""
    steps = transitions(scope)
    spine = happy_path(scope)
    cells = {name: Cell(MIDDLE, row) for row, name in enumerate(spine)}
    waiting = [name for name in scope.states if name not in cells]
    while waiting:
        # One whose predecessors all stand already; in a circle of such states, the first of the file.
        name = next((name for name in waiting if _is_ready(name, waiting, steps)), waiting[0])
        waiting.remove(name)
        cells[name] = _beside(name, steps, cells)
    return cells


def happy_path(scope: Scope) -> list[str]:
    """The shortest way from the start to an end that no Catch leads through; to a Succeed, if there is one."""
    steps = [step for step in transitions(scope) if step.kind != "catch"]
    paths = {scope.start_at: [scope.start_at]}
    frontier = [scope.start_at]
    while frontier:
        name = frontier.pop(0)
        for step in steps:
            if step.source == name and step.target not in paths:
                paths[step.target] = [*paths[name], step.target]
                frontier.append(step.target)
    ends = [name for name in paths if scope.states[name]["Type"] == "Succeed"]
    return paths[ends[0]] if ends else max(paths.values(), key=len)


def _is_ready(name: str, waiting: Sequence[str], steps: Sequence[Transition]) -> bool:
    return not any(step.target == name and step.source in waiting and step.source != name for step in steps)


def _beside(name: str, steps: Sequence[Transition], cells: Mapping[str, Cell]) -> Cell:
    column = RIGHT if _leads_back(name, steps, cells) else LEFT
    is_end = not any(step.source == name for step in steps)
    entries = [step for step in steps if step.target == name and step.source in cells]
    row = max((_highest_row(step, column, is_end, cells) for step in entries), default=0)
    taken = set(cells.values())
    while Cell(column, row) in taken:
        row += 1
    return Cell(column, row)


def _highest_row(step: Transition, column: int, is_end: bool, cells: Mapping[str, Cell]) -> int:
    source = cells[step.source]
    is_below = is_end or source.column == column or (step.kind == "catch" and column == LEFT)
    return source.row + is_below


def _leads_back(name: str, steps: Sequence[Transition], cells: Mapping[str, Cell]) -> bool:
    """Whether the way through this state leaves the happy path and returns to it above that place."""
    onward = [(step.source, step.target) for step in steps]
    backward = [(target, source) for source, target in onward]
    left_at = _rows_met(name, backward, cells)
    returns_at = _rows_met(name, onward, cells)
    return bool(left_at and returns_at) and min(returns_at) <= max(left_at)


def _rows_met(name: str, moves: Sequence[tuple[str, str]], cells: Mapping[str, Cell]) -> set[int]:
    """Rows of the happy path at which walks from here arrive first."""
    rows: set[int] = set()
    seen, frontier = {name}, [name]
    while frontier:
        current = frontier.pop()
        for following in {end for start, end in moves if start == current} - seen:
            seen.add(following)
            if following in cells and cells[following].column == MIDDLE:
                rows.add(cells[following].row)
            else:
                frontier.append(following)
    return rows
