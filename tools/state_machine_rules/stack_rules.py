"""Rules for the machines of farsync's own stack: they stay thin, and deploy in every partition of AWS."""

import re
from collections.abc import Iterator
from typing import Any

from tools.states_language import StateMachine

MOST_LINES, MOST_STATES = 250, 12
BOUNDED = frozenset({"run_job"})
"""Machines that a reader understands in one screen."""
WITHOUT_PARSING = frozenset({"run_job", "emit_event"})
"""Machines whose decisions stand in Python."""
PARSING = re.compile(r"(\$(?:match|parse|eval))\s*\(")
TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
REGULAR_EXPRESSION = re.compile(r"(?:^|[(\[{,;:?=~&]|\b(?:in|and|or))\s*/", re.ASCII)
"""A slash where a value begins; after a value it divides."""


def bounded_machines_are_short(machine: StateMachine) -> Iterator[str]:
    if machine.name not in BOUNDED:
        return
    lines = len(machine.text.splitlines())
    if lines > MOST_LINES:
        yield f"has {lines} lines, and may have {MOST_LINES}; move decisions to Python"
    states = sum(1 for _ in machine.states())
    if states > MOST_STATES:
        yield f"has {states} states, and may have {MOST_STATES}; move decisions to Python"


def no_partition_is_written_out(machine: StateMachine) -> Iterator[str]:
    for number, line in enumerate(machine.text.splitlines(), 1):
        if re.search(r"\barn:aws[\w-]*:", line):
            yield f"line {number}: names a partition of AWS; write arn:${{Partition}}:"


def nothing_is_parsed(machine: StateMachine) -> Iterator[str]:
    if machine.name not in WITHOUT_PARSING:
        return
    for name, state in machine.states():
        code = [TEXT.sub("''", expression) for expression in _expressions(state)]
        for function in sorted({found for expression in code for found in PARSING.findall(expression)}):
            yield f"{name}: uses {function}; parse in Python"
        if any(map(REGULAR_EXPRESSION.search, code)):
            yield f"{name}: holds a regular expression; parse in Python"


def _expressions(value: Any) -> Iterator[str]:
    """The JSONata in a value of the definition, at any depth."""
    match value:
        case dict():
            for member in value.values():
                yield from _expressions(member)
        case list():
            for member in value:
                yield from _expressions(member)
        case str() if value.strip().startswith("{%"):
            yield value.strip().removeprefix("{%").removesuffix("%}").strip()


RULES = (bounded_machines_are_short, no_partition_is_written_out, nothing_is_parsed)
