"""Rules for the machines of farsync's own stack: they stay thin, and deploy in every partition of AWS."""

import re
from collections.abc import Iterator

from tools.states_language import StateMachine

MOST_LINES, MOST_STATES = 250, 12
BOUNDED = frozenset({"run_job"})
"""Machines that a reader understands in one screen."""
WITHOUT_PARSING = frozenset({"run_job", "emit_event"})
"""Machines whose decisions stand in Python."""
PARSING = re.compile(r"\$(?:match|parse|eval)\s*\(|[(,]\s*/")
"""A function that parses, or a regular expression where an argument begins."""
PARTITION = re.compile(r"\barn:aws[\w-]*:")


def bounded_machines_are_short(machine: StateMachine) -> Iterator[str]:
    if machine.name not in BOUNDED:
        return
    lines, states = len(machine.text.splitlines()), sum(1 for _ in machine.states())
    if lines > MOST_LINES:
        yield f"has {lines} lines, and may have {MOST_LINES}; move decisions to Python"
    if states > MOST_STATES:
        yield f"has {states} states, and may have {MOST_STATES}; move decisions to Python"


def every_line_is_thin_and_of_any_partition(machine: StateMachine) -> Iterator[str]:
    for number, line in enumerate(machine.text.splitlines(), 1):
        if PARTITION.search(line):
            yield f"line {number}: names a partition of AWS; write arn:${{Partition}}:"
        if machine.name in WITHOUT_PARSING and PARSING.search(line):
            yield f"line {number}: parses; do so in Python"


RULES = (bounded_machines_are_short, every_line_is_thin_and_of_any_partition)
