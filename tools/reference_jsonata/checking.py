"""Walks every state machine by its records: a file of recorded/ is of the machine of its name."""

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tools.reference_jsonata.engines import Evaluation
from tools.reference_jsonata.walking import Failed, Fault, Walk, places_of
from tools.states_language import ROOT, SUFFIX

RECORDED = Path(__file__).with_name("recorded")
MACHINES = sorted([*ROOT.glob(f"statemachines/*{SUFFIX}"), *ROOT.glob(f"examples/state_machines/*{SUFFIX}")])
ARN = "arn:aws:states:ap-northeast-2:123456789012"


class Checked(NamedTuple):
    """A machine: where its expressions stand, what they saw in its walks, and what Step Functions would not take."""

    name: str
    places: frozenset[str]
    evaluations: list[Evaluation]
    faults: list[str]


def recorded_of(machine: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The machine's definition, with what its substitutions stand for, and its recorded walks."""
    path = RECORDED / machine.name.replace(SUFFIX, ".yaml")
    recorded = yaml.safe_load(path.read_text(encoding="utf-8"))
    given = recorded.get("substitutions", {})
    text = re.sub(r"\$\{(\w+)\}", lambda found: given.get(found[1], found[1]), machine.read_text(encoding="utf-8"))
    return yaml.safe_load(text), recorded["walks"]


def checked(machine: Path) -> Checked:
    """By its recorded walks, and by each of them once more with errors of no cause."""
    name = machine.name.removesuffix(SUFFIX)
    definition, walks = recorded_of(machine)
    places, evaluations, faults = frozenset(places_of(definition, name)), [], []
    for recorded in (each for walk in walks for each in (walk, _without_causes(walk))):
        seen, fault = walked(name, definition, recorded)
        evaluations += seen
        faults += [f"{recorded['title']}: {fault}"] if fault else []
    unseen = places - {evaluation.place for evaluation in evaluations}
    return Checked(name, places, evaluations, [*faults, *(f"{place}: no walk comes here" for place in sorted(unseen))])


def walked(name: str, definition: Mapping[str, Any], recorded: Mapping[str, Any]) -> tuple[list[Evaluation], str]:
    """The evaluations, and the fault, if there was any. `recorded`: title, input, answers, end, which is the state
    where the execution ends, and redriveCount, where there were redrives.
    """
    execution = {"Id": f"{ARN}:execution:{name}:night", "Name": "night", "StartTime": "2026-11-21T03:00:00.000Z"}
    execution |= {"Input": recorded["input"], "RedriveCount": recorded.get("redriveCount", 0)}
    context = {"Execution": execution, "StateMachine": {"Id": f"{ARN}:stateMachine:{name}", "Name": name}}
    walk, fault = Walk(context, copy.deepcopy(recorded["answers"])), ""
    try:
        walk.follow(name, definition, recorded["input"], {})
    except Failed:
        pass
    except Fault as found:
        return walk.evaluations, str(found)
    left = [state for state, answers in walk.answers.items() if answers]
    if "end" in recorded and (walk.end != recorded["end"] or left):
        fault = f"ended in {walk.end}, not in {recorded['end']}; answers are left of {left}"
    return walk.evaluations, fault


def _without_causes(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """An error mostly has a cause; without one it may end elsewhere."""
    changed = {**copy.deepcopy(recorded), "title": f"{recorded['title']} (errors without a cause)"}
    for answer in (answer for answers in changed["answers"].values() for answer in answers):
        answer.get("error", {}).pop("Cause", None)
    del changed["end"]
    return changed
