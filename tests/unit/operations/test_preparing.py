import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.model.errors import AlreadyRunning, DeadlineExceeded, InvalidRequest, JobNotFound, JobNotRunnable
from farsync.operations.cancel_execution import cancel
from farsync.operations.prepare_execution import prepare
from farsync.providers.naver.dataflow import NaverDataFlow
from farsync.runtime.request import Invocation
from tests.support.emulators import Naver
from tests.support.waiting import eventually
from tests.unit.operations.old_cloud import DATA_FLOW, Cloud, cloud, now_iso, slow_cloud  # noqa: F401
from tests.unit.operations.run_calls import executed, prepared


def deadline_after(run: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(run["deadlineAt"]) - datetime.fromisoformat(run["startedAt"])


def test_a_run_takes_its_name_and_its_beginning_from_the_state_machine(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    run = prepared(cloud, job, "2026-11-21T03:00:00.5Z")
    assert run["name"] == "a-run"
    assert run["startedAt"] == "2026-11-21T03:00:00.500Z"
    assert run["v"] == 1
    assert run["provider"] == cloud.emulator.connection
    assert run["jobName"].startswith("job_")


def test_without_a_word_a_run_may_take_the_jobs_own_time_out_plus_ten_minutes(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    minutes = cloud.provider().get_job(job).timeout_minutes or 360
    assert deadline_after(cloud.ask(prepare, {"job": job})) == timedelta(minutes=minutes + 10)


@pytest.mark.parametrize("cloud", DATA_FLOW, indirect=True)
def test_a_time_out_in_the_requests_condition_moves_the_deadline(cloud: Cloud) -> None:
    run = cloud.ask(prepare, {"job": cloud.emulator.make_job(), "condition": {"timeout": 5}})
    assert deadline_after(run) == timedelta(minutes=5 + 10)


@pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)
@pytest.mark.parametrize(
    ("stored_minutes", "allowed"),
    [
        (2880, timedelta(minutes=2880 + 10)),
        (0, timedelta(minutes=360 + 10)),
        (-5, timedelta(minutes=360 + 10)),
        (10**400, timedelta(days=30)),
    ],
)
def test_a_stored_time_out_counts_where_it_makes_sense_and_as_long_as_a_run_may_take(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, stored_minutes: int, allowed: timedelta
) -> None:
    job = cloud.provider().get_job(cloud.emulator.make_job())
    as_stored = job.model_copy(update={"timeout_minutes": stored_minutes})
    monkeypatch.setattr(NaverDataFlow, "get_job", lambda *_, **__: as_stored)
    for nothing_said in ({}, {"condition": {"timeout": 0}}):
        assert deadline_after(cloud.ask(prepare, {"job": job.job, **nothing_said})) == allowed


def test_the_request_may_say_how_long_a_run_may_take(cloud: Cloud) -> None:
    run = cloud.ask(prepare, {"job": cloud.emulator.make_job(), "timeoutSeconds": 90})
    assert deadline_after(run) == timedelta(seconds=90)


@pytest.mark.parametrize("cloud", DATA_FLOW, indirect=True)
def test_the_jobs_stored_run_settings_travel_to_the_start(cloud: Cloud) -> None:
    run = cloud.ask(prepare, {"job": cloud.emulator.make_job()})
    assert run["condition"]["nrn"] == "nrn:PUB:IAM::1:Role/r"


def test_the_baseline_holds_the_newest_twenty_executions_and_the_past_durations(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    started = [executed(cloud, job) for _ in range(25)]
    for execution_id in started:
        cloud.wait_until_over(job, execution_id)
    run = cloud.ask(prepare, {"job": job})
    assert len(run["baseline"]["executionIds"]) == 20
    assert set(run["baseline"]["executionIds"]) <= set(started)
    assert len(run["pastDurationsSeconds"]) == 20


def test_past_failures_are_kept_apart_from_successes(cloud: Cloud) -> None:
    job = cloud.emulator.make_job(source="no-such-folder")
    for _ in range(3):
        cloud.wait_until_over(job, executed(cloud, job))
    run = cloud.ask(prepare, {"job": job})
    assert len(run["pastFailuresSeconds"]) == 3
    assert run["pastDurationsSeconds"] == []


def test_the_run_variable_stays_under_one_kilobyte_beside_the_jobs_own_settings(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    for _ in range(25):
        cloud.wait_until_over(job, executed(cloud, job))
    identity = {"name": "n" * 74, "startedAt": now_iso(), "redriveCount": 0}
    run = cloud.ask(prepare, {"request": {"job": job}, "run": identity})
    assert len(run["baseline"]["executionIds"]) == 20
    of_day_long_runs = {**run, "pastDurationsSeconds": [86_399] * 20, "condition": None}
    assert len(json.dumps(of_day_long_runs, separators=(",", ":"))) < 1024


def test_an_unknown_job_and_an_unknown_connection_are_kept_apart(cloud: Cloud) -> None:
    with pytest.raises(JobNotFound):
        cloud.ask(prepare, {"job": "NoSuchJob123"})
    with pytest.raises(InvalidRequest, match="connection"):
        cloud.ask(prepare, {"job": "x", "connection": "no/such"})


@pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)
def test_a_draft_cannot_be_run_and_its_state_is_named(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    assert isinstance(cloud.emulator, Naver)
    cloud.emulator.save_as_draft(job)
    with pytest.raises(JobNotRunnable, match=r"stands in state '(DRAFT|EDITING)'"):
        cloud.ask(prepare, {"job": job})


def test_a_request_that_wants_no_second_execution_is_rejected_while_one_runs(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    running = executed(slow_cloud, job)
    with pytest.raises(AlreadyRunning, match=running):
        slow_cloud.ask(prepare, {"job": job, "ifRunning": "fail"})
    slow_cloud.ask(cancel, {"job": job, "executionId": running})
    assert slow_cloud.ask(prepare, {"job": job, "ifRunning": "fail"})["job"] == job


def test_a_run_that_waits_for_its_turn_knows_for_which_execution(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    assert "turnOf" not in prepared(slow_cloud, job, ifRunning="wait")
    running = executed(slow_cloud, job)
    run = prepared(slow_cloud, job, ifRunning="wait")
    assert run["turnOf"] == running
    assert "executionId" not in run


def test_without_a_word_a_run_does_not_care_what_runs_beside_it(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    executed(slow_cloud, job)
    assert not {"turnOf", "executionId"} & prepared(slow_cloud, job).keys()


def test_a_run_whose_time_is_up_is_over_even_while_its_provider_is_away(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    slow_cloud.server.stop()
    with pytest.raises(DeadlineExceeded):
        prepared(slow_cloud, job, "2026-11-21T03:00:00Z", timeoutSeconds=5)


def test_a_redriven_run_that_prepares_anew_has_nothing_to_search_for(cloud: Cloud) -> None:
    identity = {"name": "a-run", "startedAt": now_iso(), "redriveCount": 2}
    run = cloud.ask(prepare, {"request": {"job": cloud.emulator.make_job()}, "run": identity})
    assert run["redrivesSearched"] == 2


def test_what_the_event_repeats_travels_with_the_run(cloud: Cloud) -> None:
    secret = {cloud.emulator.parameter: {"secret": "token"}}
    run = prepared(cloud, cloud.emulator.make_job(), labels={"team": "night"}, parameters=secret)
    assert (run["labels"], run["hasSecretParameters"]) == ({"team": "night"}, True)
    assert "token" not in json.dumps(run)


@pytest.mark.parametrize("window", [0, 60, 900])
def test_an_unconfirmed_start_is_searched_for_after_its_window_and_the_time_of_a_function(
    cloud: Cloud, window: int
) -> None:
    run = prepared(cloud, cloud.emulator.make_job(), consistencyWindowSeconds=window)
    assert run["consistencyWaitSeconds"] == window + 35


def test_a_request_that_attaches_gets_the_newest_execution_that_runs(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    assert slow_cloud.ask(prepare, {"job": job, "ifRunning": "attach"}).get("executionId") is None
    executed(slow_cloud, job)
    newest = eventually_newer(slow_cloud, job)
    run = slow_cloud.ask(prepare, {"job": job, "ifRunning": "attach"})
    assert (run["executionId"], run["isAttached"]) == (newest, True)
    assert not {"baseline", "condition"} & run.keys()


def eventually_newer(cloud: Cloud, job: str) -> str:
    """A second execution, of another second than the first: Data Flow tells no finer times."""
    first_created = cloud.provider().list_executions(job).items[0].created_at
    assert first_created is not None
    eventually(lambda: datetime.now(UTC) > first_created + timedelta(seconds=1))
    return str(executed(cloud, job))


def test_runs_that_begin_together_do_not_call_their_provider_together(cloud: Cloud) -> None:
    request = {"request": {"job": cloud.emulator.make_job()}, "run": {"name": "a-run", "startedAt": now_iso()}}
    pauses: list[float] = []
    environment = cloud.environment._replace(sleep=pauses.append)
    for _ in range(3):
        prepare(environment, Invocation("state_machine", request))
    assert len(set(pauses)) == 3
    assert max(pauses) <= 0.5


def test_an_invalid_request_reaches_no_provider(cloud: Cloud) -> None:
    cloud.emulator.add_fault("x", "get_job", "http_500", times=100)
    with pytest.raises(InvalidRequest, match="timeoutSeconds"):
        cloud.ask(prepare, {"job": "x", "timeoutSeconds": -1})
