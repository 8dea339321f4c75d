"""The picture of run_job: everything in it, nothing over anything else."""

from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from tools.draw_state_machine import MACHINE_FILE, main
from tools.drawing.picture import BOX_HEIGHT, BOX_WIDTH, LABEL_HEIGHT, Picture, label_width
from tools.drawing.placement import MIDDLE, happy_path, place
from tools.drawing.routing import compose
from tools.drawing.svg import draw
from tools.states_language import StateMachine, read_state_machine, transitions

TEXT = "{http://www.w3.org/2000/svg}text"


class Area(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Area") -> bool:
        is_apart_across = self.right <= other.left or other.right <= self.left
        return not is_apart_across and self.top < other.bottom and other.top < self.bottom


@pytest.fixture(scope="module")
def machine() -> StateMachine:
    return read_state_machine(MACHINE_FILE)


@pytest.fixture(scope="module")
def picture(machine: StateMachine) -> Picture:
    return compose(machine.scope)


def box_areas(picture: Picture) -> dict[str, Area]:
    return {box.name: Area(box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in picture.boxes}


def label_areas(picture: Picture) -> list[Area]:
    return [
        Area(label.left, label.y - LABEL_HEIGHT, label.left + label_width(label.text), label.y)
        for label in picture.labels
    ]


def line_areas(picture: Picture) -> list[Area]:
    pieces = [piece for line in picture.lines for piece in pairwise(line.points)]
    assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pieces)
    return [
        Area(min(x1, x2) - 0.5, min(y1, y2) - 0.5, max(x1, x2) + 0.5, max(y1, y2) + 0.5)
        for (x1, y1), (x2, y2) in pieces
    ]


def test_every_state_stands_in_the_picture_with_its_type(machine: StateMachine, picture: Picture) -> None:
    texts = [element.text or "" for element in ElementTree.fromstring(draw(machine, picture)).iter(TEXT)]  # noqa: S314

    for name, state in machine.scope.states.items():
        assert name in texts
        assert any(text.startswith(state["Type"]) for text in texts)


def test_every_transition_is_a_line(machine: StateMachine, picture: Picture) -> None:
    drawn = {(line.edge.source, line.edge.target) for line in picture.lines}

    assert drawn == {(step.source, step.target) for step in transitions(machine.scope)}


def test_the_happy_path_runs_straight_down_the_middle(machine: StateMachine) -> None:
    cells = place(machine.scope)
    path = happy_path(machine.scope)

    assert path == ["Prepare", "Start", "Wait", "Poll", "HasItEnded", "Emit", "Outcome", "Succeeded"]
    assert [(cells[name].column, cells[name].row) for name in path] == [(MIDDLE, row) for row in range(len(path))]


def test_the_loop_returns_from_the_choice_up_to_the_wait(picture: Picture) -> None:
    loop = next(line for line in picture.lines if (line.edge.source, line.edge.target) == ("HasItEnded", "Wait"))

    (_, start_y), *_, (_, end_y) = loop.points
    assert end_y < start_y
    assert len({x for x, _ in loop.points}) > 1


def test_a_wait_for_another_try_stands_beside_its_state_with_the_way_back_below_the_way_out(picture: Picture) -> None:
    points = {(line.edge.source, line.edge.target): line.points for line in picture.lines}

    (_, arrives_y), (_, leaves_y) = points["Start", "StartLater"][-1], points["StartLater", "Start"][0]
    assert arrives_y < leaves_y


def test_lines_reached_only_by_a_catch_are_told_apart(picture: Picture) -> None:
    is_error = {(line.edge.source, line.edge.target): line.edge.is_error for line in picture.lines}

    assert is_error["Prepare", "ComposeRunFailed"]
    assert not is_error["Poll", "HasItEnded"]
    assert not is_error["Prepare", "Start"]


def test_no_line_runs_through_a_box(picture: Picture) -> None:
    for name, area in box_areas(picture).items():
        inside = Area(area.left + 1, area.top + 1, area.right - 1, area.bottom - 1)
        assert not any(piece.meets(inside) for piece in line_areas(picture)), name


def test_labels_stand_above_all_lines_on_a_ground_of_their_own(machine: StateMachine, picture: Picture) -> None:
    drawn = draw(machine, picture)

    assert drawn.rindex('class="line') < drawn.index('class="label')
    assert "paint-order: stroke" in drawn


def test_no_label_covers_a_box_or_another_label(picture: Picture) -> None:
    labels = label_areas(picture)

    assert labels
    assert not any(label.meets(box) for label in labels for box in box_areas(picture).values())
    assert not any(one.meets(other) for one, other in combinations(labels, 2))


def test_a_choice_rules_comment_is_the_label_of_its_line(tmp_path: Path) -> None:
    file = tmp_path / "m.asl.yaml"
    file.write_text(
        "StartAt: Ask\nStates:\n"
        "  Ask: {Type: Choice, Choices: [{Condition: x, Comment: is <done>, Next: Good}], Default: Bad}\n"
        "  Good: {Type: Succeed}\n  Bad: {Type: Fail}\n"
    )
    asked = read_state_machine(file)

    drawn = draw(asked, compose(asked.scope))

    assert "is &lt;done&gt;" in drawn
    assert "otherwise" in drawn


def test_the_picture_has_colours_for_dark_surroundings(machine: StateMachine, picture: Picture) -> None:
    assert "@media (prefers-color-scheme: dark)" in draw(machine, picture)


def test_the_committed_picture_is_that_of_the_machine() -> None:
    assert main(["--check"]) == 0


def test_check_fails_and_names_the_remedy_when_the_picture_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run_job.svg"
    file.write_text("<svg/>")

    assert main(["--check"], picture_file=file) == 1

    assert "make docs" in capsys.readouterr().out
    assert file.read_text() == "<svg/>"
