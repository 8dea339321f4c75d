"""One job for many days."""

import json
from collections.abc import Mapping

from cli.tests.support.fake_api import FakeStack
from cli.tests.support.playing import Time, play

LINE = "backfill night_load --param day --from 2026-01-01 --to 2026-01-31"


def test_a_backfill_is_started_by_its_state_machine(environ: Mapping[str, str], stack: FakeStack) -> None:
    options = "--format %Y%m%d --every 7 --parallel 3 --stop-on-failures 2 --intent again -p a=b --label team=night"
    played = play(*LINE.split(), *options.split(), "--name", "reload", environ=environ, columns=None)
    assert (played.code, played.output) == (0, "Backfill reload of night_load has begun.\n")
    assert stack.backfills[0]["stateMachineArn"].endswith(":stateMachine:farsync-run_backfill")
    assert stack.backfills[0]["name"] == "reload"
    assert json.loads(stack.backfills[0]["input"]) == {
        "connection": "default",
        "job": "5Yns7JgRt25f",
        "dates": {"from": "2026-01-01", "to": "2026-01-31", "parameter": "day", "everyDays": 7, "format": "%Y%m%d"},
        "parameters": {"a": "b"},
        "labels": {"team": "night"},
        "maxConcurrency": 3,
        "stopOnFailures": 2,
        "intent": "again",
    }


def test_a_plan_starts_nothing(environ: Mapping[str, str], stack: FakeStack) -> None:
    plan = json.loads(play(*LINE.split(), "--plan", "--json", environ=environ, columns=None).output)
    assert (len(plan["items"]), stack.backfills) == (31, [])


def test_watching_reports_how_it_goes_and_how_it_ended(environ: Mapping[str, str]) -> None:
    time = Time()
    played = play(*LINE.split(), "--watch", "--json", environ=environ, time=time, columns=None)
    assert played.code == 1
    assert "RUNNING  5:00  31 sets; runs since: 1 running" in played.errors
    assert json.loads(played.output)["undecided"] == 1
    assert time.slept == [15.0]


def test_what_nobody_knows_has_an_exit_code_of_its_own(environ: Mapping[str, str], stack: FakeStack) -> None:
    data = {"total": 1, "undecided": 1}
    stack.backfill_states = [{"status": "FAILED", "startDate": 1795328700.0, "error": "E", "cause": json.dumps(data)}]
    assert play(*LINE.split(), "--watch", environ=environ).code == 4


def test_ctrl_c_leaves_it_alone_and_says_how_to_follow_it(environ: Mapping[str, str]) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    played = play(*LINE.split(), "--watch", "--name", "reload", environ=environ, sleep=interrupted, columns=None)
    assert played.code == 130
    assert "the backfill goes on. Follow it: the same command with --name reload" in played.errors
