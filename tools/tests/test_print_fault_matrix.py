"""The fault matrix, as it is read and as docs/guarantees.md shows it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tools.fault_matrix import MATRIX_FILE, FaultMatrix, read_fault_matrix
from tools.print_fault_matrix import BEGIN, END, GUARANTEES, main, printed

SMALL: dict[str, Any] = {
    "ends": {
        "succeeds": {"status": "SUCCEEDED", "executions": 1, "events": ["execution.succeeded"]},
        "JobNotFound": {"status": "FAILED", "error": "JobNotFound", "executions": 0, "events": []},
    },
    "operations": {"start": {"title": "start", "about": "the start is posted", "times": 1}},
    "faults": {"not found": {"fault": "not_found"}, "slow": {"fault": "slow"}, "late": {"fault": "late_visibility"}},
    "cells": {
        "start": {
            "not found": "JobNotFound",
            "slow": ["succeeds", {"when": "for ever", "cloud": "huawei", "end": "succeeds"}],
            "late": {"because": "nothing is late"},
        }
    },
}


def changed(**cells: object) -> dict[str, Any]:
    return {**SMALL, "cells": {"start": {**SMALL["cells"]["start"], **cells}}}


def test_the_table_has_a_cell_for_each_fault_and_operation_that_the_project_promises() -> None:
    matrix = read_fault_matrix()
    at_the_provider = ["prepare", "list", "start", "poll", "cancel"]
    within_aws = ["secret fetch", "follow", "heartbeat", "hide", "emit", "settle", "close", "queue send"]
    assert list(matrix.operations) == at_the_provider + within_aws
    assert len(matrix.faults) == 18


def test_every_end_is_the_end_of_some_way() -> None:
    matrix = read_fault_matrix()
    assert {way.end for _, _, way in matrix.ways()} == matrix.ends.keys()


def test_a_way_holds_for_every_cloud_unless_it_names_one() -> None:
    matrix = FaultMatrix.model_validate(SMALL)
    assert len(list(matrix.ways("naver"))) == 2
    assert len(list(matrix.ways("huawei"))) == len(list(matrix.ways())) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {**SMALL, "cells": {}},
        {**SMALL, "cells": {"start": {"slow": "succeeds"}}},
        changed(slow="explodes"),
        changed(slow={"end": "succeeds", "tiems": 2}),
        changed(unheard="succeeds"),
    ],
)
def test_a_table_with_a_cell_too_few_or_too_many_or_an_unknown_word_is_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FaultMatrix.model_validate(wrong)


def test_a_cell_shows_its_ways_and_a_number_where_there_is_none() -> None:
    text = printed(FaultMatrix.model_validate(SMALL))
    assert "| not found | `JobNotFound` |\n" in text
    assert "| slow | succeeds; Huawei, for ever: succeeds |\n" in text
    assert "| late | (1) |\n" in text
    assert text.endswith("1. Nothing is late.\n")


def test_an_end_says_what_the_run_its_executions_and_its_events_come_to() -> None:
    text = printed(FaultMatrix.model_validate(SMALL))
    assert "| succeeds | succeeds | 1 | `execution.succeeded` |\n" in text
    assert "| `JobNotFound` | fails with `JobNotFound` | 0 | none |\n" in text


def test_the_committed_document_shows_the_table() -> None:
    assert printed(read_fault_matrix()) in GUARANTEES.read_text()
    assert yaml.safe_load(MATRIX_FILE.read_text())


def test_check_fails_where_the_document_differs_and_passes_once_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "guarantees.md"
    document.write_text(f"# Before\n{BEGIN}old\n{END}After\n")

    assert main(["--check"], document) == 1
    assert "make docs" in capsys.readouterr().out
    assert main([], document) == 0
    assert main(["--check"], document) == 0
    assert document.read_text().startswith(f"# Before\n{BEGIN}")
    assert document.read_text().endswith(f"{END}After\n")


def test_a_document_without_a_place_for_the_table_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "guarantees.md"
    document.write_text("# Nothing here\n")

    assert main([], document) == 1
    assert document.read_text() == "# Nothing here\n"
