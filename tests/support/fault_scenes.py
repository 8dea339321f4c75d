"""One run for each way to meet a fault, all side by side, each with a job and a connection of its own."""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests

from farsync.naming import run_name
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tools.fault_matrix import Circumstances, FaultMatrix, Way

AWS_OPERATIONS = {"secret fetch": "GetSecretValue", "queue send": "SendMessage"}
VENDOR_OPERATIONS = {
    "prepare": "get_job",
    "list": "list_executions",
    "start": "start",
    "poll": "look",
    "cancel": "cancel",
}
FUNCTIONS = {
    "prepare": "farsync-prepare_execution",
    "start": "farsync-trigger_execution",
    "poll": "farsync-poll_execution",
    "cancel": "farsync-cancel_execution",
}
AMPLE_TIMEOUT_SECONDS = 600
LONGEST_PLAY_SECONDS = 240


@dataclass(frozen=True)
class Came:
    """What came of a run. `was_met`: the fault has hit."""

    status: str
    error: str | None
    executions: int
    events: tuple[str, ...]
    was_met: bool = True


@dataclass(frozen=True)
class Scene:
    """A way to meet a fault, and the job and connection that it is met with."""

    operation: str
    way: Way
    rule: Mapping[str, Any] | None
    """As the stand-ins take it, without what keeps it to this scene; None where the key is old."""
    request: Mapping[str, Any]
    job: str
    connection: str

    @property
    def is_near(self) -> bool:
        """Whether its deadline passes while it is played."""
        return int(str(self.request.get("timeoutSeconds", AMPLE_TIMEOUT_SECONDS))) < AMPLE_TIMEOUT_SECONDS

    @property
    def counts_calls(self) -> bool:
        """Whether it lets some of the vendor's calls pass before the fault."""
        return not self.is_at_aws and self.rule is not None and "skip" in self.rule

    @property
    def is_at_aws(self) -> bool:
        return self.operation in AWS_OPERATIONS


def title_of(operation: str, fault: str, way: Way) -> str:
    return ", ".join([operation, fault, *([way.when] if way.when else [])])


def play_all(sandbox: Sandbox, matrix: FaultMatrix) -> dict[str, Came]:
    """By title, all ways that hold for the sandbox's vendor."""
    scenes = {
        title_of(operation, fault, way): _make_scene(sandbox, matrix, operation, fault, way)
        for operation, fault, way in matrix.ways(sandbox.vendor.connection)
    }
    _rotate_keys(sandbox, [scene for scene in scenes.values() if scene.rule is None])
    _set_faults(sandbox, list(scenes.values()))
    arns = _start_all(sandbox, matrix, scenes)
    ended = _wait_for_all(sandbox, arns)
    expected = sum(len(matrix.ends[scene.way.end].events) for scene in scenes.values())
    events = _receive(sandbox, {arn.rpartition(":")[2] for arn in arns.values()}, expected)
    met = _which_were_met(sandbox, scenes)
    return {
        title: Came(
            status=ended[title]["status"],
            error=ended[title].get("error"),
            executions=len(sandbox.vendor.truly_started(scene.job)),
            events=tuple(type_ for name, type_ in events if name == ended[title]["name"]),
            was_met=met[title],
        )
        for title, scene in scenes.items()
    }


def _make_scene(sandbox: Sandbox, matrix: FaultMatrix, operation: str, fault: str, way: Way) -> Scene:
    row, column = matrix.operations[operation], matrix.faults[fault]
    said: dict[str, Any] = {}
    for circumstances in (row, column, way):
        said.update(
            circumstances.model_dump(by_alias=True, include=set(Circumstances.model_fields), exclude_unset=True)
        )
    # Where a run says how long it may take, DataArts' provider does not read the job's own time-out, and so no job.
    request = {
        **({} if operation == "prepare" else {"timeoutSeconds": AMPLE_TIMEOUT_SECONDS}),
        **said.pop("request", {}),
    }
    connection = f"m-{uuid.uuid4().hex}"
    sandbox.secrets.create_secret(
        Name=f"farsync/connections/{connection}", SecretString=json.dumps(sandbox.vendor.secret())
    )
    job = sandbox.vendor.make_job(run_seconds=said.pop("runSeconds", None))
    names = AWS_OPERATIONS if operation in AWS_OPERATIONS else sandbox.vendor.operations
    name = names[VENDOR_OPERATIONS.get(operation, operation)]
    rule = {"operation": name, "fault": column.fault, **said} if column.fault else None
    if column.is_key_old and operation in AWS_OPERATIONS:
        rule = {"operation": name, "fault": "http_401", **said}
    return Scene(operation, way, rule, {**request, "connection": connection, "job": job}, job, connection)


def _rotate_keys(sandbox: Sandbox, scenes: Sequence[Scene]) -> None:
    """Every environment of the scene's function gets to know a key that the vendor rejects; then the secret changes."""
    for scene in scenes:
        old = {**sandbox.vendor.secret(), "accessKey": scene.connection, "secretKey": "retired"}
        secret = f"farsync/connections/{scene.connection}"
        sandbox.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(old))
        asked = json.dumps({"connection": scene.connection, "job": scene.job, **_execution_of(scene)})

        def ask(_: int, function: str = FUNCTIONS[scene.operation], payload: str = asked) -> str:
            answer = sandbox.functions.invoke(FunctionName=function, Payload=payload)
            return str(json.loads(answer["Payload"].read()).get("errorType"))

        with ThreadPoolExecutor(4) as callers:
            assert set(callers.map(ask, range(4))) == {"AuthenticationFailed"}
        if not scene.way.is_secret_old:
            sandbox.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(sandbox.vendor.secret()))


def _execution_of(scene: Scene) -> dict[str, str]:
    return {"executionId": "unknown"} if scene.operation in ("poll", "cancel") else {}


def _set_faults(sandbox: Sandbox, scenes: Sequence[Scene]) -> None:
    at_vendor = [{**scene.rule, "job": scene.job} for scene in scenes if scene.rule and not scene.is_at_aws]
    sandbox.vendor.control("PUT", "faults", at_vendor)
    at_aws = [{**scene.rule, "match": scene.connection} for scene in scenes if scene.rule and scene.is_at_aws]
    crashes = [
        {"operation": "Invoke", "function": FUNCTIONS["start"], "fault": "crash", "match": scene.connection}
        for scene in scenes
        if scene.way.is_reply_lost
    ]
    sandbox.set_aws_faults(*at_aws, *crashes)


def _start_all(sandbox: Sandbox, matrix: FaultMatrix, scenes: Mapping[str, Scene]) -> dict[str, str]:
    """In an order that a slow machine does not upset: first those that count calls, one by one, since a burst is
    throttled and its calls repeated; then those whose deadline is near.
    """
    arns: dict[str, str] = {}
    for title in [title for title, scene in scenes.items() if scene.counts_calls]:
        arns[title] = _start(sandbox, scenes[title])
        eventually(partial(sandbox.vendor.truly_started, scenes[title].job), 60)
    near = [title for title, scene in scenes.items() if scene.is_near and title not in arns]
    arns.update({title: _start(sandbox, scenes[title]) for title in near})
    for job in [scenes[title].job for title in near if matrix.ends[scenes[title].way.end].executions]:
        eventually(partial(sandbox.vendor.truly_started, job), 60)
    others = sorted(scenes.keys() - arns.keys(), key=lambda title: (_turn(scenes[title]), title))
    return arns | {title: _start(sandbox, scenes[title]) for title in others}


def _start(sandbox: Sandbox, scene: Scene) -> str:
    return sandbox.start("run_job", scene.request, run_name(scene.connection, scene.job, "fault matrix"))


def _turn(scene: Scene) -> float:
    """Last come those that keep a function's process busy for long: there are few processes."""
    rule = scene.rule or {}
    return float(rule.get("seconds", 0)) + min(int(rule.get("times", 1)), 10)


def _wait_for_all(sandbox: Sandbox, arns: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """As DescribeExecution tells of them; a run that does not end in time is left RUNNING."""
    give_up_at = time.monotonic() + LONGEST_PLAY_SECONDS
    ended: dict[str, dict[str, Any]] = {}
    for title, arn in arns.items():

        def look(arn: str = arn) -> dict[str, Any] | None:
            described: dict[str, Any] = sandbox.step_functions.describe_execution(executionArn=arn)
            return described if described["status"] != "RUNNING" or time.monotonic() > give_up_at else None

        ended[title] = eventually(look, LONGEST_PLAY_SECONDS + 10)
    return ended


def _receive(sandbox: Sandbox, runs: set[str], expected: int) -> list[tuple[str, str]]:
    """Run and type of each event of these runs; waits a while for as many as expected, then for none."""
    give_up_at = time.monotonic() + 30
    told: list[tuple[str, str]] = []

    def receive() -> bool:
        data = [(event, event["data"]) for event in sandbox.receive_events() if "data" in event]
        told.extend((body["runName"], event["type"]) for event, body in data if body["runName"] in runs)
        return len(told) >= expected or time.monotonic() > give_up_at

    eventually(receive, 40)
    receive()
    return [(name, type_.removeprefix("io.farsync.")) for name, type_ in told]


def _which_were_met(sandbox: Sandbox, scenes: Mapping[str, Scene]) -> dict[str, bool]:
    left = sandbox.vendor.control("GET", "faults")
    calls = requests.get(f"{sandbox.aws['endpoint']}/_sandbox/ledger", timeout=30).json()["calls"]
    return {
        title: _was_met_at_aws(calls, scene) if scene.is_at_aws else _times_left(left, scene) < _times(scene)
        for title, scene in scenes.items()
    }


def _times(scene: Scene) -> int:
    """A scene without a rule has met its old key when the environments were made to know it."""
    return int(scene.rule["times"]) if scene.rule else 1


def _times_left(left: Sequence[Mapping[str, Any]], scene: Scene) -> int:
    return sum(one["times"] for one in left if scene.rule and one["job"] == scene.job)


def _was_met_at_aws(calls: Mapping[str, Sequence[Mapping[str, Any]]], scene: Scene) -> bool:
    """The ledger tells the secret of a call, and of a message only its queue."""
    assert scene.rule is not None
    hits = [call for call in calls[scene.rule["operation"]] if call["fault"] == scene.rule["fault"]]
    return any(scene.operation == "queue send" or scene.connection in call["subject"] for call in hits)
