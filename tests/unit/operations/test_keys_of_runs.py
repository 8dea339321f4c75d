"""`Idempotency-Key`: one key of one caller is one request, and one run of it."""

import json

import pytest

from tests.unit.operations.aws_in_memory import Killed
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import only
from tests.unit.operations.runs_client import RunsClient

pytestmark = only("cloud", "data-flow")


@pytest.fixture
def client(cloud: Cloud) -> RunsClient:
    return RunsClient(cloud)


@pytest.fixture
def body(cloud: Cloud) -> dict[str, str]:
    return {"job": cloud.job}


def test_a_key_of_a_caller_is_one_run_in_whatever_session_of_its_role(client: RunsClient, body: dict[str, str]) -> None:
    role = "arn:aws:sts::123456789012:assumed-role/etl"
    first, again = (client.post(body, "night", caller=f"{role}/{session}") for session in ("one", "two"))
    assert first == again
    assert client.post(body, "night", caller="arn:aws:iam::123456789012:user/other").body != first.body
    assert len(client.aws.runs) == 2


def test_a_key_that_was_used_with_another_request_starts_nothing_and_says_what_differs(
    cloud: Cloud, client: RunsClient, body: dict[str, str]
) -> None:
    other_job = cloud.emulator.make_job()
    first = client.post(body, "night")
    exchanges = cloud.emulator.exchanges
    others = {
        "job": client.post({"job": other_job}, "night"),
        "connection": client.post(body, "night", connection="other"),
        "labels": client.post({**body, "labels": {"a": "b"}}, "night"),
        "providerOptions": client.post({**body, "providerOptions": {"triggerId": "T63391JxQHNj"}}, "night"),
    }
    for field, other in others.items():
        assert (other.status, other.body["type"]) == (409, "IdempotencyConflict")
        assert f"differs in {field};" in other.body["detail"]
    assert list(client.aws.runs) == [first.body["name"]]
    # Whether the other job is the first one's name, the provider alone knows.
    assert cloud.emulator.exchanges == exchanges + 1


def test_a_claim_starts_the_run_by_itself_and_holds_no_default_that_a_later_release_may_add(
    client: RunsClient, body: dict[str, str]
) -> None:
    """Otherwise a repeat would be another request."""
    name = client.post(body, "night").body["name"]
    (claim,) = client.aws.claims.values()
    wanted = {"connection": "default", **body}
    assert claim.request == {"machine": "run_job", "name": name, "input": wanted}
    assert client.aws.runs[name].request == wanted


@pytest.mark.parametrize("claims", [0, 1])
def test_a_call_that_was_cut_off_before_its_run_began_is_repeated_and_the_run_begins(
    client: RunsClient, body: dict[str, str], claims: int
) -> None:
    client.aws.kill("after" if claims else "before", "StartExecution")
    with pytest.raises(Killed):
        client.post(body, "night")
    assert (len(client.aws.claims), len(client.aws.runs)) == (claims, 0)
    assert client.post(body, "night").body["name"] in client.aws.runs


def test_a_repeat_asks_no_provider_and_finds_the_run_in_whatever_form_and_state_it_is(
    cloud: Cloud, client: RunsClient, body: dict[str, str]
) -> None:
    """`start_once` may have started it, its job may be gone since."""
    first = client.post(body, "night")
    run = client.aws.runs[first.body["name"]]
    run.input, run.status = json.dumps(run.request, indent=1), "SUCCEEDED"
    cloud.emulator.stop()
    assert client.post(body, "night") == first


def test_a_key_that_is_forgotten_before_its_run_starts_no_run_of_another_request(
    client: RunsClient, body: dict[str, str]
) -> None:
    client.post(body, "night")
    client.aws.claims.clear()
    assert client.post({**body, "labels": {"a": "b"}}, "night").body["type"] == "IdempotencyConflict"


def test_a_request_that_is_rejected_takes_no_key(client: RunsClient, body: dict[str, str]) -> None:
    assert client.post({"job": "NoSuchJob123"}, "night").status == 404
    assert client.aws.claims == {}
    assert client.post(body, "night").status == 202


@pytest.mark.parametrize("key", ["", "k" * 256, "밤"])
def test_a_key_that_cannot_be_kept_is_rejected(client: RunsClient, body: dict[str, str], key: str) -> None:
    assert client.post(body, key).body["field"] == "idempotency-key"
