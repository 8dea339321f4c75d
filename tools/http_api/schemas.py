"""JSON Schemas of the HTTP API's models: as strict as the models where we read, open to additions where we write."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from tools.http_api.field_texts import field_texts

REFERENCE = "#/components/schemas/{model}"


class WithFieldTexts(GenerateJsonSchema):
    """Fields are described by the docstrings under them. What is computed is always there."""

    def field_is_present(self, field: Any) -> bool:
        """What is never written stands in no schema."""
        return not field.get("serialization_exclude")

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        for name, text in field_texts(schema["cls"]).items():
            if name in made["properties"]:
                made["properties"][name]["description"] = text
        for computed in schema["schema"].get("computed_fields", ()):
            made["properties"][computed["alias"]] = self.generate_inner(computed["return_schema"])
            made.setdefault("required", []).append(computed["alias"])
        return made


def schemas_of_answers(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """By the models' names. An answer leaves out what has no value, so nothing in it is ever null."""
    wanted = [(model, "validation") for model in models]
    _, document = models_json_schema(
        wanted,  # type: ignore[arg-type]
        by_alias=True,
        ref_template=REFERENCE,
        schema_generator=WithFieldTexts,
    )
    return {name: _plain(schema, is_answer=True) for name, schema in sorted(document["$defs"].items())}


def schema_of_request(model: type[BaseModel]) -> dict[str, Any]:
    """The model's schema, and under `$defs` what it refers to among the components."""
    schema: dict[str, Any] = _plain(
        model.model_json_schema(ref_template=REFERENCE, schema_generator=WithFieldTexts), is_answer=False
    )
    return schema


def _plain(schema: Any, *, is_answer: bool) -> Any:
    """Without titles, which only repeat names, and without null where a field may as well be left out."""
    if isinstance(schema, list):
        return [_plain(part, is_answer=is_answer) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {
        name: value
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
        and not (name == "default" and value is None)
        and not (name == "additionalProperties" and value is False and is_answer)
    }
    plain = {
        name: {field: _plain(part, is_answer=is_answer) for field, part in value.items()}
        if name in ("properties", "$defs")
        else _plain(value, is_answer=is_answer)
        for name, value in kept.items()
    }
    return _without_null(plain) if is_answer else plain


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **{name: value for name, value in schema.items() if name != "anyOf"}}
    return schema
