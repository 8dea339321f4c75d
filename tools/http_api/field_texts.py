"""What the docstring under a field says, for schemas.

pydantic could read them itself (`use_attribute_docstrings`), but would do so at each cold start of a function.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import BaseModel


def field_texts(model: type[BaseModel]) -> Mapping[str, str]:
    """By the field's name on the wire; fields of base classes among them."""
    texts = dict(_texts(model))
    return {str(field.alias or name): texts[name] for name, field in model.model_fields.items() if name in texts}


def _texts(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for owner in reversed(model.__mro__[:-1]):
        if owner is BaseModel or not issubclass(owner, BaseModel):
            continue
        definition = cast("ast.ClassDef", ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0])
        for field, text in zip(definition.body, definition.body[1:], strict=False):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text_below))):
                    yield name, " ".join(text_below.split())
