"""How a fix takes the place of a part of moto."""

from typing import Any


def replace(owner: Any, name: str, part: Any) -> Any:
    """Puts `part` at `owner.name` and gives what stood there. AttributeError: moto has no such part any more."""
    before = getattr(owner, name)
    setattr(owner, name, part)
    return before
