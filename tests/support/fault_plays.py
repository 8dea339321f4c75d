"""Plays the fault matrix: one run for each scene, in two rounds of many runs side by side."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.fault_scenes import FUNCTIONS, Scene, make_scene, rotate_keys, text_of_its_calls, title_of
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tools.fault_matrix import FaultMatrix

LONGEST_ROUND_SECONDS = 240
LATEST_EVENT_SECONDS = 180

Scenes = Mapping[str, Scene]


@dataclass(frozen=True)
class Outcome:
    """What came of a run. `was_met`: the fault has hit."""

    status: str
    error: str | None
    executions: int
    events: tuple[str, ...]
    was_met: bool = True


def play_all(sandbox: Sandbox, matrix: FaultMatrix) -> dict[str, Outcome]:
    """By title, all ways that hold for the sandbox's provider.

    Those whose deadline passes, and those that count calls, go first and by themselves: what many runs do at once may
    take longer than a deadline leaves.
    """
    sandbox.receive_events()
    ways = list(matrix.ways(sandbox.emulator.connection))
    scenes = {title_of(*way): make_scene(sandbox, matrix, *way) for way in ways}
    rotate_keys(sandbox, [scene for scene in scenes.values() if scene.rule is None])
    first = {title: scene for title, scene in scenes.items() if scene.is_near or scene.counts_calls}
    played = _play(sandbox, matrix, first)
    played |= _play(sandbox, matrix, {title: scene for title, scene in scenes.items() if title not in first})
    expected = sum(len(matrix.ends[way.end].events) for *_, way in ways)
    events = _receive(sandbox, {scene.run_name for scene in scenes.values()}, expected)
    return {
        title: Outcome(
            status=played[title][0]["status"],
            error=played[title][0].get("error"),
            executions=len(sandbox.emulator.truly_started(scene.job)),
            events=tuple(kind.removeprefix("io.farsync.") for name, kind in events if name == scene.run_name),
            was_met=played[title][1],
        )
        for title, scene in scenes.items()
    }


def _play(sandbox: Sandbox, matrix: FaultMatrix, scenes: Scenes) -> dict[str, tuple[dict[str, Any], bool]]:
    """One round, after which no fault lasts on: each run as DescribeExecution shows it, and whether it met its fault.

    Runs start in an order that a slow machine does not upset: those whose calls can be named only once they are open;
    those that count calls, one by one, since a burst is throttled and its calls repeated; those whose deadline is near;
    last those that keep a function's process busy for long, as there are few processes.
    """
    met_before = sandbox.aws_faults_met()
    at_provider = [{**scene.rule, "job": scene.job} for scene in scenes.values() if scene.rule and not scene.is_at_aws]
    sandbox.emulator.control("PUT", "faults", at_provider)
    sandbox.set_aws_faults()
    arns: dict[str, str] = {}

    def start(titles: list[str]) -> None:
        for title in titles:
            arns[title] = sandbox.start("run_job", scenes[title].request, scenes[title].run_name)

    def wait_for_execution(title: str) -> None:
        eventually(partial(sandbox.emulator.truly_started, scenes[title].job), 60)

    start([title for title, scene in scenes.items() if scene.is_of_an_open_run])
    _set_aws_faults(sandbox, scenes, arns)
    for title in [title for title, scene in scenes.items() if scene.counts_calls]:
        start([title])
        wait_for_execution(title)
    near = [title for title, scene in scenes.items() if scene.is_near and title not in arns]
    start(near)
    for title in near:
        if matrix.ends[scenes[title].way.end].executions:
            wait_for_execution(title)
    start(sorted(scenes.keys() - arns.keys(), key=lambda title: (scenes[title].keeps_busy, title)))
    ended = _wait_for_all(sandbox, scenes, arns)
    met = _which_were_met(sandbox, scenes, met_before)
    sandbox.emulator.control("PUT", "faults", [])
    sandbox.set_aws_faults()
    return {title: (ended[title], met[title]) for title in scenes}


def _set_aws_faults(sandbox: Sandbox, scenes: Scenes, arns: Mapping[str, str]) -> None:
    spoiled = [
        {**scene.rule, "match": text_of_its_calls(sandbox, scene, arns.get(title))}
        for title, scene in scenes.items()
        if scene.rule and scene.is_at_aws
    ]
    crash = {"operation": "Invoke", "function": f"farsync-{FUNCTIONS['start']}", "fault": "crash"}
    crashes = [{**crash, "match": scene.connection} for scene in scenes.values() if scene.way.is_reply_lost]
    sandbox.set_aws_faults(*spoiled, *crashes)


def _wait_for_all(sandbox: Sandbox, scenes: Scenes, arns: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """A run that does not end in time is left RUNNING. A provider's fault for ever lasts until its run has ended."""
    give_up_at = time.monotonic() + LONGEST_ROUND_SECONDS
    ended: dict[str, dict[str, Any]] = {}
    for title, arn in arns.items():

        def describe(arn: str = arn) -> dict[str, Any] | None:
            described: dict[str, Any] = sandbox.step_functions.describe_execution(executionArn=arn)
            return described if described["status"] != "RUNNING" or time.monotonic() > give_up_at else None

        ended[title] = eventually(describe, LONGEST_ROUND_SECONDS + 10)
        scene = scenes[title]
        if scene.rule and scene.lasts_for_ever and not scene.is_at_aws:
            sandbox.emulator.control("DELETE", "faults", [{**scene.rule, "job": scene.job}])
    return ended


def _receive(sandbox: Sandbox, runs: set[str], expected: int) -> list[tuple[str, str]]:
    """Run and type of each event of these runs; waits a while for as many as expected, then for none."""
    give_up_at = time.monotonic() + LATEST_EVENT_SECONDS
    received: list[tuple[str, str]] = []

    def receive() -> bool:
        events = [(event["data"]["runName"], event["type"]) for event in sandbox.receive_events() if "data" in event]
        received.extend(event for event in events if event[0] in runs)
        return len(received) >= expected or time.monotonic() > give_up_at

    eventually(receive, LATEST_EVENT_SECONDS + 10)
    receive()
    return received


def _which_were_met(sandbox: Sandbox, scenes: Scenes, before: Mapping[str, Mapping[str, int]]) -> dict[str, bool]:
    """AWS's calls are counted by operation and fault, so that as many must have hit as there are such scenes."""
    left, met = sandbox.emulator.control("GET", "faults"), sandbox.aws_faults_met()
    wanted = Counter((scene.rule["operation"], scene.rule["fault"]) for scene in scenes.values() if scene.rule)

    def was_met(scene: Scene) -> bool:
        if not scene.rule:
            return True  # when the environments were made to know its old key
        if not scene.is_at_aws:
            return bool(sum(rule["times"] for rule in left if rule["job"] == scene.job) < int(scene.rule["times"]))
        operation, fault = scene.rule["operation"], scene.rule["fault"]
        hits: int = met.get(operation, {}).get(fault, 0) - before.get(operation, {}).get(fault, 0)
        return hits >= wanted[operation, fault]

    return {title: was_met(scene) for title, scene in scenes.items()}
