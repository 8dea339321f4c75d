"""A run's job and its recent executions are read once, which decides whether and until when it runs."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from farsync.model.errors import AlreadyRunning, DeadlineExceeded, JobNotFound, JobNotRunnable
from farsync.operations.prepare_execution import prepare
from farsync.providers.naver.dataflow import NaverDataFlow
from tests.support.emulators import Naver
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import only

DATA_FLOW = only("cloud", "data-flow")


@pytest.mark.parametrize(
    ("stored_minutes", "request_fields", "allowed"),
    [
        (30, {}, timedelta(minutes=30 + 10)),
        (30, {"timeoutSeconds": 90}, timedelta(seconds=90)),
        (30, {"condition": {"timeout": 5}}, timedelta(minutes=5 + 10)),
        (2880, {"condition": {"timeout": 0}}, timedelta(minutes=2880 + 10)),
        (None, {}, timedelta(minutes=360 + 10)),
        (0, {}, timedelta(minutes=360 + 10)),
        (-5, {}, timedelta(minutes=360 + 10)),
        (10**400, {}, timedelta(days=30)),
    ],
    ids=["stored", "asked", "run-settings", "zero-asked", "none-stored", "zero", "negative", "endless"],
)
@DATA_FLOW
def test_a_run_may_take_what_it_asks_for_or_its_jobs_own_time_out_and_ten_minutes(
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    stored_minutes: int | None,
    request_fields: dict[str, Any],
    allowed: timedelta,
) -> None:
    job = cloud.provider().get_job(cloud.job)
    as_stored = job.model_copy(update={"timeout_minutes": stored_minutes})
    monkeypatch.setattr(NaverDataFlow, "get_job", lambda *_, **__: as_stored)
    run = cloud.prepared(**request_fields)
    assert datetime.fromisoformat(run["deadlineAt"]) - datetime.fromisoformat(run["startedAt"]) == allowed
    assert run["condition"]["nrn"] == "nrn:PUB:IAM::1:Role/r", "the stored run settings travel to the start"


def test_the_run_variable_holds_twenty_executions_and_durations_within_a_kilobyte(cloud: Cloud) -> None:
    started = [cloud.post() for _ in range(25)]
    for execution_id in started:
        cloud.wait_until_over(execution_id)
    run = cloud.prepared()
    assert len(run["baseline"]["executionIds"]) == len(run["pastDurationsSeconds"]) == 20
    assert set(run["baseline"]["executionIds"]) <= set(started)
    of_day_long_runs = {**run, "name": "n" * 74, "pastDurationsSeconds": [86_399] * 20, "condition": None}
    assert len(json.dumps(of_day_long_runs, separators=(",", ":"))) < 1024


def test_past_failures_are_kept_apart_from_successes(cloud: Cloud) -> None:
    cloud.job = cloud.emulator.make_job(source="no-such-folder")
    for _ in range(3):
        cloud.wait_until_over(cloud.post())
    run = cloud.prepared()
    assert (len(run["pastFailuresSeconds"]), run["pastDurationsSeconds"]) == (3, [])


@pytest.mark.parametrize("days_later", [-1, 31])
def test_an_end_that_cannot_be_says_nothing_of_how_long_the_job_takes(cloud: Cloud, days_later: int) -> None:
    def distort(body: bytes) -> bytes:
        content = json.loads(body)
        for entry in (*content.get("list", ()), *content.get("instances", ())):
            entry["endDate"] = (cloud.environment.now() + timedelta(days=days_later - 40)).isoformat()
            entry["createdDate"] = (cloud.environment.now() - timedelta(days=40)).isoformat()
            entry["endTime"] = round((cloud.clock() + 86_400 * (days_later - 40)) * 1000)
            entry["planTime"] = round((cloud.clock() - 86_400 * 40) * 1000)
            entry["startDate"] = entry["startTime"] = None
        return json.dumps(content).encode()

    cloud.wait_until_over(cloud.post())
    cloud.emulator.distort = distort
    assert cloud.prepared()["pastDurationsSeconds"] == []


@DATA_FLOW
def test_a_name_in_place_of_an_id_is_rejected_with_the_id_to_write(cloud: Cloud) -> None:
    job = cloud.emulator.make_job(name="night_load")
    with pytest.raises(JobNotFound, match=f"job night_load is a name, and a run takes an id: write {job} in its place"):
        cloud.prepared(job="night_load")


@DATA_FLOW
def test_a_draft_cannot_be_run_and_its_state_is_named(cloud: Cloud) -> None:
    assert isinstance(cloud.emulator, Naver)
    cloud.emulator.save_as_draft(cloud.job)
    with pytest.raises(JobNotRunnable, match=r"stands in state '(DRAFT|EDITING)'"):
        cloud.prepared()


def test_a_request_that_wants_no_second_execution_is_rejected_while_one_runs(slow_cloud: Cloud) -> None:
    running = slow_cloud.post()
    with pytest.raises(AlreadyRunning, match=running):
        slow_cloud.prepared(ifRunning="fail")
    slow_cloud.provider().cancel(slow_cloud.job, running)
    slow_cloud.wait_until_over(running)
    assert slow_cloud.prepared(ifRunning="fail")["job"] == slow_cloud.job


def test_a_run_that_waits_for_its_turn_knows_for_which_execution(slow_cloud: Cloud) -> None:
    assert "waitsFor" not in slow_cloud.prepared(ifRunning="wait")
    running = slow_cloud.post()
    run = slow_cloud.prepared(ifRunning="wait")
    assert run["waitsFor"] == running
    assert "executionId" not in run


def test_a_request_that_attaches_gets_the_newest_execution_that_runs(slow_cloud: Cloud) -> None:
    assert slow_cloud.prepared(ifRunning="attach").get("executionId") is None
    slow_cloud.post()
    slow_cloud.clock.sleep(1)
    newest = slow_cloud.post()
    run = slow_cloud.prepared(ifRunning="attach")
    assert (run["executionId"], run["isAttached"]) == (newest, True)
    assert not {"baseline", "condition"} & run.keys()


def test_a_run_whose_time_is_up_is_over_even_while_its_provider_is_away(cloud: Cloud) -> None:
    cloud.emulator.stop()
    with pytest.raises(DeadlineExceeded):
        cloud.prepared("2026-11-21T03:00:00Z", job="a-job", timeoutSeconds=5)


@DATA_FLOW
def test_a_redriven_run_that_prepares_anew_has_nothing_to_search_for(cloud: Cloud) -> None:
    this_run = {"name": "a-run", "startedAt": "2027-01-15T08:00:00Z", "redriveCount": 2}
    run = cloud.ask(prepare, {"request": {"job": cloud.job}, "run": this_run})
    assert run["redrivesSearched"] == 2


@DATA_FLOW
def test_the_fields_that_the_event_repeats_travel_with_the_run(cloud: Cloud) -> None:
    secret = {cloud.emulator.parameter: {"secret": "token"}}
    run = cloud.prepared(labels={"team": "night"}, parameters=secret)
    assert (run["labels"], run["hasSecretParameters"]) == ({"team": "night"}, True)
    assert (run["v"], run["name"], run["provider"]) == (1, "a-run", "naver")
    assert run["jobName"].startswith("job_")
    assert "token" not in json.dumps(run)


@DATA_FLOW
def test_runs_that_begin_together_do_not_call_their_provider_together(cloud: Cloud) -> None:
    pauses: list[float] = []
    cloud.base = cloud.base._replace(sleep=pauses.append)
    for _ in range(3):
        cloud.prepared()
    assert len(set(pauses)) == 3
    assert max(pauses) <= 0.5
