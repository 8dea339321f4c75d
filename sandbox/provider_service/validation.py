"""The first thing that pydantic finds wrong, for rejections that name one field."""

from pydantic import ValidationError


def first_fault(error: ValidationError) -> tuple[str, str]:
    """Where it is (empty for the whole) and what is wrong; list positions in brackets, as in `nodes[0].id`."""
    first = error.errors()[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    return where.removeprefix("."), first["msg"]
