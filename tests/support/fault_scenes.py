"""One scene for each way to meet a fault, each with a job and a connection of its own."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from farsync.events.completion_event import event_source
from farsync.model.names import run_name
from tests.support.poll_queue import message_id_of_follow, sends_of_follow
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tools.fault_matrix import Circumstances, FaultMatrix, Way

AWS_OPERATIONS = {
    "secret fetch": "GetSecretValue",
    "follow": "SendMessage",
    "heartbeat": "SendTaskHeartbeat",
    "hide": "ChangeMessageVisibility",
    "emit": "StartExecution",
    "complete": "SendTaskSuccess",
    "close": "GetExecutionHistory",
    "queue send": "SendMessage",
}
OF_AN_OPEN_RUN = frozenset({"heartbeat", "hide"})
"""Calls that name a token or a message only, which are known once the run is followed."""
PROVIDER_OPERATIONS = {"prepare": "get_job", "list": "list_executions"}
"""The words of the tests' emulators for those that have others in the matrix."""
FUNCTIONS = {
    "prepare": "prepare_execution",
    "start": "trigger_execution",
    "poll": "poll_execution",
}
FOR_EVER_TIMES = 1000
AMPLE_TIMEOUT_SECONDS = 600
WINDOW_SECONDS = 5
POLL_COST_SECONDS = 30
"""So many runs at once, of which each waits twenty times shorter, would else wait for one another's polls."""


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
    def lasts_for_ever(self) -> bool:
        return self.rule is not None and int(self.rule["times"]) >= FOR_EVER_TIMES

    @property
    def is_of_an_open_run(self) -> bool:
        return self.operation in OF_AN_OPEN_RUN

    @property
    def counts_calls(self) -> bool:
        """Whether it lets some of the provider's calls pass before the fault."""
        return not self.is_at_aws and self.rule is not None and "skip" in self.rule

    @property
    def is_at_aws(self) -> bool:
        return self.operation in AWS_OPERATIONS

    @property
    def keeps_busy(self) -> float:
        """For how long, roughly, it keeps a function's process."""
        rule = self.rule or {}
        return float(rule.get("seconds", 0)) + min(int(rule.get("times", 1)), 10)

    @property
    def run_name(self) -> str:
        return run_name(self.connection, self.job, "fault matrix")


def title_of(operation: str, fault: str, way: Way) -> str:
    return ", ".join([operation, fault, *([way.when] if way.when else [])])


def make_scene(sandbox: Sandbox, matrix: FaultMatrix, operation: str, fault: str, way: Way) -> Scene:
    row, column = matrix.operations[operation], matrix.faults[fault]
    said: dict[str, Any] = {}
    for circumstances in (row, column, way):
        said.update(
            circumstances.model_dump(by_alias=True, include=set(Circumstances.model_fields), exclude_unset=True)
        )
    # Where a run says how long it may take, DataArts' provider does not read the job's own time-out, and so no job.
    request = {
        "consistencyWindowSeconds": WINDOW_SECONDS,
        "pollCostSeconds": POLL_COST_SECONDS,
        **({} if operation == "prepare" else {"timeoutSeconds": AMPLE_TIMEOUT_SECONDS}),
        **said.pop("request", {}),
    }
    connection = f"m-{uuid.uuid4().hex}"
    sandbox.secrets.create_secret(
        Name=f"farsync/connections/{connection}", SecretString=json.dumps(sandbox.emulator.secret())
    )
    job = sandbox.emulator.make_job(run_seconds=said.pop("runSeconds", None))
    names = AWS_OPERATIONS if operation in AWS_OPERATIONS else sandbox.emulator.operations
    name = names[PROVIDER_OPERATIONS.get(operation, operation)]
    rule = {"operation": name, "fault": column.fault, **said} if column.fault else None
    if column.is_key_old and operation in AWS_OPERATIONS:
        rule = {"operation": name, "fault": "http_401", **said}
    return Scene(operation, way, rule, {**request, "connection": connection, "job": job}, job, connection)


def rotate_keys(sandbox: Sandbox, scenes: Sequence[Scene]) -> None:
    """Every environment of the scene's function reads a key that the provider rejects; then the secret changes."""
    for scene in scenes:
        old = {**sandbox.emulator.secret(), "accessKey": scene.connection, "secretKey": "retired"}
        secret = f"farsync/connections/{scene.connection}"
        sandbox.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(old))
        execution = {"executionId": "unknown"} if scene.operation == "poll" else {}
        asked = {"connection": scene.connection, "job": scene.job, **execution}
        with ThreadPoolExecutor(4) as callers:
            answers = list(callers.map(sandbox.invoke, [FUNCTIONS[scene.operation]] * 4, [asked] * 4))
        assert {answer.get("errorType") for answer in answers} == {"AuthenticationFailed"}, answers
        if not scene.way.is_secret_old:
            sandbox.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(sandbox.emulator.secret()))


def text_of_its_calls(sandbox: Sandbox, scene: Scene, arn: str | None) -> str:
    """By which AWS's calls for the scene's run are known from those for others; `arn` where it is followed already."""
    if scene.operation not in OF_AN_OPEN_RUN:
        texts = {"close": scene.run_name, "queue send": event_source(scene.connection, scene.job)}
        return texts.get(scene.operation, scene.connection)
    assert arn is not None

    def history_once_followed() -> list[dict[str, Any]] | None:
        history = sandbox.history(arn)
        return history if any(event["type"] == "TaskSubmitted" for event in history) else None

    history = eventually(history_once_followed)
    if scene.operation == "heartbeat":
        return str(sends_of_follow(history)[-1][1]["MessageBody"]["token"])
    # A receipt handle of the sandbox begins with the message's id.
    return base64.urlsafe_b64encode(message_id_of_follow(history).encode()).decode()
