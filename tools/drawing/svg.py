"""A picture as SVG: text and colours, for light and for dark surroundings."""

from collections.abc import Iterator
from itertools import pairwise
from math import copysign
from xml.sax.saxutils import escape

from tools.drawing.captions import badge, caption
from tools.drawing.picture import BOX_HEIGHT, BOX_WIDTH, Box, Label, Line, Picture, Point
from tools.states_language import StateMachine

MARGIN = 28
START_LENGTH = 24
"""The line that comes from the start."""
CORNER_RADIUS = 8
HEAD_LENGTH, HEAD_WIDTH = 8, 7

STYLE = """
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
  .name { font-size: 13px; font-weight: 600; fill: #1f2328 }
  .caption, .badge { font-size: 11px; fill: #59636e }
  .label { font-size: 11px; fill: #59636e; stroke: #ffffff; stroke-width: 4; paint-order: stroke }
  .label.error { fill: #b3261e }
  .card { fill: #ffffff; stroke: #d1d9e0 }
  .line { fill: none; stroke: #59636e; stroke-width: 1.5 }
  .line.error { stroke: #cf222e }
  .head { fill: #59636e }
  .head.error { fill: #cf222e }
  .box { stroke-width: 1.5 }
  .Task { fill: #ddf4ff; stroke: #54aeff }
  .Choice { fill: #fff8c5; stroke: #d4a72c }
  .Wait { fill: #fbefff; stroke: #c297ff }
  .Pass, .Map, .Parallel { fill: #f6f8fa; stroke: #afb8c1 }
  .Succeed { fill: #dafbe1; stroke: #4ac26b }
  .Fail { fill: #ffebe9; stroke: #ff8182 }
  @media (prefers-color-scheme: dark) {
    .name { fill: #f0f6fc }
    .caption, .badge, .label { fill: #9da7b1 }
    .label { stroke: #0d1117 }
    .label.error { fill: #ff8f87 }
    .card { fill: #0d1117; stroke: #3d444d }
    .line { stroke: #9198a1 }
    .line.error { stroke: #f85149 }
    .head { fill: #9198a1 }
    .head.error { fill: #f85149 }
    .Task { fill: #0c2d52; stroke: #388bfd }
    .Choice { fill: #38290a; stroke: #bb8009 }
    .Wait { fill: #2b1a4a; stroke: #8957e5 }
    .Pass, .Map, .Parallel { fill: #1c2129; stroke: #656c76 }
    .Succeed { fill: #0f2d18; stroke: #2ea043 }
    .Fail { fill: #3d1413; stroke: #da3633 }
  }
"""


def draw(machine: StateMachine, picture: Picture) -> str:
    """The SVG document, the same for the same machine."""
    left, top, right, bottom = picture.bounds
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN + START_LENGTH
    shift = f"translate({MARGIN - left:g} {MARGIN - top + START_LENGTH:g})"
    # Errors first: where a line that is none shares a lane, the way of the healthy run shows.
    lines = sorted(picture.lines, key=lambda line: not line.edge.is_error)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" role="img" aria-labelledby="title description">',
        f'<title id="title">State machine {escape(machine.name)}</title>',
        f'<desc id="description">{escape(str(machine.definition.get("Comment", "")))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="12"/>',
        f'<g transform="{shift}">',
        *_start(next(box for box in picture.boxes if box.name == machine.scope.start_at)),
        *(part for line in lines for part in _line(line)),
        *(part for box in picture.boxes for part in _box(box, machine)),
        *(_label(label) for label in picture.labels),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _start(box: Box) -> Iterator[str]:
    x = box.x + BOX_WIDTH / 2
    yield f'<circle class="head" cx="{x:g}" cy="{box.y - START_LENGTH:g}" r="5"/>'
    yield f'<path class="line" d="M{x:g} {box.y - START_LENGTH:g}V{box.y - HEAD_LENGTH:g}"/>'
    yield _head((x, box.y - START_LENGTH), (x, box.y), "head")


def _box(box: Box, machine: StateMachine) -> Iterator[str]:
    state = machine.scope.states[box.name]
    yield (
        f'<rect class="box {state["Type"]}" x="{box.x:g}" y="{box.y:g}"'
        f' width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="9"/>'
    )
    yield f'<text class="name" x="{box.x + 12:g}" y="{box.y + 22:g}">{escape(box.name)}</text>'
    yield f'<text class="caption" x="{box.x + 12:g}" y="{box.y + 39:g}">{escape(caption(state))}</text>'
    if text := badge(state):
        x = box.x + BOX_WIDTH - 12
        yield f'<text class="badge" x="{x:g}" y="{box.y + 21:g}" text-anchor="end">{text}</text>'


def _line(line: Line) -> Iterator[str]:
    kind = " error" if line.edge.is_error else ""
    *_, before_last, last = line.points
    shortened = (*line.points[:-1], _towards(last, before_last, HEAD_LENGTH - 1))
    yield f'<path class="line{kind}" d="{_path(shortened)}"/>'
    yield _head(before_last, last, f"head{kind}")


def _path(points: tuple[Point, ...]) -> str:
    """Level and plumb pieces with rounded corners."""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        entry = _towards(corner, before, CORNER_RADIUS)
        leave = _towards(corner, after, CORNER_RADIUS)
        path += f"L{entry[0]:g} {entry[1]:g}Q{corner[0]:g} {corner[1]:g} {leave[0]:g} {leave[1]:g}"
    return path + f"L{points[-1][0]:g} {points[-1][1]:g}"


def _towards(point: Point, other: Point, distance: float) -> Point:
    """The point moved along its level or plumb line, at most half the way."""
    (x, y), (other_x, other_y) = point, other
    if x == other_x:
        return x, y + copysign(min(distance, abs(other_y - y) / 2), other_y - y)
    return x + copysign(min(distance, abs(other_x - x) / 2), other_x - x), y


def _head(before: Point, tip: Point, css_class: str) -> str:
    x, y = tip
    if before[0] == x:
        base = y - copysign(HEAD_LENGTH, y - before[1])
        corners = f"{x:g},{y:g} {x - HEAD_WIDTH / 2:g},{base:g} {x + HEAD_WIDTH / 2:g},{base:g}"
    else:
        base = x - copysign(HEAD_LENGTH, x - before[0])
        corners = f"{x:g},{y:g} {base:g},{y - HEAD_WIDTH / 2:g} {base:g},{y + HEAD_WIDTH / 2:g}"
    return f'<polygon class="{css_class}" points="{corners}"/>'


def _label(label: Label) -> str:
    kind = " error" if label.is_error else ""
    anchor = ' text-anchor="end"' if label.is_right_aligned else ""
    return f'<text class="label{kind}" x="{label.x:g}" y="{label.y:g}"{anchor}>{escape(label.text)}</text>'
