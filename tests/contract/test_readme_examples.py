"""The examples of the documents, as a reader copies them, in the sandbox."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.markdown import ROOT, CodeBlock, code_blocks
from tests.support.sandbox import Sandbox
from tests.support.schedules import deploy_schedules
from tests.support.shells import FOUND, typed
from tests.support.waiting import eventually
from tools import write_schedules

HTTP = ROOT / "docs" / "http.md"
SAMPLE_JOB = "5Yns7JgRt25f"
SAMPLE_ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-run_job"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(speed=20)
    yield sandbox
    sandbox.stop()


def example(language: str, containing: str, document: str = "README.md") -> str:
    (found,) = [block.text for block in code_blocks(ROOT / document, language) if containing in block.text]
    return found


class Reader:
    """Types commands into every shell of this machine, and remembers the run and the execution that they gave."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.environment = {**os.environ, **sandbox.environment_variables(), "API": sandbox.aws["httpApi"]}
        self.function, *self.blocks = code_blocks(HTTP)
        self.job = sandbox.emulator.make_job("$table_name", run_seconds=1)
        sandbox.run({"job": self.job, "parameters": {"$table_name": "in"}})
        failing = {"job": self.job, "parameters": {"$table_name": "nowhere"}, "labels": {"team": "night"}}
        *_, self.failed = (sandbox.run(failing).name for _ in range(2))
        sandbox.emulator.control("PUT", "pace", {"jobId": self.job, "runSeconds": 3600})
        lake = {"provider": "huawei", "accessKey": "a", "secretKey": "b", "projectId": "c", "region": "cn-north-4"}
        for name, secret in {"lake": lake, "old": {"accessKey": "a"}}.items():
            sandbox.secrets.create_secret(Name=f"farsync/connections/{name}", SecretString=json.dumps(secret))

    def type(self, command: str) -> str:
        if "/logs" in command:
            self.environment["RUN"] = self.failed
        commands = f"{self.function.text}\n{command.replace(SAMPLE_JOB, self.job)}"
        *others, last = (typed(shell, commands, self.environment) for shell in FOUND)
        assert all(bool(output) is bool(last) for output in others)
        return last

    def answer(self, command: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.type(command))
        if answer.keys() == {"name"}:
            self.environment["RUN"] = answer["name"]
        elif answer.keys() == {"execution", "waitSeconds"}:
            execution = answer["execution"]
            self.environment["EXECUTION"] = execution.get("ref", execution)["executionId"]
        return answer

    def is_answered(self, command: str, shown: object) -> bool:
        return holds(self.answer(command), shown)


def holds(answer: object, shown: object) -> bool:
    """Whether an answer has the names and types that are shown, and of a list an entry like each that is shown."""
    match answer, shown:
        case dict(), dict():
            return answer.keys() == shown.keys() and all(holds(answer[name], shown[name]) for name in shown)
        case list(), list():
            return all(any(holds(entry, like) for entry in answer) for like in shown)
        case ((int() | float()), (int() | float())):
            return isinstance(answer, bool) is isinstance(shown, bool)
    return type(answer) is type(shown)


def test_every_command_of_the_page_about_http_answers_as_the_page_shows(sandbox: Sandbox) -> None:
    """The first to be run, as pages of lists end."""
    reader = Reader(sandbox)
    shown: list[tuple[CodeBlock, CodeBlock]] = list(zip(reader.blocks[::2], reader.blocks[1::2], strict=True))
    assert len(shown) == 15
    for command, expected in shown:
        assert (command.language, expected.language) in {("sh", "json"), ("sh", "http")}
        if expected.language == "http":
            head, _, body = reader.type(command.text).replace("\r", "").partition("\n\n")
            assert head.startswith("HTTP/1.1 200 OK\n")
            assert 'rel="first"' in head
            assert json.loads(body).keys() == json.loads(expected.text.partition("\n\n")[2]).keys()
            continue
        # A run takes some seconds to come to its first poll, a job to its first execution.
        eventually(partial(reader.is_answered, command.text, json.loads(expected.text)))


def test_the_state_of_the_readme_runs_a_job_from_another_state_machine(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    text = example("yaml", "startExecution.sync:2").replace(SAMPLE_JOB, job)
    assert SAMPLE_ARN in text
    states = yaml.safe_load(text.replace(SAMPLE_ARN, sandbox.aws["stateMachines"]["run_job"]))
    states["TheJobHasEnded"] = {"Type": "Succeed"}
    parent = {"QueryLanguage": "JSONata", "StartAt": "RunTheJob", "States": states}
    ended = sandbox.wait_for(sandbox.start_arn(sandbox.create_state_machine("readers", parent), {}))
    assert ended.output["status"] == "SUCCEEDED"
    assert [execution.parameters for execution in sandbox.emulator.truly_started(job)] == [{"$table_name": "sales"}]


def test_the_schedules_of_the_documents_run_their_job_for_their_time(sandbox: Sandbox, tmp_path: Path) -> None:
    job = sandbox.emulator.make_job()
    entries = yaml.safe_load(example("yaml", "schedules:", "docs/schedules.md").replace(SAMPLE_JOB, job))["schedules"]
    deploy_schedules(sandbox, tmp_path, *({**entry, "name": f"{entry['name']}-{job}"} for entry in entries))
    fired = sandbox.wait_for(sandbox.fire_schedule(f"night-load-{job}", "2026-11-21T18:00:00Z"))
    eventually(lambda: sandbox.http("GET", f"/runs/{fired.output['name']}").json()["state"] == "SUCCEEDED")
    (execution,) = sandbox.emulator.truly_started(job)
    assert execution.parameters == {"$table_name": "sales", "$base_date": "2026-11-21"}


def test_the_curl_command_of_the_documents_starts_one_run_however_often_it_is_sent(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    # The page about HTTP has the same key, and another request.
    command = (
        example("sh", "--aws-sigv4", "docs/run-requests.md")
        .replace(SAMPLE_JOB, job)
        .replace("night-2026-11-21", f"night-{job}")
    )
    variables = {**os.environ, **sandbox.environment_variables(), "API": sandbox.aws["httpApi"]}

    first, *repeated = (json.loads(typed(shell, command, variables)) for shell in (*FOUND, "bash"))
    assert all(answer == first for answer in repeated)
    eventually(lambda: sandbox.http("GET", f"/runs/{first['name']}").json()["state"] == "SUCCEEDED")
    assert len(sandbox.emulator.truly_started(job)) == 1


@pytest.fixture
def consume(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in sandbox.environment_variables().items():
        monkeypatch.setenv(name, value)
    names: dict[str, Any] = {}
    exec(example("python", "def consume", "docs/events.md"), names)  # noqa: S102 - what a reader would run
    return names["consume"]


def test_the_consumer_of_the_documents_handles_each_event_once_and_empties_the_queue(
    sandbox: Sandbox, consume: Any
) -> None:
    sandbox.receive_events()
    ended = sandbox.run({"job": sandbox.emulator.make_job()})
    handled: list[dict[str, Any]] = []
    handled_ids: set[str] = set()
    eventually(lambda: consume(sandbox.aws["queueUrl"], handled.append, handled_ids) or handled)
    assert [event["data"]["runName"] for event in handled] == [ended.name]
    assert sandbox.receive_events() == []


def test_the_consumer_of_the_documents_leaves_an_event_on_the_queue_that_it_could_not_handle(
    sandbox: Sandbox, consume: Any
) -> None:
    def fail(event: object) -> None:
        raise ConnectionError("the consumer's database is away")

    sandbox.receive_events()
    sandbox.run({"job": sandbox.emulator.make_job()})
    queue_url = sandbox.aws["queueUrl"]
    with pytest.raises(ConnectionError):
        eventually(lambda: consume(queue_url, fail, set()))
    state = sandbox.queue.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    assert state["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_the_commands_about_the_sandbox_are_taken_by_it(sandbox: Sandbox, tmp_path: Path) -> None:
    """The last of its module, as it orders faults."""
    template = tmp_path / "schedules.template.json"
    assert write_schedules.main([str(ROOT / "schedules.example.yaml"), str(template)], datetime.now(UTC)) == 0
    sandbox.put_stack("documents", json.loads(template.read_text()))
    texts = ((ROOT / "docs" / page).read_text() for page in ("dev/sandbox.md", "schedules.md"))
    commands = [command for text in texts for command in re.findall(r"^curl -X .*(?:\n .*)*", text, re.MULTILINE)]
    assert len(commands) == 5
    for command in commands:
        described = sandbox.emulator.description if "createJobExecution" in command else sandbox.aws
        environment = {**os.environ, "ENDPOINT": described["endpoint"]}
        answers = [json.loads(typed(shell, command, environment)) for shell in FOUND]
        assert all("message" not in answer for answer in answers), (command, answers)
