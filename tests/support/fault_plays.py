"""Plays the fault matrix: one run for each scene, in two rounds of many runs side by side."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class _Ended:
    described: Mapping[str, Any]
    was_met: bool


def play_all(sandbox: Sandbox, matrix: FaultMatrix) -> dict[str, Outcome]:
    """By title, all ways that hold for the sandbox's provider.

    Those whose deadline passes, and those that count calls, go first and by themselves: what many runs do at once may
    take longer than a deadline leaves.
    """
    sandbox.receive_events()
    scenes = {
        title_of(operation, fault, way): make_scene(sandbox, matrix, operation, fault, way)
        for operation, fault, way in matrix.ways(sandbox.emulator.connection)
    }
    rotate_keys(sandbox, [scene for scene in scenes.values() if scene.rule is None])
    first = {title: scene for title, scene in scenes.items() if scene.is_near or scene.counts_calls}
    ended = _play(sandbox, matrix, first)
    ended |= _play(sandbox, matrix, {title: scene for title, scene in scenes.items() if title not in first})
    expected = sum(len(matrix.ends[scene.way.end].events) for scene in scenes.values())
    events = _receive(sandbox, {scene.run_name for scene in scenes.values()}, expected)
    return {
        title: Outcome(
            status=ended[title].described["status"],
            error=ended[title].described.get("error"),
            executions=len(sandbox.emulator.truly_started(scene.job)),
            events=tuple(type_ for name, type_ in events if name == scene.run_name),
            was_met=ended[title].was_met,
        )
        for title, scene in scenes.items()
    }


def _play(sandbox: Sandbox, matrix: FaultMatrix, scenes: Scenes) -> dict[str, _Ended]:
    """One round, after which no fault lasts on."""
    met_before = sandbox.aws_faults_met()
    at_provider = [{**scene.rule, "job": scene.job} for scene in scenes.values() if scene.rule and not scene.is_at_aws]
    sandbox.emulator.control("PUT", "faults", at_provider)
    sandbox.set_aws_faults()
    arns = {title: _start(sandbox, scene) for title, scene in scenes.items() if scene.is_of_an_open_run}
    _set_aws_faults(sandbox, scenes, arns)
    arns |= _start_all(sandbox, matrix, {title: scene for title, scene in scenes.items() if title not in arns})
    described = _wait_for_all(sandbox, scenes, arns)
    met = _which_were_met(sandbox, scenes, met_before)
    sandbox.emulator.control("PUT", "faults", [])
    sandbox.set_aws_faults()
    return {title: _Ended(described[title], met[title]) for title in scenes}


def _set_aws_faults(sandbox: Sandbox, scenes: Scenes, arns: Mapping[str, str]) -> None:
    spoiled = [
        {**scene.rule, "match": text_of_its_calls(sandbox, scene, arns.get(title))}
        for title, scene in scenes.items()
        if scene.rule and scene.is_at_aws
    ]
    crashes = [
        {"operation": "Invoke", "function": FUNCTIONS["start"], "fault": "crash", "match": scene.connection}
        for scene in scenes.values()
        if scene.way.is_reply_lost
    ]
    sandbox.set_aws_faults(*spoiled, *crashes)


def _start_all(sandbox: Sandbox, matrix: FaultMatrix, scenes: Scenes) -> dict[str, str]:
    """In an order that a slow machine does not upset: first those that count calls, one by one, since a burst is
    throttled and its calls repeated; then those whose deadline is near.
    """
    arns: dict[str, str] = {}
    for title in [title for title, scene in scenes.items() if scene.counts_calls]:
        arns[title] = _start(sandbox, scenes[title])
        eventually(partial(sandbox.emulator.truly_started, scenes[title].job), 60)
    near = [title for title, scene in scenes.items() if scene.is_near and title not in arns]
    arns.update({title: _start(sandbox, scenes[title]) for title in near})
    for job in [scenes[title].job for title in near if matrix.ends[scenes[title].way.end].executions]:
        eventually(partial(sandbox.emulator.truly_started, job), 60)
    others = sorted(scenes.keys() - arns.keys(), key=lambda title: (_turn(scenes[title]), title))
    return arns | {title: _start(sandbox, scenes[title]) for title in others}


def _start(sandbox: Sandbox, scene: Scene) -> str:
    return sandbox.start("run_job", scene.request, scene.run_name)


def _turn(scene: Scene) -> float:
    """Last come those that keep a function's process busy for long: there are few processes."""
    rule = scene.rule or {}
    return float(rule.get("seconds", 0)) + min(int(rule.get("times", 1)), 10)


def _wait_for_all(sandbox: Sandbox, scenes: Scenes, arns: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """As DescribeExecution shows them; a run that does not end in time is left RUNNING. What lasts for ever at the
    provider lasts until its run has ended.
    """
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
        received.extend((name, type_) for name, type_ in events if name in runs)
        return len(received) >= expected or time.monotonic() > give_up_at

    eventually(receive, LATEST_EVENT_SECONDS + 10)
    receive()
    return [(name, type_.removeprefix("io.farsync.")) for name, type_ in received]


def _which_were_met(sandbox: Sandbox, scenes: Scenes, before: Mapping[str, Mapping[str, int]]) -> dict[str, bool]:
    """AWS's calls are counted by operation and fault, so that as many must have hit as there are such scenes."""
    left, met = sandbox.emulator.control("GET", "faults"), sandbox.aws_faults_met()
    wanted = Counter((scene.rule["operation"], scene.rule["fault"]) for scene in scenes.values() if scene.rule)

    def was_met(scene: Scene) -> bool:
        if not scene.rule or not scene.is_at_aws:
            return _times_left(left, scene) < _times(scene)
        operation, fault = scene.rule["operation"], scene.rule["fault"]
        hits = met.get(operation, {}).get(fault, 0) - before.get(operation, {}).get(fault, 0)
        return hits >= wanted[operation, fault]

    return {title: was_met(scene) for title, scene in scenes.items()}


def _times(scene: Scene) -> int:
    """A scene without a rule has met its old key when the environments were made to know it."""
    return int(scene.rule["times"]) if scene.rule else 1


def _times_left(left: Sequence[Mapping[str, Any]], scene: Scene) -> int:
    return sum(rule["times"] for rule in left if scene.rule and rule["job"] == scene.job)
