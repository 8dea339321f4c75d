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
    "read_logs": {"http"},
    "sweep_runs": {"schedule"},
    "watch_jobs": {"schedule"},
}
"""Of the functions that are not called in just the three usual ways."""
NEED_A_RUN = {"read_logs"}
"""What they answer to a run that is there, test_http_api.py shows."""
SAMPLE_JOB, SAMPLE_EXECUTION = "5Yns7JgRt25f", "mY3275GiRXkm"


def invoke(sandbox: Sandbox, function: str, event: object) -> dict[str, Any]:
    """What the function answers; asked again while the provider, whose limits are the published ones, throttles."""

    def unless_throttled() -> dict[str, Any] | None:
        answer = sandbox.invoke(function, event)
        assert answer.get("errorType", "Throttled") == "Throttled", answer
        return None if Throttled.http_status == answer.get("statusCode") or "errorType" in answer else answer

    return eventually(unless_throttled)


def sample(sandbox: Sandbox, name: str, job: str, execution_id: str) -> Any:
    """The sample event, about a job and an execution that are there."""
    text = (EVENTS / f"{name}.json").read_text()
    connection = f'"{sandbox.emulator.connection}"'
    for sampled, real in ((SAMPLE_JOB, job), (SAMPLE_EXECUTION, execution_id), ('"default"', connection)):
        text = text.replace(sampled, real)
    return json.loads(text)


@pytest.fixture(scope="module")
def job(sandbox: Sandbox) -> str:
    return sandbox.emulator.make_job(run_seconds=3600)


@pytest.fixture
def execution_id(sandbox: Sandbox, job: str) -> str:
    return begin(sandbox, job)


def test_there_is_a_sample_event_for_every_function_and_trigger() -> None:
    triggers = {f"{function}.{way}" for function in FUNCTIONS for way in TRIGGERS.get(function, CALLED)}
    assert {re.sub(r"\.http_\w+", ".http", name) for name in SAMPLES} == triggers


@pytest.mark.parametrize(
    "name",
    [
        f"{function}.{way}"
        for function in FUNCTIONS
        if function not in NEED_A_RUN
        for way in sorted(TRIGGERS.get(function, CALLED))
    ],
)
def test_a_function_takes_each_of_its_triggers(sandbox: Sandbox, job: str, execution_id: str, name: str) -> None:
    function, _, way = name.partition(".")
    answer = invoke(sandbox, function, sample(sandbox, name, job, execution_id))
    if way == "http":
        assert answer["statusCode"] in {200, 201, 202}, answer
        answer = json.loads(answer["body"])
    assert answer.keys() & {"run", "v", "execution", "jobs", "name", "events", "items", "sent", "batchItemFailures"}


def test_for_90_days_one_idempotency_key_of_a_caller_is_one_run_and_another_request_under_it_is_rejected(
    sandbox: Sandbox,
) -> None:
    job = sandbox.emulator.make_job()
    runs, key = f"/connections/{sandbox.emulator.connection}/runs", f"night of {job}"
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
