"""Nothing is asked for that nothing depends on, and what is asked for is checked before anything is deployed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.resources import OPERATIONS, RESOURCES, TEMPLATE

USED_IN = {**RESOURCES, "Globals": TEMPLATE["Globals"], "Outputs": TEMPLATE["Outputs"]}


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield key, member
            yield from members(member)
    elif isinstance(value, list):
        for member in value:
            yield from members(member)


def names_referred_to(value: Any) -> set[str]:
    found = set[str]()
    for key, member in members(value):
        if key == "Ref":
            found.add(member)
        elif key == "Fn::Sub":
            found.update(re.findall(r"\$\{(\w+)", member if isinstance(member, str) else member[0]))
    return found


CONDITIONS_IN_USE = {
    member if key == "Condition" else member[0]
    for key, member in members(USED_IN)
    if key == "Fn::If" or (key == "Condition" and isinstance(member, str))
}
IN_USE = names_referred_to([USED_IN, *(TEMPLATE["Conditions"][name] for name in CONDITIONS_IN_USE)])


def test_every_parameter_stands_in_one_labelled_group() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(TEMPLATE["Parameters"])
    assert all(group["Label"]["default"] for group in groups)


def test_the_nested_stack_of_alarms_gets_every_parameter_that_it_has() -> None:
    assert RESOURCES["Operations"]["Properties"]["Parameters"].keys() == OPERATIONS["Parameters"].keys()


@pytest.mark.parametrize("name", TEMPLATE["Parameters"])
def test_every_parameter_is_referred_to(name: str) -> None:
    assert name in IN_USE


ONE = '{"connection": "default", "jobs": ["a", "작업 1"]}'


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("[]", True),
        (f"[{ONE}]", True),
        (f"[ {ONE} , {ONE.replace(' ', '')}\n]", True),
        ('[{"connection": "default", "jobs": []}]', True),
        (f"[{ONE}, ]", False),
        (f"[{ONE} {ONE}]", False),
        ('[{"connection": "default", "connection": "other", "jobs": ["a"]}]', False),
        ('[{"connection": "default", "jobs": ["a"], "jobs": ["b"]}]', False),
        ('[{"connection": "default", "job": ["a"]}]', False),
        ('[{"connection": "default", "jobs": "a"}]', False),
        ('[{"connection": "default", "jobs": [5]}]', False),
        ('[{"connection": "a b", "jobs": ["a"]}]', False),
        ('[{"connection": "default", "jobs": ["cut \\ud83d"]}]', False),
        ('[{"connection": "default", "jobs": ["a/b"]}]', False),
        ('[{"connection": "default", "jobs": [""]}]', False),
        ("[}]", False),
    ],
)
def test_the_jobs_to_watch_are_checked_before_the_deployment_by_names_that_stand_once(
    text: str, is_allowed: bool
) -> None:
    """Lambda's own reader of JSON would take the last of two."""
    pattern = TEMPLATE["Parameters"]["WatchedJobs"]["AllowedPattern"]
    assert (re.fullmatch(pattern, text) is not None) is is_allowed


def test_every_condition_decides_something() -> None:
    assert TEMPLATE["Conditions"].keys() == CONDITIONS_IN_USE
