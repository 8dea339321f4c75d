"""Answers as models."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from farsync_client.errors import AnswerUnreadable

Answer = TypeVar("Answer", bound=BaseModel)


def parsed(model: type[Answer], content: object) -> Answer:
    """Raises AnswerUnreadable."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise AnswerUnreadable(
            f"The API's answer does not fit this version ({where}: {first['msg']}).",
            remedy="Bring the command and the stack to the same version.",
        ) from error
