"""Turns a payload into a model, or into an InvalidRequest that names the field and the remedy."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from farsync.model.errors import InvalidRequest
from farsync.model.json_text import Flaw, Step, flaws_in
from farsync.model.shown import shown

Model = TypeVar("Model", bound=BaseModel)
MOST_FLAWS = 5
FOUND_BEFORE = frozenset({"string_unicode", "invalid_key"})
"""What pydantic says of flaws that are found without it."""
LONGEST_FIELD = 500


def validated(model: type[Model], payload: object) -> Model:
    """The payload as a model. Raises InvalidRequest, which lists the first flaws as `field: remedy`, and never a
    value: it may be a secret in the wrong place.
    """
    checked = check(model, payload)
    if isinstance(checked, BaseModel):
        return checked
    raise rejection(checked)


def check(model: type[Model], payload: object) -> Model | tuple[Flaw, ...]:
    """The payload as a model, or all that is wrong with it."""
    # Pydantic takes half of a surrogate pair in some texts, and writes three characters for it in a name.
    flaws = tuple(flaws_in(payload))
    try:
        # The state machine reads the names of the wire only: what it would overlook must not be taken here.
        read = model.model_validate(payload, by_alias=True, by_name=False)
    except ValidationError as invalid:
        violations = invalid.errors(include_url=False, include_context=False, include_input=False)
        found = [Flaw(_steps(each), _remedy(each, model)) for each in violations if each["type"] not in FOUND_BEFORE]
        known = {flaw.steps for flaw in flaws}
        return (*flaws, *(flaw for flaw in found if flaw.steps not in known))
    return flaws or read


def rejection(flaws: Sequence[Flaw]) -> InvalidRequest:
    """Lists the first of them."""
    text = "; ".join(f"{field_of(flaw)}: {flaw.remedy}" for flaw in flaws[:MOST_FLAWS])
    return InvalidRequest(text, field=field_of(flaws[0]))


def field_of(flaw: Flaw) -> str:
    """Dotted, in the sender's own names."""
    return ".".join(shown(str(step)) for step in flaw.steps)[:LONGEST_FIELD] or "$"


def _steps(violation: ErrorDetails) -> tuple[Step, ...]:
    """Without a union's tag, which stands in parentheses, and pydantic's word for a name: the sender wrote neither."""
    return tuple(step for step in violation["loc"] if not str(step).startswith("(") and step != "[key]")


def _remedy(violation: ErrorDetails, model: type[BaseModel]) -> str:
    steps = _steps(violation)
    match violation["type"]:
        case "missing":
            return "is required; add it"
        case "extra_forbidden":
            known = sorted(_fields_at(model, steps[:-1]))
            near = get_close_matches(shown(str(steps[-1])), known, 1)
            instead = f", or write {near[0]}" if near else ""
            return f"is not a known field; remove it{instead} (known: {', '.join(known)})"
    remedy = re.sub(r"^(Input|String|Dictionary|List|Keys) should", "must", violation["msg"])
    remedy = re.sub(r" or instance of \w+$", "", remedy)
    return remedy.replace("valid dictionary", "JSON object").replace("valid tuple", "list")


def _fields_at(model: type[BaseModel], steps: Sequence[Step]) -> Iterator[str]:
    """The names that the object there may have, of whichever kind it is."""
    models: list[type[BaseModel]] = [model]
    for step in steps:
        fields = [field for each in models for field in each.model_fields.values() if field.alias == step]
        # An index, or a name that the sender chose, leads to no other models.
        models = [found for field in fields for found in _models_in(field.annotation)] or models
    yield from {field.alias or name for each in models for name, field in each.model_fields.items()}


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
