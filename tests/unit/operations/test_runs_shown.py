"""`GET /runs/{name}`: a run as Step Functions remembers it, its execution as the provider shows it now."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from farsync.model.names import run_event_id
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import AT_ONCE, BOTH, a_cloud
from tests.unit.operations.marks import only
from tests.unit.operations.shown_run import BEGAN, ENDED, ShownRun

BOTH_CLOUDS = only("run", *BOTH)


@pytest.fixture(params=["data-flow"])
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ShownRun]:
    with a_cloud(request.param, tmp_path, **AT_ONCE) as cloud:
        yield ShownRun(cloud)


class TestOpen:
    def test_a_run_that_has_only_begun_has_neither_execution_nor_deadline(self, run: ShownRun) -> None:
        known = {"name": "x", "state": "RUNNING", "connection": "default", "job": run.job, "step": "Prepare"}
        assert run.shown() == {**known, "startedAt": BEGAN, "labels": {}, "request": run.request}
        assert run.polls == 0

    def test_a_run_at_its_start_has_a_deadline_and_its_jobs_name_and_says_what_went_wrong(self, run: ShownRun) -> None:
        run.starting().failed("StartUnconfirmed", "the reply was lost").entered("AwaitConsistency")
        shown = run.shown()
        assert (shown["step"], shown["deadlineAt"]) == ("AwaitConsistency", run.variable["deadlineAt"])
        assert shown["jobName"].startswith("job_")
        assert shown["lastError"] == {"name": "StartUnconfirmed", "message": "the reply was lost"}
        assert "execution" not in shown

    @BOTH_CLOUDS
    @pytest.mark.parametrize("is_attached", [False, True])
    def test_a_followed_run_shows_its_execution_as_the_provider_sees_it_now(
        self, run: ShownRun, is_attached: bool
    ) -> None:
        run.started(isAttached=is_attached)
        run.cloud.wait_until_over(run.variable["executionId"])
        shown = run.shown()
        assert (shown["state"], shown["step"]) == ("RUNNING", "Follow")
        assert shown["execution"] == {
            "executionId": run.variable["executionId"],
            "status": "SUCCEEDED",
            "providerStatus": run.cloud.emulator.succeeded_word,
            "startedAt": "2026-11-21T12:00:02Z",
            "isAttached": is_attached,
        }
        assert not {"lastError", "event", "result"} & shown.keys()
        assert run.polls == 1

    @pytest.mark.parametrize("error", ["ProviderUnavailable", "ExecutionNotFound"])
    def test_where_the_provider_does_not_show_it_the_run_is_shown_without_a_status_and_with_the_reason(
        self, run: ShownRun, error: str
    ) -> None:
        run.started("987654321")
        if error == "ProviderUnavailable":
            run.cloud.emulator.stop()
        shown = run.shown()
        assert shown["execution"].keys() == {"executionId", "startedAt", "isAttached"}
        assert shown["lastError"]["name"] == error


class TestOver:
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            ("SUCCEEDED", None),
            ("FAILED", "ExecutionFailed"),
            ("CANCELED", "ExecutionCanceled"),
            ("TIMED_OUT", "DeadlineExceeded"),
        ],
    )
    def test_a_run_whose_execution_has_ended_shows_its_result_and_its_event(
        self, run: ShownRun, status: str, error: str | None
    ) -> None:
        data = {"status": status, "providerStatus": "A_WORD", "eventId": "hash", "estimatedCostUsd": 0.5}
        how = {"error": error, "cause": json.dumps(data)} if error else {"output": json.dumps(data)}
        shown = run.started().ended("FAILED" if error else "SUCCEEDED", **how).shown()
        assert shown["event"] == {"id": "hash", "type": f"io.farsync.execution.{status.lower()}"}
        assert shown["state"] == status
        assert (shown.get("error"), shown["result"], shown["stoppedAt"]) == (error, data, ENDED)
        assert (shown["execution"]["providerStatus"], shown["costUsd"]) == ("A_WORD", 0.5)
        assert not {"step", "cause", "lastError"} & shown.keys()
        assert run.polls == 0

    @BOTH_CLOUDS
    def test_a_run_that_lost_sight_of_its_execution_shows_that_event_until_the_true_end_is_emitted(
        self, run: ShownRun
    ) -> None:
        run.started().ended("FAILED", error="RunUnobservable", cause='{"eventId": "lost", "final": false}')
        lost, end_id = run_event_id("x", 0), run.end_id
        run.event(lost, "run.unobservable", error={"name": "RunUnobservable", "message": "m"})
        shown = run.shown()
        assert shown["event"] == {"id": lost, "type": "io.farsync.run.unobservable"}
        assert shown["state"] == "UNOBSERVABLE"
        run.event(end_id, "execution.succeeded", status="SUCCEEDED")
        assert run.shown()["event"] == {"id": end_id, "type": "io.farsync.execution.succeeded"}

    def test_a_rejected_run_shows_in_words_why_before_its_event_and_with_it(self, run: ShownRun) -> None:
        cause = json.dumps({"errorMessage": "no such job", "errorType": "JobNotFound", "stackTrace": []})
        shown = run.ended("FAILED", error="JobNotFound", cause=cause).shown()
        assert (shown["state"], shown["error"], shown["cause"]) == ("STOPPING", "JobNotFound", "no such job")
        assert not {"event", "execution"} & shown.keys()
        data = run.event(run_event_id("x", 0), "run.failed", error={"name": "JobNotFound", "message": "no such job"})
        shown = run.shown()
        assert (shown["state"], shown["event"]["type"], shown["result"]) == ("FAILED", "io.farsync.run.failed", data)
        assert "cause" not in shown

    def test_an_aborted_run_shows_its_event_once_its_execution_has_stopped_and_always_who_aborted_it(
        self, run: ShownRun
    ) -> None:
        shown = run.started().ended("ABORTED", error="RunAborted", cause="by hand").shown()
        assert (shown["state"], shown["error"], shown["cause"]) == ("STOPPING", "RunAborted", "by hand")
        assert not {"event", "result", "step"} & shown.keys()
        run.event(run.end_id, "execution.canceled", status="CANCELED")
        shown = run.shown()
        assert (shown["event"]["type"], shown["cause"]) == ("io.farsync.execution.canceled", "by hand")

    @pytest.mark.parametrize(
        "cause", ['{"status":"SUCCEEDED","eventId":"x","final":true}', '{"errorMessage":"me"}', "[]"]
    )
    def test_an_abort_whose_cause_looks_like_a_result_is_an_abort(self, run: ShownRun, cause: str) -> None:
        shown = run.started().ended("ABORTED", error="mine", cause=cause).shown()
        assert (shown["state"], shown["cause"]) == ("STOPPING", cause)
        assert not {"event", "result"} & shown.keys()

    @pytest.mark.parametrize("output", ['{"status":"NONSENSE","eventId":"x"}', "{}", "[]", "5"])
    def test_a_result_that_nobody_of_us_wrote_is_none(self, run: ShownRun, output: str) -> None:
        assert "result" not in run.started().ended("SUCCEEDED", output=output).shown()

    def test_a_redriven_run_shows_the_event_of_its_newest_redrive(self, run: ShownRun) -> None:
        run.ended("FAILED", error="JobNotFound", cause="words")
        run.run.redrive_count = 2
        run.event(run_event_id("x", 0), "run.failed")
        assert "event" not in run.shown()
        run.event(run_event_id("x", 2), "run.failed")
        assert run.shown()["event"]["id"] == run_event_id("x", 2)


def test_a_run_is_shown_with_its_labels_and_the_time_from_which_its_parameters_are_written(run: ShownRun) -> None:
    time = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}
    run.run.request = {"job": "a", "labels": {"team": "night"}, "parameters": {"a": "b", "day": time}}
    shown = run.shown()
    assert (shown["labels"], shown["scheduledAt"]) == ({"team": "night"}, "2026-11-21T18:00:00Z")


@pytest.mark.parametrize("name", ["nightly.2026-11-21", "월말", "a_b-c@1"])
def test_a_run_is_shown_by_any_name_that_step_functions_takes(run: ShownRun, name: str) -> None:
    run.cloud.aws.runs[name] = run.run
    assert run.client.get(quote(name)).body["name"] == name


@pytest.mark.parametrize("name", ["a b", "a:b", "a/b", "*", "x" * 81, "a\uffff", "a\x85"])
def test_a_text_that_can_be_no_name_is_rejected(run: ShownRun, name: str) -> None:
    answered = run.client.get(quote(name, safe=""))
    assert (answered.status, answered.body["field"]) == (400, "name")


@pytest.mark.parametrize("read", ["DescribeExecution", "GetExecutionHistory"])
def test_a_run_that_was_accepted_a_moment_ago_is_shown_and_aborted_though_step_functions_lags(
    run: ShownRun, read: str
) -> None:
    name = str(run.client.post({"job": run.job}).body["name"])
    run.cloud.aws.reject(read, code="ExecutionDoesNotExist", times=3)
    assert run.client.get(name).body["state"] == "RUNNING"
    run.cloud.aws.reject(read, code="ExecutionDoesNotExist", times=3)
    assert run.client.abort(name).status == 202


def test_a_run_that_does_not_turn_up_is_not_found_after_some_seconds(run: ShownRun) -> None:
    begun = run.cloud.clock()
    assert run.client.get("-".join(["0" * 24] * 3)).body["type"] == "RunNotFound"
    assert run.cloud.clock() - begun <= 3


class TestShortNames:
    @staticmethod
    def put(run: ShownRun, *last_parts: str) -> list[str]:
        names = [f"{'a' * 24}-{'b' * 24}-{last.ljust(24, '0')}" for last in last_parts]
        run.cloud.aws.runs.update(dict.fromkeys(names, run.run))
        for name in names:
            run.cloud.aws.runs[name] = Run(name, json.dumps(run.request))
        return names

    @pytest.mark.parametrize("short", ["123456", "1234567", "123456".ljust(24, "0")])
    def test_a_run_is_found_by_the_beginning_of_the_last_part_of_its_name(self, run: ShownRun, short: str) -> None:
        wanted, *_ = self.put(run, "123456", "123457", "912345")
        if short == "1234567":
            (wanted,) = self.put(run, "1234567")
        assert run.client.get(short).body["name"] == wanted

    def test_it_may_be_aborted_and_run_again_so_too(self, run: ShownRun) -> None:
        (wanted,) = self.put(run, "123456")
        again = run.client.rerun(name="123456").body["name"]
        assert run.cloud.aws.runs[again].request["labels"] == {"rerunOf": wanted}
        assert run.client.abort("123456").body["name"] == wanted

    def test_two_runs_of_one_beginning_are_named_in_the_rejection(self, run: ShownRun) -> None:
        names = self.put(run, "1234560", "1234561")
        answered = run.client.get("123456")
        assert (answered.status, answered.body["field"]) == (400, "name")
        assert all(name in answered.body["detail"] for name in names)

    @pytest.mark.parametrize("short", ["12345", "x23456", "123456-1"])
    def test_what_is_no_beginning_is_searched_for_nowhere(self, run: ShownRun, short: str) -> None:
        self.put(run, "123456")
        assert run.client.get(short).body["type"] == "RunNotFound"
        assert "ListExecutions" not in run.cloud.aws.asked

    def test_a_name_that_a_caller_gave_goes_before(self, run: ShownRun) -> None:
        self.put(run, "123456")
        run.cloud.aws.runs["123456"] = run.run
        assert run.client.get("123456").body["name"] == "123456"

    def test_the_search_ends(self, run: ShownRun) -> None:
        self.put(run, *(f"{number:06d}" for number in range(30)))
        assert run.client.get("ffffff").body["type"] == "RunNotFound"
        assert run.cloud.aws.asked.count("ListExecutions") == 10


def test_a_run_that_nobody_knows_is_not_found(run: ShownRun) -> None:
    assert run.client.get("unknown").body["type"] == "RunNotFound"


def test_a_history_that_aws_does_not_give_is_a_problem_with_a_name(run: ShownRun) -> None:
    run.cloud.aws.reject("GetExecutionHistory")
    assert run.client.get().body["type"] == "Throttled"


@pytest.mark.parametrize("given", ["[1]", "5", "{}", "null", '{"job": 5, "connection": [1]}'])
def test_a_run_of_an_odd_input_is_shown_all_the_same(run: ShownRun, given: str) -> None:
    run.run.input = given
    assert run.shown()["state"] == "RUNNING"
