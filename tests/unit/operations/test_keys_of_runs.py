"""`Idempotency-Key`: one key of one caller is one request, and one run of it."""

import json

import pytest

from tests.unit.operations.http_client import HttpClient
from tests.unit.operations.http_runs import client_of, post
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.remembered_runs import FunctionDied, RememberedRuns

pytestmark = pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)


@pytest.fixture
def remembered() -> RememberedRuns:
    return RememberedRuns()


@pytest.fixture
def client(cloud: Cloud, remembered: RememberedRuns) -> HttpClient:
    return client_of(cloud, remembered)


def test_one_key_of_one_caller_is_one_run_in_whatever_session_of_its_role(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    body = {"job": cloud.emulator.make_job()}
    role = "arn:aws:sts::123456789012:assumed-role/etl"
    first, again = (post(client, body, "night", caller=f"{role}/{session}") for session in ("one", "two"))
    assert first == again
    assert post(client, body, "night", caller="arn:aws:iam::123456789012:user/other").body != first.body
    assert len(remembered.runs) == 2


def test_a_key_that_was_used_with_another_request_starts_nothing_and_says_what_differs(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    body, other_job = {"job": cloud.emulator.make_job()}, cloud.emulator.make_job()
    first = post(client, body, "night")
    requests_before = cloud.emulator.control("GET", "requests")["counts"]
    others = {
        "job": post(client, {"job": other_job}, "night"),
        "connection": post(client, body, "night", connection="other"),
        "labels": post(client, {**body, "labels": {"a": "b"}}, "night"),
    }
    for field, other in others.items():
        assert (other.status, other.body["type"]) == (409, "IdempotencyConflict")
        assert f"differs in {field};" in other.body["detail"]
    assert list(remembered.runs) == [first.body["name"]]
    assert cloud.emulator.control("GET", "requests")["counts"] == requests_before


def test_the_same_request_written_in_another_way_is_a_repeat(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    job = cloud.emulator.make_job()
    first = post(client, {"job": job, "timeoutSeconds": 60, "condition": {"a": 1}}, "night")
    assert post(client, {"condition": {"a": 1.0}, "timeoutSeconds": 60.0, "job": job}, "night") == first
    assert len(remembered.runs) == 1


def test_a_default_that_a_release_adds_makes_no_repeat_another_request(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    post(client, {"job": cloud.emulator.make_job()}, "night")
    (claim,) = remembered.claims.values()
    assert json.loads(claim.input)["input"].keys() == {"connection", "job"}


@pytest.mark.parametrize("starts", [0, 1])
def test_a_call_that_was_cut_off_before_its_run_began_is_repeated_and_the_run_begins(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns, starts: int
) -> None:
    body = {"job": cloud.emulator.make_job()}
    remembered.dies_after_starts = starts
    with pytest.raises(FunctionDied):
        post(client, body, "night")
    assert (len(remembered.claims), len(remembered.runs)) == (starts, 0)
    remembered.dies_after_starts = None
    assert post(client, body, "night").body["name"] in remembered.runs


def test_a_key_of_which_start_once_has_started_the_run_already_is_accepted(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    body = {"job": cloud.emulator.make_job()}
    first = post(client, body, "night")
    run = remembered.runs[first.body["name"]]
    run.input = json.dumps(json.loads(run.input), indent=1)
    assert post(client, body, "night") == first


def test_a_key_that_is_forgotten_before_its_run_starts_no_run_of_another_request(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    body = {"job": cloud.emulator.make_job()}
    post(client, body, "night")
    remembered.claims.clear()
    assert post(client, {**body, "labels": {"a": "b"}}, "night").body["type"] == "IdempotencyConflict"


def test_what_is_rejected_takes_no_key(cloud: Cloud, client: HttpClient, remembered: RememberedRuns) -> None:
    assert post(client, {"job": "NoSuchJob123"}, "night").status == 404
    assert remembered.claims == {}
    assert post(client, {"job": cloud.emulator.make_job()}, "night").status == 202


def test_a_claim_starts_the_run_by_itself_under_the_same_name(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    answered = post(client, {"job": cloud.emulator.make_job()}, "night")
    (claim,) = remembered.claims.values()
    started = json.loads(claim.input)
    assert (started["machine"], started["name"]) == ("run_job", answered.body["name"])
    assert started["input"] == json.loads(remembered.runs[answered.body["name"]].input)


def test_a_repeat_asks_no_provider_so_that_a_job_that_is_gone_since_changes_nothing(
    cloud: Cloud, client: HttpClient, remembered: RememberedRuns
) -> None:
    first = post(client, {"job": cloud.emulator.make_job()}, "night")
    remembered.runs[first.body["name"]].status = "SUCCEEDED"
    cloud.server.stop()
    request = json.loads(remembered.runs[first.body["name"]].input)
    assert post(client, request, "night") == first


@pytest.mark.parametrize("key", ["", "k" * 256, "밤"])
def test_a_key_that_cannot_be_kept_is_rejected(cloud: Cloud, client: HttpClient, key: str) -> None:
    assert post(client, {"job": cloud.emulator.make_job()}, key).body["field"] == "idempotency-key"
