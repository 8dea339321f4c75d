"""Every function, in the real Lambda runtime, takes each of its triggers: the sample events are what is sent."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from farsync.model.errors import Throttled
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tests.support.watching import begin

EVENTS = Path(__file__).parents[2] / "events"
FUNCTIONS = sorted(folder.name for folder in (EVENTS.parent / "functions").iterdir() if (folder / "app.py").exists())
SAMPLES = sorted({".".join(path.name.split(".")[:2]) for path in EVENTS.glob("*.json")})
CALLED = frozenset({"http", "schedule", "state_machine"})
TRIGGERS = {
    "poll_execution": CALLED | {"sqs"},
    "close_run": {"sqs"},
    "sweep_runs": {"schedule"},
    "watch_jobs": {"schedule"},
}
"""Of the functions that are not called in just the three usual ways."""
SAMPLE_JOB, SAMPLE_EXECUTION = "5Yns7JgRt25f", "mY3275GiRXkm"


def invoke(sandbox: Sandbox, function: str, event: object) -> Any:
    """What the function answers; asked again while the provider, whose limits are the published ones, throttles."""

    def unless_throttled() -> list[Any]:
        reply = sandbox.functions.invoke(FunctionName=f"farsync-{function}", Payload=json.dumps(event))
        answer = json.loads(reply["Payload"].read())
        if answer.get("errorType") == "Throttled" or answer.get("statusCode") == Throttled.http_status:
            return []
        assert "FunctionError" not in reply, answer
        return [answer]

    (answer,) = eventually(unless_throttled)
    return answer


def sample(sandbox: Sandbox, name: str, job: str, execution_id: str) -> Any:
    """The sample event, about a job and an execution that are there."""
    text = (EVENTS / f"{name}.json").read_text()
    for sampled, real in (
        (SAMPLE_JOB, job),
        (SAMPLE_EXECUTION, execution_id),
        ('"default"', f'"{sandbox.emulator.connection}"'),
        ("$table_name", sandbox.emulator.parameter),
    ):
        text = text.replace(sampled, real)
    event = json.loads(text)
    if not sandbox.emulator.has_run_settings:
        event.get("run", {}).pop("condition", None)
    return event


def runs_of(sandbox: Sandbox) -> str:
    return f"/connections/{sandbox.emulator.connection}/runs"


@pytest.fixture(scope="module")
def job(sandbox: Sandbox) -> str:
    return sandbox.emulator.make_job(run_seconds=3600)


@pytest.fixture
def execution_id(sandbox: Sandbox, job: str) -> str:
    return begin(sandbox, job)


def test_there_is_a_sample_event_for_every_function_and_trigger() -> None:
    triggers = {f"{function}.{way}" for function in FUNCTIONS for way in TRIGGERS.get(function, CALLED)}
    assert {name.removesuffix("_show").removesuffix("_list").removesuffix("_abort") for name in SAMPLES} == triggers


@pytest.mark.parametrize(
    "name", [f"{function}.{way}" for function in FUNCTIONS for way in sorted(TRIGGERS.get(function, CALLED))]
)
def test_a_function_takes_each_of_its_triggers(sandbox: Sandbox, job: str, execution_id: str, name: str) -> None:
    function, _, way = name.partition(".")
    answer = invoke(sandbox, function, sample(sandbox, name, job, execution_id))
    if way == "http":
        assert answer["statusCode"] in {200, 201, 202}, answer
        answer = json.loads(answer["body"])
    assert answer.keys() & {"run", "v", "execution", "jobs", "name", "events", "items", "sent", "batchItemFailures"}


def test_a_parent_state_machine_gets_what_sync_would_give(sandbox: Sandbox) -> None:
    cause = "{% $parse($states.errorOutput.Cause) %}"
    step = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {
            "StateMachineArn": sandbox.aws["stateMachines"]["run_job"],
            "Name": "{% 'child-of-' & $states.context.Execution.Name %}",
            "Input": "{% $states.input %}",
        },
        "Output": "{% $states.result.Output %}",
        "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Failed", "Output": cause}],
        "End": True,
    }
    parent = {"QueryLanguage": "JSONata", "StartAt": "Job", "States": {"Job": step, "Failed": {"Type": "Succeed"}}}
    arn = sandbox.create_state_machine("parent", parent)
    request = {"connection": sandbox.emulator.connection}
    good = sandbox.wait_for(sandbox.start_arn(arn, {**request, "job": sandbox.emulator.make_job()}))
    assert good.output["status"] == "SUCCEEDED"
    assert good.output["eventId"] in sandbox.names_of_executions("emit_event")
    bad = sandbox.wait_for(sandbox.start_arn(arn, {**request, "job": sandbox.emulator.make_job(source="nowhere")}))
    assert bad.output["Error"] == "ExecutionFailed"
    assert json.loads(bad.output["Cause"])["providerStatus"] == sandbox.emulator.failed_word


def test_a_run_over_http_is_accepted_and_shown_to_its_end(sandbox: Sandbox) -> None:
    accepted = sandbox.http("POST", runs_of(sandbox), {"job": sandbox.emulator.make_job()})
    assert accepted.status_code == 202
    assert accepted.headers["location"] == f"/runs/{accepted.json()['name']}"
    assert re.fullmatch(r"[0-9a-f]{24}-[0-9a-f]{24}-[0-9a-f]{24}", accepted.json()["name"])

    def ask() -> dict[str, Any] | None:
        shown: dict[str, Any] = sandbox.http("GET", accepted.headers["location"]).json()
        return shown if shown["state"] != "RUNNING" else None

    shown = eventually(ask)
    assert shown["state"] == "SUCCEEDED"
    assert shown["result"]["status"] == "SUCCEEDED"


def test_one_idempotency_key_is_one_run_and_another_request_under_it_is_rejected(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    runs, key = runs_of(sandbox), f"night of {job}"
    answers = [sandbox.http("POST", runs, {"job": job}, idempotency_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    eventually(lambda: len(sandbox.emulator.truly_started(job)) == 1)
    other_job = sandbox.emulator.make_job()
    for other in ({"job": job, "labels": {"a": "b"}}, {"job": other_job}):
        rejected = sandbox.http("POST", runs, other, idempotency_key=key)
        assert (rejected.status_code, rejected.json()["type"]) == (409, "IdempotencyConflict")
    eventually(lambda: sandbox.http("GET", f"/runs/{answers[0].json()['name']}").json()["state"] == "SUCCEEDED")
    assert sandbox.http("POST", runs, {"job": job}, idempotency_key=key).status_code == 202
    assert [len(sandbox.emulator.truly_started(asked)) for asked in (job, other_job)] == [1, 0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "problem", "field"),
    [
        ("POST", "/connections/default/runs", {"jobb": "x"}, 400, "InvalidRequest", "job"),
        ("POST", "/connections/default/runs", "{", 400, "InvalidRequest", "body"),
        ("POST", "/connections/default/runs", {"job": "a/b"}, 400, "InvalidRequest", "job"),
        ("POST", "/connections/a%20b/runs", {"job": "x"}, 400, "InvalidRequest", "connection"),
        ("GET", "/runs/no%20name", None, 400, "InvalidRequest", "name"),
        ("GET", "/runs/unknown", None, 404, "RunNotFound", None),
        ("GET", "/connections/unknown/jobs", None, 404, "ConnectionNotFound", None),
        ("GET", "/connections/default/jobs/NoSuchJob123", None, 404, "JobNotFound", None),
        ("GET", "/connections/default/jobs?limit=0", None, 400, "InvalidRequest", "limit"),
        ("GET", "/connections/default/jobs?limit=x", None, 400, "InvalidRequest", "limit"),
    ],
)
def test_a_bad_http_call_gets_a_problem_that_names_the_field(
    sandbox: Sandbox, method: str, path: str, body: object, status: int, problem: str, field: str | None
) -> None:
    reply = sandbox.http(method, path.replace("/default/", f"/{sandbox.emulator.connection}/"), body)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"] == problem
    assert reply.json().get("field") == field


def test_a_call_without_a_signature_gets_nothing(sandbox: Sandbox) -> None:
    assert sandbox.http("GET", "/connections/default/jobs", is_signed=False).status_code == 403
