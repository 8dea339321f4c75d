"""Whether two inputs of executions ask for the same, as JSON: the order of members and 60 beside 60.0 say nothing."""

import json
from collections.abc import Mapping

from farsync.model.shown import shown

MOST_NAMED = 5
LONGEST_NAME = 40
"""Whoever names an execution by hand may give it any input."""


def differing_fields(given: Mapping[str, object], known: Mapping[str, object]) -> tuple[str, ...]:
    """The members that one of them lacks, or has with another value; sorted, the first few, long names cut."""
    names = sorted(given.keys() | known.keys())
    differing = [name for name in names if _canonical(given, name) != _canonical(known, name)]
    return tuple(shown(name, LONGEST_NAME) for name in differing[:MOST_NAMED])


def _canonical(members: Mapping[str, object], name: str) -> str | None:
    if name not in members:
        return None
    text = json.dumps(members[name])
    return json.dumps(json.loads(text, parse_float=_number), sort_keys=True)


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number
