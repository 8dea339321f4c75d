"""The tables of docs/schedules.md say what the models say."""

import json
from pathlib import Path
from typing import Any

import pytest

from farsync.model.execution import WireModel
from farsync.model.time_text import TimeText
from tests.support.markdown import ROOT, code_blocks, quoted, rows
from tools.schedules.entry import ScheduleEntry
from tools.schedules.platform_rules import PARAMETERS
from tools.schedules.reading import read_schedules

SCHEDULES = ROOT / "docs" / "schedules.md"


@pytest.mark.parametrize("document", ["README.md", "docs/schedules.md", "docs/backfill.md"])
def test_the_schedules_that_are_shown_become_a_stack(tmp_path: Path, document: str) -> None:
    (shown,) = [b.text for b in code_blocks(ROOT / document, "yaml") if b.text.startswith("schedules:")]
    (tmp_path / "schedules.yaml").write_text(shown)
    assert read_schedules(tmp_path / "schedules.yaml")


@pytest.mark.parametrize(("heading", "model"), [("The file", ScheduleEntry), ("The time as a parameter", TimeText)])
def test_every_field_is_reported_with_its_default(heading: str, model: type[WireModel]) -> None:
    told = {name: default for cell, default, _ in rows(SCHEDULES, heading) for name in quoted(cell)}
    assert told.keys() == {field.alias for field in model.model_fields.values()}
    for field in model.model_fields.values():
        if isinstance(field.default, bool | str | int):
            default = field.default if isinstance(field.default, str) else json.dumps(field.default)
            assert told[str(field.alias)] == default


def test_every_parameter_of_the_stack_is_reported_with_its_default() -> None:
    told = {name: default for name, default, _ in rows(SCHEDULES, "Schedules")}
    declared: Any = PARAMETERS
    assert told == {name: given["Default"] for name, given in declared.items()}
