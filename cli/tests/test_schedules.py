"""The file of schedules, and its stack."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.tests.support.fake_api import FakeStack
from cli.tests.support.playing import play

DAY = {"time": "<aws.scheduler.scheduled-time>", "timezone": "Asia/Seoul"}
NIGHTLY = {
    "name": "nightly",
    "expression": "cron(0 3 * * ? *)",
    "timezone": "Asia/Seoul",
    "request": {"job": "5Yns7JgRt25f", "parameters": {"day": DAY}},
}
HOURLY = {"name": "hourly", "expression": "rate(1 hour)", "request": {"job": "orders_hourly", "connection": "huawei"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "schedules.yaml"


def write(file: Path, *entries: Mapping[str, object]) -> str:
    file.write_text(json.dumps({"schedules": entries}))  # JSON is YAML too
    return str(file)


def deploy(file: Path, environ: Mapping[str, str], *entries: Mapping[str, object]) -> str:
    played = play("schedules", "deploy", write(file, *entries), "--yes", environ=environ, columns=None)
    assert played.code == 0, played.errors
    return played.output


def test_a_file_is_checked_and_shows_the_next_time_there_and_here(file: Path, environ: Mapping[str, str]) -> None:
    played = play("schedules", "check", write(file, NIGHTLY, HOURLY), environ=environ, columns=None)
    assert played.code == 0
    assert "nightly" in played.output
    assert "Nov 23 03:00  18:00" in played.output


def test_all_faults_of_a_file_are_shown_by_line(file: Path, environ: Mapping[str, str]) -> None:
    wrong = {**NIGHTLY, "timezone": "Seoul", "request": {"jobb": "x"}}
    played = play("schedules", "check", write(file, wrong), environ=environ, columns=None)
    assert played.code == 1
    assert all(f"schedule 1 (nightly): {field}: " in played.output for field in ("timezone", "request.job"))


def test_deploying_shows_what_changes(file: Path, environ: Mapping[str, str], stack: FakeStack) -> None:
    assert deploy(file, environ, NIGHTLY) == "added    nightly\nStack farsync-schedules is deployed.\n"
    changed = {**NIGHTLY, "enabled": False}
    assert deploy(file, environ, changed, HOURLY).startswith("added    hourly\nchanged  nightly\n")
    assert deploy(file, environ, HOURLY).startswith("removed  nightly\n")
    assert deploy(file, environ, HOURLY) == "Nothing would change.\nStack farsync-schedules was so already.\n"


def test_a_difference_is_the_exit_code(file: Path, environ: Mapping[str, str]) -> None:
    deploy(file, environ, NIGHTLY)
    assert play("schedules", "diff", str(file), environ=environ, columns=None).code == 0
    assert play("schedules", "diff", write(file, HOURLY), environ=environ, columns=None).code == 1


def test_a_time_is_fired_under_the_schedules_own_name(file: Path, environ: Mapping[str, str], stack: FakeStack) -> None:
    deploy(file, environ, NIGHTLY)
    line = "schedules fire nightly --at 2026-11-21T18:00 --json"
    first, second = (json.loads(play(*line.split(), environ=environ, columns=None).output) for _ in "12")
    assert first == second
    given = json.loads(stack.backfills[-1]["input"])
    arn = "arn:aws:scheduler:ap-northeast-2:123456789012:schedule/farsync-schedules/nightly"
    assert given["nameParts"][2] == ["schedule", arn, "2026-11-21T18:00:00Z"]
    assert given["input"]["parameters"]["day"] == {**DAY, "time": "2026-11-21T18:00:00Z"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("schedules ls --schedules other", "StackNotFound: There is no stack other"),
        ("schedules fire nighty", "Did you mean nightly?"),
        ("schedules ls --schedules farsync", "Name theirs: --schedules STACK"),
    ],
    ids=["no such stack", "a wrong name", "another stack"],
)
def test_a_wrong_call_says_what_to_correct(
    line: str, words: str, file: Path, environ: Mapping[str, str], stack: FakeStack
) -> None:
    deploy(file, environ, NIGHTLY)
    if "farsync" in line:
        stack.schedules = "AWSTemplateFormatVersion: yaml"
    played = play(*line.split(), environ=environ, columns=None)
    assert played.code in (2, 4)
    assert words in played.errors


def test_deployed_schedules_are_listed(file: Path, environ: Mapping[str, str]) -> None:
    deploy(file, environ, NIGHTLY)
    played = play("schedules", "ls", environ=environ, columns=80)
    assert played.output.splitlines()[1].startswith("nightly")


def test_a_template_too_long_for_a_request_leads_to_another_way(file: Path, environ: Mapping[str, str]) -> None:
    many = [{**HOURLY, "name": f"hourly-{number}"} for number in range(80)]
    played = play("schedules", "deploy", write(file, *many), environ=environ, columns=None)
    assert played.code == 2
    assert "make deploy-schedules" in played.errors
