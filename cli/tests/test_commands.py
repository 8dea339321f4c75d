"""Commands in this process: what they ask, what they print for machines, how they fail."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.tests.support import records
from cli.tests.support.fake_api import DROPPED, FakeStack
from cli.tests.support.playing import ESCAPES, Time, play

AS_JSON = {
    "run night_load": "name",
    "run night_load --watch": "state",
    "watch 51c2d5": "state",
    "show 8fdd7432": "request",
    "abort 8fdd7432": "wasOver",
    "ls": "runs",
    "rerun 51c2d5": "rerunOf",
    "rerun --failed": "runs",
    "rerun --failed --dry-run": "runs",
    "logs 51c2d5": "lines",
    "jobs": "jobs",
    "job night_load": "medianSeconds",
    "cost": "groups",
    "use --stack farsync": "api_url",
}


@pytest.mark.parametrize("line", AS_JSON)
def test_every_command_prints_one_document_with_json(line: str, environ: Mapping[str, str]) -> None:
    played = play(*line.split(), "--json", environ=environ, columns=None)
    assert AS_JSON[line] in json.loads(played.output)


def test_events_are_a_document_a_line(environ: Mapping[str, str], stack: FakeStack) -> None:
    lines = play("events", "tail", "--json", environ=environ, columns=None).output.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [event["id"] for event in stack.events[::-1]]


def test_following_events_shows_each_once_until_ctrl_c(environ: Mapping[str, str], stack: FakeStack) -> None:
    later = {**stack.events[0], "id": "f" * 64, "time": "2026-11-22T06:30:04Z"}
    time = Time()

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.slept) == 3:
            raise KeyboardInterrupt
        stack.events[:0] = [later] if later not in stack.events else []

    newest = stack.events[0]["id"]
    line = "events tail -n 1 --follow --json"
    played = play(*line.split(), environ=environ, time=time, sleep=sleep, columns=None)
    assert played.code == 130
    assert [json.loads(shown)["id"] for shown in played.output.splitlines()] == [newest, later["id"]]


def test_an_error_is_an_object_with_json(environ: Mapping[str, str]) -> None:
    played = play("show", "ffffff", "--json", environ=environ, columns=None)
    assert (played.code, played.output) == (2, "")
    assert json.loads(played.errors)["error"] == "RunNotFound"


@pytest.mark.parametrize("line", ["ls --since 2d", "show 51c2d5", "job night_load", "events tail", "jobs"])
def test_piped_there_is_neither_colour_nor_cut(line: str, environ: Mapping[str, str]) -> None:
    played = play(*line.split(), environ=environ, columns=None)
    assert played.code == 0
    assert "\x1b" not in played.raw
    assert "…" not in played.raw


def test_a_list_asks_for_what_its_options_say(environ: Mapping[str, str], stack: FakeStack) -> None:
    play("ls", "--failed", "--running", "--since", "2h", "--job", "night_load", "-c", "default", environ=environ)
    call = stack.calls[-1]
    assert call.path == "/connections/default/runs"
    assert call.query == {
        "state": "FAILED,TIMED_OUT,UNOBSERVABLE,RUNNING,STOPPING",
        "since": "2026-11-22T04:30:00+00:00",
        "job": "5Yns7JgRt25f",
        "limit": "20",
    }


def test_a_list_is_read_over_pages_and_says_that_there_is_more(environ: Mapping[str, str], stack: FakeStack) -> None:
    stack.page_size = 2
    played = play("ls", "--limit", "3", environ=environ, columns=None)
    assert len(played.output.strip().splitlines()) == 4
    assert "There are more" in played.errors


def test_a_run_request_from_a_file_lies_below_the_options(
    environ: Mapping[str, str], stack: FakeStack, tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    file.write_text('{"connection": "default", "parameters": {"a": "1", "b": "2"}, "timeoutSeconds": 60}')
    options = ["-p", "b=3", "--label", "team=night", "--key", "k", "--if-running", "wait"]
    assert play("run", "night_load", "--request", str(file), *options, environ=environ).code == 0
    assert stack.calls[-1].headers["idempotency-key"] == "k"
    assert stack.calls[-1].body == {
        "job": "night_load",
        "parameters": {"a": "1", "b": "3"},
        "labels": {"team": "night"},
        "timeoutSeconds": 60,
        "ifRunning": "wait",
    }


@pytest.mark.parametrize(
    "line",
    ["run", "nonsense", "rerun", "rerun 51c2d5 --failed", "rerun --failed --watch", "run j -p x", "ls --state GOOD",
     "use --region r", "events tail --type good", "cost --by colour", "logs 51c2d5 --tail 0", "run j --request /no"],
)  # fmt: skip
def test_a_wrong_call_says_where_help_is(line: str, environ: Mapping[str, str]) -> None:
    played = play(*line.split(), environ=environ)
    assert played.code == 2
    assert played.output.startswith("Usage: ")
    assert "--help" in played.output


def test_what_was_run_again_before_is_left_out(environ: Mapping[str, str], stack: FakeStack) -> None:
    stack.runs[records.SUCCEEDED][0] = {**stack.runs[records.SUCCEEDED][0], "labels": {"rerunOf": records.FAILED}}
    play("rerun", "--failed", "--yes", environ=environ)
    again = [call for call in stack.calls if call.method == "POST"]
    assert [call.path for call in again] == [
        f"/runs/{name}/rerun" for name in (records.UNOBSERVABLE, records.TIMED_OUT)
    ]
    assert len({call.headers["idempotency-key"] for call in again}) == 2


def test_one_that_cannot_run_again_does_not_keep_the_others(environ: Mapping[str, str], stack: FakeStack) -> None:
    listing: tuple[int, Any, dict[str, str]] = (
        200,
        {"runs": [records.item(runs[-1]) for runs in stack.runs.values()]},
        {},
    )
    problem = {"type": "JobNotRunnable", "title": "t", "status": 409, "detail": "It is a draft."}
    stack.next_answers = [listing, (409, problem, {})]
    played = play("rerun", "--failed", "--yes", environ=environ, columns=None)
    assert played.code == 2
    assert "JobNotRunnable: It is a draft." in played.errors
    assert played.output.count("runs again as") == 2


class TestWatching:
    def test_the_line_shows_state_time_median_and_deadline(self, environ: Mapping[str, str]) -> None:
        played = play("run", "night_load", "--watch", environ=environ)
        lines = [ESCAPES.sub("", line) for line in played.raw.split("\r\x1b[2K")]
        assert any("RUNNING  0:00  being started  " in line for line in lines)
        assert any("RUNNING  0:07  3% of the median 4:08  deadline 07:03" in line for line in lines)
        assert any("deadline 07:03 (in 33:12)" in line for line in lines)

    def test_in_a_log_each_change_is_a_line(self, environ: Mapping[str, str]) -> None:
        played = play("run", "night_load", "--watch", environ=environ, columns=None)
        assert [line.split("  ")[1:3] for line in played.errors.splitlines()[1:]] == [
            ["0:00", "being started"],
            ["0:05", "2% of the median 4:08"],
        ]
        assert played.output.startswith("SUCCEEDED  night_load")

    def test_ctrl_c_leaves_the_run_alone_and_says_how_to_go_on(
        self, environ: Mapping[str, str], stack: FakeStack
    ) -> None:
        def interrupted(_seconds: float) -> None:
            raise KeyboardInterrupt

        played = play("watch", "8fdd7432", environ=environ, sleep=interrupted)
        assert played.code == 130
        assert "the run goes on. Follow it: farsync watch 8fdd7432. Stop it: farsync abort 8fdd7432" in played.output
        assert not [call for call in stack.calls if call.method == "POST"]

    def test_a_network_that_is_away_for_a_while_ends_nothing(
        self, environ: Mapping[str, str], stack: FakeStack
    ) -> None:
        time = Time()

        def sleep(seconds: float) -> None:
            if not time.slept:
                stack.next_answers = [DROPPED] * 9
            time.sleep(seconds)

        played = play("run", "night_load", "--watch", environ=environ, time=time, sleep=sleep)
        assert played.code == 0
        assert "trying again: No answer from http://127.0.0.1" in played.raw

    def test_rights_that_go_away_in_the_middle_leave_the_run_alone(
        self, environ: Mapping[str, str], stack: FakeStack
    ) -> None:
        def sleep(_seconds: float) -> None:
            stack.next_answers = [(403, {"message": "The security token included in the request is expired"}, {})]

        played = play("watch", "8fdd7432", environ=environ, sleep=sleep, columns=None)
        assert played.code == 4
        assert "The run goes on. Follow it: farsync watch 8fdd7432." in played.errors

    def test_a_run_that_is_not_there_is_a_fault_of_usage(self, environ: Mapping[str, str]) -> None:
        assert play("watch", "ffffff", environ=environ).code == 2


def test_a_start_without_an_answer_is_not_known_and_says_how_to_repeat_it(
    environ: Mapping[str, str], stack: FakeStack
) -> None:
    play("use", "--stack", "farsync", environ=environ)
    stack.next_answers = [DROPPED]
    played = play("run", "night_load", "--key", "night-22", environ=environ, columns=None)
    assert played.code == 4
    assert "it is one run: --key night-22" in played.errors


def test_a_log_cannot_steer_the_terminal(environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LOG", ["a\x1b]0;title\x07b"])
    assert "\x1b]0" not in play("logs", "51c2d5", environ=environ).raw
    assert play("logs", "51c2d5", environ=environ, columns=None).raw == "a\x1b]0;title\x07b\n"


def test_a_fault_of_ours_is_no_traceback_and_no_outcome(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("farsync_client.client.Farsync.get_run", None)
    played = play("show", "8fdd7432", environ=environ)
    assert played.code == 4
    assert "Fault: farsync itself failed: TypeError" in played.output
    assert "Traceback" not in played.output


def test_names_are_offered_only_to_who_may_list_them(environ: Mapping[str, str], stack: FakeStack) -> None:
    play("use", "--stack", "farsync", environ=environ)
    wrong = {"type": "JobNotFound", "title": "t", "status": 404, "detail": "no such job"}
    stack.next_answers = [(404, wrong, {}), (403, {"message": "Forbidden"}, {})]
    played = play("run", "night_lode", environ=environ, columns=None)
    assert (played.code, "Did you mean" in played.errors) == (2, False)
    assert "JobNotFound: no such job" in played.errors
