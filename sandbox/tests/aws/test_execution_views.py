"""Executions as the sandbox shows them beside AWS's API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

PASS = {"First": {"Type": "Pass", "Next": "Last"}, "Last": {"Type": "Pass", "End": True}}
Show = Callable[..., requests.Response]


@pytest.fixture
def show(sandbox: dict[str, Any]) -> Show:
    return lambda arn, **query: requests.get(
        f"{sandbox['endpoint']}/_sandbox/executions/{arn}", params=query, timeout=10
    )


@pytest.fixture
def ended(sfn: Any, machine: Callable[..., str], finished: Callable[[str], Any]) -> tuple[str, str]:
    """A machine and its only execution."""
    made = machine(PASS)
    arn = sfn.start_execution(stateMachineArn=made, input='{"a": "é"}')["executionArn"]
    finished(arn)
    return made, arn


def test_an_execution_is_shown_as_aws_shows_it(sfn: Any, ended: tuple[str, str], show: Show) -> None:
    shown = show(ended[1]).json()
    described = sfn.describe_execution(executionArn=ended[1])
    history = sfn.get_execution_history(executionArn=ended[1])["events"]
    assert (shown["name"], shown["status"]) == (described["name"], "SUCCEEDED")
    assert shown["startDate"] == pytest.approx(described["startDate"].timestamp(), abs=0.002)
    assert shown["stopDate"] == pytest.approx(described["stopDate"].timestamp(), abs=0.002)
    assert [(event["id"], event["type"]) for event in shown["events"]] == [
        (event["id"], event["type"]) for event in history
    ]
    assert shown["events"][-1]["timestamp"] == pytest.approx(history[-1]["timestamp"].timestamp(), abs=0.002)


def test_only_the_newest_events_are_shown_where_so_asked(ended: tuple[str, str], show: Show) -> None:
    (event,) = show(ended[1], events=1).json()["events"]
    assert event["type"] == "ExecutionSucceeded"
    assert "events" not in show(ended[1], events=0).json()


def test_a_state_machine_s_executions_are_shown_one_a_line(sfn: Any, ended: tuple[str, str], show: Show) -> None:
    sfn.start_execution(stateMachineArn=ended[0], name="second", input="{}")
    lines = [json.loads(line) for line in show(ended[0]).text.splitlines()]
    assert lines[0]["executionArn"] == ended[1]
    assert lines[1]["name"] == "second"
    assert show(ended[0], status="ABORTED").text == ""


def test_what_is_not_there_is_404(ended: tuple[str, str], show: Show) -> None:
    assert show(f"{ended[1]}-none").status_code == 404
    assert show(f"{ended[0]}-none").status_code == 404
