"""Lints the state machines, each and against the template, and the examples: python -m tools.lint_state_machines"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tools.state_machine_rules import machine_rules, stack_rules, template_rules
from tools.state_machine_rules.template_rules import Template, read_template
from tools.states_language import ROOT, SUFFIX, StateMachine, read_state_machine, transitions


def faults_of(machine: StateMachine, template: Template | None) -> Iterator[str]:
    """A line per broken rule. An example has no template."""
    for rule in (*machine_rules.RULES, *(stack_rules.RULES if template else ())):
        yield from rule(machine)
    if template is None:
        return
    if machine.file_name not in template.substitutions:
        yield f"no state machine of the template has the DefinitionUri {machine.file_name}"
        return
    for template_rule in template_rules.RULES:
        yield from template_rule(machine, template)


def main(root: Path = ROOT) -> int:
    """Prints a line per clean machine or per fault; returns the exit code."""
    template = read_template(root / "template.yaml")
    machines = sorted((root / "statemachines").glob(f"*{SUFFIX}"))
    examples = sorted((root / "examples" / "state_machines").glob(f"*{SUFFIX}"))
    missing = sorted(template.substitutions.keys() - {file.name for file in machines})
    for name in missing:
        print(f"{name}: the template deploys it, but there is no such file under statemachines/")
    faults = [_lint(file, template) for file in machines] + [_lint(file, None) for file in examples]
    return int(bool(missing) or any(faults))


def _lint(file: Path, template: Template | None) -> bool:
    """Whether there are faults."""
    try:
        machine = read_state_machine(file)
    except ValueError as error:
        print(error)
        return True
    faults = list(faults_of(machine, template))
    for fault in faults:
        print(f"{machine.name}: {fault}")
    if not faults:
        scopes = list(machine.scopes())
        state_count = sum(len(scope.states) for scope in scopes)
        transition_count = sum(len(transitions(scope)) for scope in scopes)
        print(f"{machine.name}: clean ({state_count} states, {transition_count} transitions)")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
