"""The committed JSON Schemas of the events."""

from typing import Any

import jsonschema
import pytest

from tools.export_event_schema import completion_event_schema, main

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


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert main(["--check"]) == 0


def test_an_event_in_the_spelling_of_the_wire_fits_the_schema_that_it_names() -> None:
    schema = completion_event_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == EVENT["dataschema"]
    jsonschema.Draft202012Validator(schema).validate(EVENT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "io.farsync.execution.exploded"},
        {"extra": 1},
        {"data": {**EVENT["data"], "job_name": "daily"}},
        {"data": {}},
    ],
)
def test_another_shape_does_not_fit(wrong: dict[str, Any]) -> None:
    assert not jsonschema.Draft202012Validator(completion_event_schema()).is_valid({**EVENT, **wrong})
