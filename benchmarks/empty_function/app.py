"""Answers at once: what is left is the runtime's own time."""


def handler(_event: object, _context: object) -> dict[str, object]:
    return {}
