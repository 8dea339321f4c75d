"""The picture in the README shows the state machine and the queues as they are."""

import re
from itertools import pairwise

from tests.support.markdown import ROOT, code_blocks
from tests.template.resources import named, of_type
from tools.states_language import read_state_machine, transitions

RUN_JOB = read_state_machine(ROOT / "statemachines" / "run_job.asl.yaml").scope
((_, PICTURE),) = [(block.language, block.text) for block in code_blocks(ROOT / "README.md", "mermaid")]
ARROW = re.compile(r"\s*-->(?:\|([^|]+)\|)?\s*")


def arrows() -> list[tuple[str, str, str]]:
    """From, label, to."""
    found = list[tuple[str, str, str]]()
    for line in filter(ARROW.search, PICTURE.splitlines()):
        boxes = [box.split("(")[0].strip() for box in ARROW.split(line)[::2]]
        labels = [label or "" for label in ARROW.split(line)[1::2]]
        found += [(source, label, target) for (source, target), label in zip(pairwise(boxes), labels, strict=True)]
    return found


BOXES = {box for source, _, target in arrows() for box in (source, target)}
STATES = BOXES & RUN_JOB.states.keys()
FUNCTIONS = {path.name for path in (ROOT / "functions").iterdir()}


def is_path(source: str, target: str) -> bool:
    """Whether the machine comes from one state to the other by none that is in the picture, and not by a failure."""
    frontier, seen = {source}, set[str]()
    while frontier:
        steps = [way for way in transitions(RUN_JOB) if way.source in frontier and way.kind != "catch"]
        if any(way.target == target for way in steps):
            return True
        seen |= frontier
        frontier = {way.target for way in steps} - seen - STATES
    return False


def queues_of(function: str) -> set[str]:
    """The queues whose messages bring a function to work."""
    mappings = of_type("AWS::Lambda::EventSourceMapping").values()
    fed = [mapping for mapping in mappings if mapping["FunctionName"] == {"Ref": named(function)}]
    return {mapping["EventSourceArn"]["Fn::GetAtt"][0] for mapping in fed}


def test_each_of_five_boxes_is_a_state_or_a_function_and_it_begins_as_the_machine_does() -> None:
    assert len(BOXES - {"run_job"}) == 5
    assert BOXES - STATES - {"run_job"} == {"poll_execution", "close_run"} <= FUNCTIONS
    assert STATES - {target for *_, target in arrows()} == {RUN_JOB.start_at}


def test_every_arrow_between_states_is_a_way_through_the_machine() -> None:
    between = [(source, target) for source, _, target in arrows() if {source, target} <= STATES]
    assert len(between) == 2
    assert [ends for ends in between if not is_path(*ends)] == []
    assert not is_path("Prepare", "Follow")


def test_every_arrow_to_a_function_names_the_queue_that_brings_it_to_work() -> None:
    named = {function: label.split()[-1] for _, label, function in arrows() if function in FUNCTIONS}
    assert {function: {queue} for function, queue in named.items()} == {
        function: queues_of(function) for function in BOXES & FUNCTIONS
    }
