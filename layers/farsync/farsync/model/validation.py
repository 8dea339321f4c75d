"""Turns a payload into a model, or into an InvalidRequest that names the field and the remedy."""

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from farsync.model.errors import InvalidRequest
from farsync.model.shown import shown

Model = TypeVar("Model", bound=BaseModel)
MOST_VIOLATIONS = 5


def validated(model: type[Model], payload: object) -> Model:
    """The payload as a model. Raises InvalidRequest, which lists the first violations as `field: remedy`, and never a
    value: it may be a secret in the wrong place.
    """
    try:
        # The state machine reads the names of the wire only: what it would overlook must not be taken here.
        return model.model_validate(payload, by_alias=True, by_name=False)
    except ValidationError as invalid:
        violations = invalid.errors(include_url=False, include_context=False, include_input=False)
        text = "; ".join(
            f"{_path(violation)}: {_remedy(violation, model)}" for violation in violations[:MOST_VIOLATIONS]
        )
        raise InvalidRequest(text, field=_path(violations[0])) from None


def _path(violation: ErrorDetails) -> str:
    """Dotted, in the sender's own names; a step in parentheses is a union's tag, which the sender never wrote."""
    steps = (shown(step) for step in map(str, violation["loc"]) if not step.startswith("("))
    return ".".join(steps) or "$"


def _remedy(violation: ErrorDetails, model: type[BaseModel]) -> str:
    match violation["type"]:
        case "missing":
            return "is required; add it"
        case "extra_forbidden" if len(violation["loc"]) == 1:
            known = sorted(field.alias or name for name, field in model.model_fields.items())
            return f"is not a known field; remove it (known: {', '.join(known)})"
        case "extra_forbidden":
            return "is not a known field; remove it"
    remedy = re.sub(r"^(Input|String|Dictionary|List) should", "must", violation["msg"])
    return remedy.replace("valid dictionary", "JSON object")
