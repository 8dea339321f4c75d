"""`GET /runs/{name}`: a run as Step Functions remembers it, its execution as a real provider shows it now."""

import json
from urllib.parse import quote

import pytest

from farsync.model.names import run_event_id
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.shown_runs import Scene

pytestmark = pytest.mark.parametrize("cloud", ["naver-G1", "huawei-12-words"], indirect=True)


@pytest.fixture
def scene(cloud: Cloud) -> Scene:
    return Scene(cloud)


class TestOpen:
    def test_a_run_that_has_only_begun_has_neither_execution_nor_deadline(self, scene: Scene) -> None:
        assert scene.shown() == {
            "name": "x",
            "state": "RUNNING",
            "connection": "default",
            "job": scene.job,
            "step": "Prepare",
            "startedAt": "2026-11-21T03:00:00Z",
            "request": scene.request,
        }

    def test_a_prepared_run_has_a_deadline_and_its_jobs_name(self, scene: Scene) -> None:
        shown = scene.prepared().shown()
        assert (shown["step"], shown["deadlineAt"]) == ("Start", "2026-11-21T04:00:00Z")
        assert shown["jobName"] == "night"
        assert "execution" not in shown

    def test_a_run_at_its_start_may_have_posted_already_and_says_what_went_wrong(self, scene: Scene) -> None:
        scene.prepared().scheduled()
        scene.run.history.failed("StartUnconfirmed", "the reply was lost").entered("AwaitConsistency")
        shown = scene.shown()
        assert shown["step"] == "AwaitConsistency"
        assert shown["lastError"] == {"name": "StartUnconfirmed", "message": "the reply was lost"}

    def test_a_run_that_waits_for_its_turn_shows_no_error(self, scene: Scene) -> None:
        scene.variable["turnOf"] = "another"
        scene.prepared().scheduled()
        scene.run.history.answered({"outcome": "postponed", "run": scene.variable, "waitSeconds": 30})
        scene.run.history.entered("Decide").entered("StartLater")
        shown = scene.shown()
        assert shown["step"] == "StartLater"
        assert not {"lastError", "execution"} & shown.keys()

    def test_a_followed_run_shows_its_execution_as_the_provider_sees_it_now(self, scene: Scene, cloud: Cloud) -> None:
        scene.started()
        execution_id = scene.variable["executionId"]
        cloud.wait_until_over(scene.job, execution_id)
        shown = scene.shown()
        assert (shown["state"], shown["step"]) == ("RUNNING", "Follow")
        assert shown["execution"] == {
            "executionId": execution_id,
            "status": "SUCCEEDED",
            "providerStatus": cloud.emulator.succeeded_word,
            "startedAt": "2026-11-21T03:00:02Z",
            "isAttached": False,
        }
        assert not {"lastError", "event", "result"} & shown.keys()

    def test_the_provider_is_asked_once_for_an_open_run_and_never_for_one_without_an_execution(
        self, scene: Scene, cloud: Cloud
    ) -> None:
        poll = cloud.emulator.operations["poll"]
        scene.shown()
        assert cloud.emulator.requests_of(poll) == 0
        scene.started().shown()
        assert cloud.emulator.requests_of(poll) == 1

    def test_an_attached_run_says_that_somebody_else_started_its_execution(self, scene: Scene) -> None:
        assert scene.started(isAttached=True).shown()["execution"]["isAttached"] is True

    def test_where_the_provider_is_away_the_run_is_shown_without_a_status_and_with_the_reason(
        self, scene: Scene, cloud: Cloud
    ) -> None:
        scene.started()
        cloud.server.stop()
        shown = scene.shown()
        assert shown["execution"].keys() == {"executionId", "startedAt", "isAttached"}
        assert shown["lastError"]["name"] == "ProviderUnavailable"

    def test_an_execution_that_the_provider_does_not_know_is_no_error_of_the_page(self, scene: Scene) -> None:
        shown = scene.started("no-such-execution").shown()
        assert shown["lastError"]["name"] == "ExecutionNotFound"
        assert "status" not in shown["execution"]


class TestOver:
    def test_a_run_that_succeeded_shows_its_result_and_its_event(self, scene: Scene, cloud: Cloud) -> None:
        data = {"status": "SUCCEEDED", "providerStatus": "COMPLETED", "eventId": "hash"}
        scene.started().ended("SUCCEEDED", output=json.dumps(data))
        shown = scene.shown()
        assert shown["event"] == {"id": "hash", "type": "io.farsync.execution.succeeded"}
        assert shown["result"] == data
        assert shown["execution"]["providerStatus"] == "COMPLETED"
        assert shown["stoppedAt"] == "2026-11-21T03:01:00Z"
        assert not {"step", "error", "cause", "lastError"} & shown.keys()
        assert cloud.emulator.requests_of(cloud.emulator.operations["poll"]) == 0

    @pytest.mark.parametrize(
        ("status", "error"),
        [("FAILED", "ExecutionFailed"), ("CANCELED", "ExecutionCanceled"), ("TIMED_OUT", "DeadlineExceeded")],
    )
    def test_a_run_whose_execution_failed_shows_its_result_instead_of_the_cause(
        self, scene: Scene, status: str, error: str
    ) -> None:
        data = {"status": status, "error": {"name": error}, "eventId": "hash", "final": True}
        shown = scene.started().ended("FAILED", error=error, cause=json.dumps(data)).shown()
        assert (shown["error"], shown["result"]) == (error, data)
        assert shown["event"] == {"id": "hash", "type": f"io.farsync.execution.{status.lower()}"}
        assert "cause" not in shown

    def test_a_run_that_lost_sight_of_its_execution_shows_that_event_until_the_true_end_is_emitted(
        self, scene: Scene
    ) -> None:
        scene.started().ended("FAILED", error="RunUnobservable", cause='{"eventId": "lost", "final": false}')
        lost = run_event_id("x", 0)
        scene.event(lost, "run.unobservable", error={"name": "RunUnobservable", "message": "m"})
        assert scene.shown()["event"] == {"id": lost, "type": "io.farsync.run.unobservable"}
        scene.event(scene.end_id, "execution.succeeded", status="SUCCEEDED")
        assert scene.shown()["event"] == {"id": scene.end_id, "type": "io.farsync.execution.succeeded"}

    def test_a_rejected_run_shows_in_words_why_before_its_event_and_with_it(self, scene: Scene) -> None:
        scene.scheduled(run={"name": "x"})
        cause = json.dumps({"errorMessage": "no such job", "errorType": "JobNotFound", "stackTrace": []})
        shown = scene.ended("FAILED", error="JobNotFound", cause=cause).shown()
        assert (shown["error"], shown["cause"]) == ("JobNotFound", "no such job")
        assert not {"event", "execution"} & shown.keys()
        data = scene.event(run_event_id("x", 0), "run.failed", error={"name": "JobNotFound", "message": "no such job"})
        shown = scene.shown()
        assert (shown["event"]["type"], shown["result"]) == ("io.farsync.run.failed", data)
        assert "cause" not in shown

    def test_an_aborted_run_shows_its_event_once_its_execution_has_stopped_and_always_who_aborted_it(
        self, scene: Scene
    ) -> None:
        scene.started().ended("ABORTED", error="RunAborted", cause="by hand")
        shown = scene.shown()
        assert (shown["error"], shown["cause"]) == ("RunAborted", "by hand")
        assert not {"event", "result", "step"} & shown.keys()
        scene.event(scene.end_id, "execution.canceled", status="CANCELED")
        shown = scene.shown()
        assert (shown["event"]["type"], shown["cause"]) == ("io.farsync.execution.canceled", "by hand")

    @pytest.mark.parametrize(
        "cause",
        [
            '{"status":"SUCCEEDED"}',
            '{"status":"SUCCEEDED","eventId":"x","final":true}',
            '{"status":"NONSENSE","eventId":5}',
            '{"errorMessage":"me"}',
            "[]",
        ],
    )
    def test_an_abort_whose_cause_looks_like_a_result_is_an_abort(self, scene: Scene, cause: str) -> None:
        shown = scene.started().ended("ABORTED", error="mine", cause=cause).shown()
        assert (shown["state"], shown["cause"]) == ("ABORTED", cause)
        assert not {"event", "result"} & shown.keys()

    @pytest.mark.parametrize("output", ['{"status":"NONSENSE","eventId":"x"}', "{}", "[]", "5", '"text"'])
    def test_a_result_that_nobody_of_us_wrote_is_none(self, scene: Scene, output: str) -> None:
        assert "result" not in scene.started().ended("SUCCEEDED", output=output).shown()

    def test_a_redriven_run_shows_the_event_of_its_newest_redrive(self, scene: Scene) -> None:
        scene.ended("FAILED", error="JobNotFound", cause="words")
        scene.run.redrive_count = 2
        scene.event(run_event_id("x", 0), "run.failed")
        assert "event" not in scene.shown()
        scene.event(run_event_id("x", 2), "run.failed")
        assert scene.shown()["event"]["id"] == run_event_id("x", 2)


class TestNames:
    @pytest.mark.parametrize("name", ["nightly.2026-11-21", "월말", "a_b-c@1"])
    def test_a_run_is_shown_by_any_name_that_step_functions_takes(self, scene: Scene, name: str) -> None:
        scene.aws.runs = {name: scene.run}
        assert scene.client().call("GET /runs/{name}", f"/runs/{quote(name)}").body["name"] == name

    @pytest.mark.parametrize("name", ["a b", "a:b", "a/b", "*", "x" * 81])
    def test_what_can_be_no_name_is_rejected(self, scene: Scene, name: str) -> None:
        answered = scene.client().call("GET /runs/{name}", f"/runs/{quote(name, safe='')}")
        assert (answered.status, answered.body["field"]) == (400, "name")

    def test_a_run_that_nobody_knows_is_not_found(self, scene: Scene) -> None:
        assert scene.client().call("GET /runs/{name}", "/runs/unknown").body["type"] == "RunNotFound"


class TestOddInputs:
    @pytest.mark.parametrize("given", ["[1]", "5", "{}", "null", '"text"', '{"job": 5, "connection": [1]}'])
    def test_a_run_with_an_odd_input_is_shown_all_the_same(self, scene: Scene, given: str) -> None:
        scene.run.input = given
        assert scene.shown()["state"] == "RUNNING"

    def test_a_rejected_run_of_an_odd_input_says_what_to_hand_over(self, scene: Scene) -> None:
        scene.run.input = "[]"
        cause = json.dumps({"errorMessage": "the input must be a run request", "errorType": "InvalidRequest"})
        assert scene.ended("FAILED", error="InvalidRequest", cause=cause).shown()["cause"].startswith("the input")
