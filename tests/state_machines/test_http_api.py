"""The HTTP API through the whole sandbox: gateway, functions, state machines, providers, queue."""

import re
from typing import Any

import pytest

from tests.support.closings import CANCELED, RUN_FAILED, SUCCEEDED
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

pytestmark = pytest.mark.newest_dialects


@pytest.fixture
def long_job(sandbox: Sandbox) -> str:
    return sandbox.emulator.make_job(run_seconds=3600)


@pytest.fixture
def connection(sandbox: Sandbox) -> str:
    return f"/connections/{sandbox.emulator.connection}"


def get(sandbox: Sandbox, path: str) -> dict[str, Any]:
    """Asked again as long as the provider, whose limits are the published ones, throttles."""

    def unless_throttled() -> list[dict[str, Any]]:
        reply = sandbox.http("GET", path)
        return [] if reply.status_code == 429 else [reply.json()]

    (answer,) = eventually(unless_throttled)
    return answer


def shown_when(sandbox: Sandbox, run: str, *fields: str, state: str = "RUNNING") -> dict[str, Any]:
    """The run, as soon as it has these fields and stands in this state."""

    def ask() -> dict[str, Any] | None:
        shown = get(sandbox, f"/runs/{run}")
        return shown if shown["state"] == state and shown.keys() >= set(fields) else None

    return eventually(ask)


def shown_when_followed(sandbox: Sandbox, run: str) -> dict[str, Any]:
    """Its execution is known a moment before Follow is entered."""

    def ask() -> dict[str, Any] | None:
        shown = shown_when(sandbox, run, "execution")
        return shown if shown["step"] == "Follow" else None

    return eventually(ask)


def start_run(sandbox: Sandbox, connection: str, job: str, **more: object) -> str:
    reply = sandbox.http("POST", f"{connection}/runs", {"job": job, **more})
    assert reply.status_code == 202, reply.text
    return str(reply.json()["name"])


def event_on_queue(sandbox: Sandbox, run: str) -> dict[str, Any]:
    """The run's only one."""

    def those() -> list[dict[str, Any]]:
        return [event for event in sandbox.receive_events() if event["data"].get("runName") == run]

    (event,) = eventually(those)
    return event


def test_a_run_is_shown_with_its_progress_and_then_with_the_event_that_stands_on_the_queue(
    sandbox: Sandbox, connection: str
) -> None:
    run = start_run(sandbox, connection, sandbox.emulator.make_job(run_seconds=100))
    followed = shown_when_followed(sandbox, run)
    assert followed["deadlineAt"] > followed["startedAt"]
    ended = shown_when(sandbox, run, "event", state="SUCCEEDED")
    assert ended["execution"]["executionId"] == followed["execution"]["executionId"]
    event = event_on_queue(sandbox, run)
    assert {"id": event["id"], "type": event["type"]} == ended["event"]
    assert event["data"].items() <= ended["result"].items()


def test_a_run_that_is_polled_only_later_is_shown_with_the_status_that_its_execution_has_now(
    sandbox: Sandbox, connection: str
) -> None:
    job = sandbox.emulator.make_job()
    sandbox.change_mapping("poll_execution", "pause")
    try:
        run = start_run(sandbox, connection, job)
        seen = eventually(lambda: if_succeeded(shown_when_followed(sandbox, run)))
        assert seen["state"] == "RUNNING"
        assert "event" not in seen
    finally:
        sandbox.change_mapping("poll_execution", "resume")
    assert shown_when(sandbox, run, "event", state="SUCCEEDED")["event"]["type"] == SUCCEEDED


def if_succeeded(shown: dict[str, Any]) -> dict[str, Any] | None:
    return shown if shown["execution"].get("status") == "SUCCEEDED" else None


def test_a_run_that_is_rejected_is_shown_with_the_event_about_it(sandbox: Sandbox) -> None:
    run = sandbox.run({"job": "NoSuchJob123"}).name
    ended = shown_when(sandbox, run, "event", state="FAILED")
    assert (ended["error"], ended["event"]["type"]) == ("JobNotFound", RUN_FAILED)
    assert "execution" not in ended


def test_a_run_that_fails_is_shown_with_its_error_and_its_result(sandbox: Sandbox, connection: str) -> None:
    run = start_run(sandbox, connection, sandbox.emulator.make_job(source="nowhere"))
    ended = shown_when(sandbox, run, "event", state="FAILED")
    assert ended["error"] == "ExecutionFailed"
    assert ended["execution"]["providerStatus"] == sandbox.emulator.failed_word
    assert ended["result"]["error"]["name"] == "ExecutionFailed"


def test_an_open_run_is_listed_until_it_is_aborted_and_its_execution_is_canceled(
    sandbox: Sandbox, connection: str, long_job: str
) -> None:
    run = start_run(sandbox, connection, long_job)
    shown_when(sandbox, run, "execution")
    for query in ("", f"?job={long_job}"):
        assert run in [one["name"] for one in get(sandbox, f"{connection}/runs{query}")["runs"]]
    aborted = sandbox.http("POST", f"/runs/{run}/abort", {})
    assert (aborted.status_code, aborted.json()) == (202, {"name": run, "state": "ABORTED", "wasOver": False})
    assert sandbox.http("POST", f"/runs/{run}/abort", {}).json()["wasOver"] is True
    assert get(sandbox, f"{connection}/runs?job={long_job}")["runs"] == []
    (listed,) = get(sandbox, f"{connection}/runs?job={long_job}&state=ABORTED")["runs"]
    assert listed["name"] == run
    assert get(sandbox, f"/runs/{run}")["cause"].endswith("user/sandbox")
    event = event_on_queue(sandbox, run)
    assert event["type"] == CANCELED
    assert shown_when(sandbox, run, "event", state="ABORTED")["event"] == {"id": event["id"], "type": event["type"]}
    assert sandbox.emulator.truly_started(long_job)[0].status == sandbox.emulator.canceled_word


def test_over_http_what_would_fail_at_once_starts_no_run(sandbox: Sandbox, connection: str) -> None:
    before = set(sandbox.names_of_executions("run_job"))
    rejected = sandbox.http("POST", f"{connection}/runs", {"job": "NoSuchJob123"})
    assert (rejected.status_code, rejected.json()["type"]) == (404, "JobNotFound")
    assert set(sandbox.names_of_executions("run_job")) == before


def test_an_execution_is_started_polled_and_canceled_without_any_run(
    sandbox: Sandbox, connection: str, long_job: str
) -> None:
    before = set(sandbox.names_of_executions("run_job"))
    started = sandbox.http("POST", f"{connection}/jobs/{long_job}/executions", {"parameters": {"a": "b"}})
    assert started.status_code == 201, started.text
    place = started.headers["location"]
    seen = sandbox.http("GET", place)
    assert int(seen.headers["retry-after"]) == seen.json()["waitSeconds"]
    canceled = sandbox.http("POST", f"{place}/cancel")
    assert canceled.status_code == 202, canceled.text
    eventually(lambda: get(sandbox, place).get("execution", {}).get("status") == "CANCELED")
    assert "retry-after" not in sandbox.http("GET", place).headers
    assert set(sandbox.names_of_executions("run_job")) == before


def test_jobs_are_listed_along_their_links(sandbox: Sandbox, connection: str) -> None:
    jobs = {sandbox.emulator.make_job() for _ in range(3)}
    path, seen = f"{connection}/jobs?limit=50", set[str]()
    while path:
        reply = sandbox.http("GET", path)
        if reply.status_code == 429:
            continue
        seen |= {job["job"] for job in reply.json()["jobs"]}
        after = re.search(r'<([^>]+)>; rel="next"', reply.headers["link"])
        path = after[1] if after else ""
    assert seen >= jobs
    assert get(sandbox, f"{connection}/jobs/{jobs.pop()}")["isRunnable"] is True
