"""The committed JSON Schema of the completion event."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tools.export_event_schema import (
    BACKFILL_SCHEMA_FILE,
    SCHEMA_FILE,
    backfill_event_schema,
    completion_event_schema,
    main,
)

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e1",
    "source": "urn:farsync:default:j1",
    "type": "io.farsync.execution.succeeded",
    "subject": "x1",
    "time": "2026-01-01T00:00:00Z",
    "datacontenttype": "application/json",
    "dataschema": "urn:farsync:schema:completion-event:1",
    "data": {"job": "j1", "jobName": "daily", "status": "SUCCEEDED", "detectedAt": "2026-01-01T00:00:05Z"},
}


@pytest.fixture
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(completion_event_schema())


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert json.loads(SCHEMA_FILE.read_text()) == completion_event_schema()
    assert json.loads(BACKFILL_SCHEMA_FILE.read_text()) == backfill_event_schema()


def test_the_schema_is_a_valid_one_of_draft_2020_12_under_the_name_that_events_carry() -> None:
    schema = completion_event_schema()

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == EVENT["dataschema"]


def test_an_event_in_the_spelling_of_the_wire_fits(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(EVENT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "io.farsync.execution.exploded"},
        {"extra": 1},
        {"data": {**EVENT["data"], "job_name": "daily"}},
        {"data": {}},
    ],
)
def test_another_shape_does_not_fit(validator: jsonschema.Draft202012Validator, wrong: dict[str, Any]) -> None:
    assert not validator.is_valid({**EVENT, **wrong})


def test_check_fails_and_names_the_remedy_when_the_file_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "completion-event.schema.json"
    file.write_text("{}\n")

    assert main(["--check"], file) == 1

    assert "make docs" in capsys.readouterr().out
    assert file.read_text() == "{}\n"


def test_check_passes_on_what_was_just_written(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "completion-event.schema.json"

    other = tmp_path / "docs" / "backfill-event.schema.json"

    assert main(["--check"], file, other) == 1
    assert main([], file, other) == 0
    assert main(["--check"], file, other) == 0
    other.write_text("{}\n")
    assert main(["--check"], file, other) == 1
