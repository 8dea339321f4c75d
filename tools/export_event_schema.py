"""Writes the JSON Schemas of the events: python -m tools.export_event_schema [--check]"""

import json
import sys
from collections.abc import Sequence

from farsync.events.backfill_event import BACKFILL_SCHEMA, BackfillEvent
from farsync.events.completion_event import DATA_SCHEMA, CompletionEvent
from farsync.model.execution import WireModel
from tools.generated_file import parse_check, write_or_check
from tools.states_language import ROOT

SCHEMA_FILE = ROOT / "docs" / "completion-event.schema.json"
BACKFILL_SCHEMA_FILE = ROOT / "docs" / "backfill-event.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def completion_event_schema() -> dict[str, object]:
    return _schema(CompletionEvent, DATA_SCHEMA)


def backfill_event_schema() -> dict[str, object]:
    return _schema(BackfillEvent, BACKFILL_SCHEMA)


def _schema(model: type[WireModel], name: str) -> dict[str, object]:
    """The schema as a consumer reads it: what it is first, definitions last."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    definitions = schema.pop("$defs")
    return {
        "$schema": DIALECT,
        "$id": name,
        "title": schema.pop("title"),
        "description": schema.pop("description"),
        "type": schema.pop("type"),
        "required": schema.pop("required"),
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def main(arguments: Sequence[str]) -> int:
    check = parse_check("tools.export_event_schema", __doc__, arguments)
    schemas = {SCHEMA_FILE: completion_event_schema(), BACKFILL_SCHEMA_FILE: backfill_event_schema()}
    return max(
        write_or_check(file, json.dumps(schema, indent=2, ensure_ascii=False) + "\n", check)
        for file, schema in schemas.items()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
