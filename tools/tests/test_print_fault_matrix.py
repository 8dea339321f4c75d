"""The fault matrix, as it is read and as docs/dev/fault-matrix.md shows it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tools.fault_matrix import FaultMatrix, read_fault_matrix
from tools.print_fault_matrix import BEGIN, END, main, printed

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


def test_the_table_has_a_cell_for_each_fault_and_operation_that_the_project_promises() -> None:
    matrix = read_fault_matrix()
    at_the_provider = ["prepare", "list", "start", "poll", "cancel"]
    within_aws = ["secret fetch", "follow", "heartbeat", "hide", "emit", "complete", "close", "queue send"]
    assert list(matrix.operations) == at_the_provider + within_aws
    assert len(matrix.faults) == 18
    assert {way.end for _, _, way in matrix.ways()} == matrix.ends.keys()


@pytest.mark.parametrize(
    "row",
    [
        {"slow": "succeeds"},
        {**SMALL["cells"]["start"], "slow": "explodes"},
        {**SMALL["cells"]["start"], "slow": {"end": "succeeds", "tiems": 2}},
        {**SMALL["cells"]["start"], "unheard": "succeeds"},
    ],
    ids=["a cell too few", "an unknown end", "an unknown word", "a cell too many"],
)
def test_a_table_that_is_not_whole_is_rejected(row: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FaultMatrix.model_validate({**SMALL, "cells": {"start": row}})


def test_cells_show_their_ways_and_ends_what_the_run_comes_to() -> None:
    text = printed(FaultMatrix.model_validate(SMALL))
    for row in (
        "| not found | `JobNotFound` |\n",
        "| slow | ✓; Huawei, for ever: ✓ |\n",
        "| late | (1) |\n",
        "| ✓ | ✓ | 1 | `execution.succeeded` |\n",
        "| `JobNotFound` | fails with `JobNotFound` | 0 | none |\n",
    ):
        assert row in text
    assert text.endswith("1. Nothing is late.\n")


def test_check_fails_where_the_document_differs_and_passes_once_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "fault-matrix.md"
    document.write_text(f"# Before\n{BEGIN}old\n{END}After\n")

    assert main(["--check"], document) == 1
    assert "make docs" in capsys.readouterr().out
    assert main([], document) == 0
    assert main(["--check"], document) == 0
    assert document.read_text().startswith(f"# Before\n{BEGIN}")
    assert document.read_text().endswith(f"{END}After\n")
