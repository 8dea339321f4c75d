"""The HTTP API through the whole sandbox: gateway, functions, state machines, providers, queue."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.closings import CANCELED, FAILED, RUN_FAILED
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually


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


def start_run(sandbox: Sandbox, connection: str, job: str, **more: object) -> str:
    reply = sandbox.http("POST", f"{connection}/runs", {"job": job, **more})
    assert reply.status_code == 202, reply.text
    return str(reply.json()["name"])


def event_on_queue(sandbox: Sandbox, run: str) -> dict[str, Any]:
    """The only event of the run."""

    def those() -> list[dict[str, Any]]:
        return [event for event in sandbox.receive_events() if event["data"].get("runName") == run]

    (event,) = eventually(those)
    return event


def test_a_run_is_shown_with_its_progress_and_then_with_the_event_that_stands_on_the_queue(
    sandbox: Sandbox, connection: str
) -> None:
    run = start_run(sandbox, connection, sandbox.emulator.make_job(run_seconds=100))
    followed = shown_when(sandbox, run, "execution")
    assert followed["deadlineAt"] > followed["startedAt"]
    ended = shown_when(sandbox, run, "event", state="SUCCEEDED")
    assert ended["execution"]["executionId"] == followed["execution"]["executionId"]
    event = event_on_queue(sandbox, run)
    assert {"id": event["id"], "type": event["type"]} == ended["event"]
    assert event["data"].items() <= ended["result"].items()


@pytest.mark.parametrize(
    ("source", "error", "event_type"),
    [(None, "JobNotFound", RUN_FAILED), ("nowhere", "ExecutionFailed", FAILED)],
    ids=["rejected", "failed"],
)
def test_a_run_that_fails_is_shown_with_its_error_and_its_event(
    sandbox: Sandbox, source: str | None, error: str, event_type: str
) -> None:
    job = sandbox.emulator.make_job(source=source) if source else "NoSuchJob123"
    ended = shown_when(sandbox, sandbox.run({"job": job}).name, "event", state="FAILED")
    assert (ended["error"], ended["event"]["type"]) == (error, event_type)
    assert ended.get("execution", {}).get("providerStatus") == (sandbox.emulator.failed_word if source else None)


def states_in_lists(sandbox: Sandbox, connection: str, job: str, run: str) -> list[str | None]:
    """How the run stands in the lists of all connections, of its own, and of its job."""
    queries = ("/runs", f"{connection}/runs", f"{connection}/runs?job={job}")
    return [
        next((listed["state"] for listed in get(sandbox, query)["runs"] if listed["name"] == run), None)
        for query in queries
    ]


def test_a_run_is_listed_open_and_once_it_was_aborted_as_its_event_says(sandbox: Sandbox, connection: str) -> None:
    long_job = sandbox.emulator.make_job(run_seconds=3600)
    run = start_run(sandbox, connection, long_job)
    shown_when(sandbox, run, "execution")
    assert states_in_lists(sandbox, connection, long_job, run) == ["RUNNING"] * 3
    aborted = sandbox.http("POST", f"/runs/{run}/abort", {})
    assert (aborted.status_code, aborted.json()) == (202, {"name": run, "state": "STOPPING", "wasOver": False})
    assert sandbox.http("POST", f"/runs/{run}/abort", {}).json()["wasOver"] is True
    assert set(states_in_lists(sandbox, connection, long_job, run)) <= {"STOPPING", "CANCELED"}
    event = event_on_queue(sandbox, run)
    assert event["type"] == CANCELED
    shown = shown_when(sandbox, run, "event", state="CANCELED")
    assert shown["event"] == {"id": event["id"], "type": event["type"]}
    assert shown["cause"].endswith("user/sandbox")
    eventually(lambda: states_in_lists(sandbox, connection, long_job, run) == ["CANCELED"] * 3)
    assert sandbox.emulator.truly_started(long_job)[0].status == sandbox.emulator.canceled_word


def test_an_event_is_listed_as_it_stands_on_the_queue(sandbox: Sandbox, connection: str) -> None:
    job = sandbox.emulator.make_job()
    event = event_on_queue(sandbox, start_run(sandbox, connection, job))
    listed = eventually(lambda: get(sandbox, f"/events?job={job}&type=execution.succeeded")["events"])
    assert listed == [event]


def test_a_run_is_run_again_over_http(sandbox: Sandbox, connection: str) -> None:
    first = start_run(sandbox, connection, sandbox.emulator.make_job(), labels={"team": "night"})
    again = sandbox.http("POST", f"/runs/{first}/rerun", {}).json()["name"]
    assert shown_when(sandbox, again, "event", state="SUCCEEDED")["labels"] == {"team": "night", "rerunOf": first}


def test_a_run_is_shown_by_the_beginning_of_its_names_last_part_and_its_job_with_its_execution(
    sandbox: Sandbox, connection: str
) -> None:
    job = sandbox.emulator.make_job()
    run = start_run(sandbox, connection, job)
    ended = shown_when(sandbox, run, "event", state="SUCCEEDED")
    assert get(sandbox, f"/runs/{run.split('-')[-1][:8]}")["name"] == run
    (recent,) = get(sandbox, f"{connection}/jobs/{job}")["recent"]
    assert recent["executionId"] == ended["execution"]["executionId"]


def test_the_log_of_a_run_is_read_from_its_providers_object_storage(sandbox: Sandbox, connection: str) -> None:
    run = start_run(sandbox, connection, sandbox.emulator.make_job())
    shown_when(sandbox, run, "event", state="SUCCEEDED")
    log = get(sandbox, f"/runs/{run}/logs")
    file = Path(sandbox.emulator.description["bucketsDir"]) / log["path"].removeprefix("obs://")
    assert log["lines"] == file.read_text().splitlines()
    assert get(sandbox, f"/runs/{run}/logs?tail=1")["lines"] == log["lines"][-1:]


def test_connections_are_listed_without_keys(sandbox: Sandbox) -> None:
    listed = {connection.pop("name"): connection for connection in get(sandbox, "/connections")["connections"]}
    assert {"provider"} <= listed[sandbox.emulator.connection].keys() <= {"provider", "region"}


def test_a_run_can_be_asked_for_as_soon_as_it_is_accepted_while_reads_lag(sandbox: Sandbox, connection: str) -> None:
    job = sandbox.emulator.make_job()
    sandbox.put("staleReads", {"seconds": 1})
    try:
        shown = get(sandbox, f"/runs/{start_run(sandbox, connection, job)}")
    finally:
        sandbox.put("staleReads", {})
    assert (shown["state"], shown["job"]) == ("RUNNING", job)


def test_over_http_a_wrong_request_connection_or_job_starts_no_run(sandbox: Sandbox, connection: str) -> None:
    before = set(sandbox.names_of_executions("run_job"))
    rejected = sandbox.http("POST", f"{connection}/runs", {"job": "NoSuchJob123"})
    assert (rejected.status_code, rejected.json()["type"]) == (404, "JobNotFound")
    assert set(sandbox.names_of_executions("run_job")) == before
