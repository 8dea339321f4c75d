"""`GET /events`: events as they were emitted, from the log of events."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from farsync.model.execution import iso_instant
from tests.unit.operations.cloud import a_cloud
from tests.unit.operations.runs_client import RunsClient


@pytest.fixture
def client(tmp_path: Path) -> Iterator[RunsClient]:
    with a_cloud("data-flow", tmp_path) as cloud:
        yield RunsClient(cloud)


def test_events_are_listed_whole_the_newest_first_whatever_they_are_about(client: RunsClient) -> None:
    now = client.aws.clock()
    older = client.aws.record(now - 60, "execution.succeeded", "x", job="a", labels={"team": "night"})
    newer = client.aws.record(now - 1, "backfill.completed")
    client.aws.record(now - 90_000, "execution.succeeded", "of the day before")
    assert client.events().body == {"events": [newer, older]}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("type=execution.failed", ["failed"]),
        ("type=execution.failed,run.failed", ["failed", "rejected"]),
        ("job=b", ["succeeded-b"]),
        ("connection=other", ["succeeded-b"]),
        ("connection=other&job=a", []),
    ],
)
def test_events_are_narrowed_by_type_connection_and_job(client: RunsClient, query: str, wanted: list[str]) -> None:
    now = client.aws.clock()
    client.aws.record(now - 1, "execution.failed", "failed", connection="default", job="a")
    client.aws.record(now - 2, "run.failed", "rejected", connection="default", job="a")
    client.aws.record(now - 3, "execution.succeeded", "succeeded-b", connection="other", job="b")
    assert [event["data"]["runName"] for event in client.events(f"?{query}").body["events"]] == wanted


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_hold_every_event_once_also_those_of_one_millisecond(client: RunsClient, limit: int) -> None:
    made = [client.aws.record(client.aws.clock() - age, "run.failed")["id"] for age in (1, 1, 1, 2, 3, 3)]
    found, token = list[str](), ""
    while True:
        body = client.events(f"?limit={limit}" + (f"&nextToken={token}" if token else "")).body
        found += [event["id"] for event in body["events"]]
        token = body.get("nextToken", "")
        if not token:
            break
    assert sorted(found) == sorted(made)


def test_events_since_and_until_are_those_that_were_emitted_then(client: RunsClient) -> None:
    now = client.aws.clock()
    for hours in (1, 30, 50):
        client.aws.record(now - hours * 3600, "run.failed", str(hours))
    since, until = (iso_instant(client.environment_now(-hours * 3600)) for hours in (40, 20))
    (event,) = client.events(f"?since={since}&until={until}").body["events"]
    assert event["data"]["runName"] == "30"


def test_large_events_make_an_answer_that_a_function_may_give(client: RunsClient) -> None:
    for _ in range(30):
        client.aws.record(client.aws.clock() - 1, "run.failed", error={"name": "x", "message": "x" * 170_000})
    client.aws.page_size = 100
    body = client.events().body
    assert 10 < len(body["events"]) < 20
    assert body["nextToken"]


@pytest.mark.parametrize(("query", "field"), [("type=failed", "type.0"), ("state=FAILED", "state")])
def test_a_bad_question_is_rejected_by_name(client: RunsClient, query: str, field: str) -> None:
    answered = client.events(f"?{query}")
    assert (answered.status, answered.body["field"]) == (400, field)
