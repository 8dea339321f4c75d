"""A file of schedules becomes a stack, or every fault in it is told by entry, field and remedy."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools import write_schedules
from tools.schedules.reading import MOST_SCHEDULES
from tools.states_language import ROOT

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
ENTRY: dict[str, Any] = {"name": "night", "expression": "cron(0 3 * * ? *)", "request": {"job": "5Yns7JgRt25f"}}


def write(folder: Path, *entries: object) -> tuple[int, dict[str, Any]]:
    """Exit code and the resources of the template."""
    file, template = folder / "schedules.yaml", folder / "out" / "template.json"
    file.write_text(yaml.safe_dump({"schedules": list(entries)}, allow_unicode=True))
    code = write_schedules.main([str(file), str(template)], NOW)
    return code, json.loads(template.read_text())["Resources"] if template.exists() else {}


def schedules_of(resources: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Scheduler::Schedule"]


def test_the_example_becomes_a_stack_that_cloudformation_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template.json"
    assert write_schedules.main([str(ROOT / "schedules.example.yaml"), str(template)], NOW) == 0
    linter = Path(sys.executable).parent / "cfn-lint"
    linted = subprocess.run([linter, template], capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")
    assert "night-load: fires next at 2026-11-22 18:00 UTC" in capsys.readouterr().out


def test_a_schedule_starts_a_run_named_by_job_connection_schedule_and_time(tmp_path: Path) -> None:
    _, resources = write(tmp_path, ENTRY)
    (schedule,) = schedules_of(resources)
    assert json.loads(schedule["Target"]["Input"]) == {
        "machine": "run_job",
        "nameParts": [
            ["5Yns7JgRt25f"],
            ["default"],
            ["schedule", "<aws.scheduler.schedule-arn>", "<aws.scheduler.scheduled-time>"],
        ],
        "input": {"job": "5Yns7JgRt25f"},
    }
    assert schedule["Target"]["Arn"] == {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-StartOnceStateMachineArn"}}


def test_a_backfill_on_a_schedule_is_named_likewise(tmp_path: Path) -> None:
    request = {"job": "j", "intent": "<aws.scheduler.scheduled-time>", "parameterSets": [{"$t": "a"}, {"$t": "b"}]}
    _, resources = write(tmp_path, {**ENTRY, "machine": "run_backfill", "request": request})
    (schedule,) = schedules_of(resources)
    started = json.loads(schedule["Target"]["Input"])
    assert (started["machine"], started["nameParts"][:2]) == ("run_backfill", [["j"], ["default"]])
    assert started["input"] == request


def test_a_time_is_tried_for_a_day_and_then_kept(tmp_path: Path) -> None:
    _, resources = write(tmp_path, ENTRY)
    (schedule,) = schedules_of(resources)
    assert schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert schedule["Target"]["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["MissedQueue", "Arn"]}}
    (statement,) = [
        one
        for one in resources["ScheduleRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        if one["Action"] == "sqs:SendMessage"
    ]
    assert statement["Resource"] == {"Fn::GetAtt": ["MissedQueue", "Arn"]}
    assert resources["MissedQueue"]["Properties"]["MessageRetentionPeriod"] == 14 * 86400


def test_window_dates_and_state_are_those_of_the_file(tmp_path: Path) -> None:
    dates = {"startDate": "2026-12-01T00:00:00+09:00", "endDate": "2027-12-01T00:00:00+09:00"}
    _, resources = write(
        tmp_path, {**ENTRY, **dates, "flexibleMinutes": 15, "enabled": False, "timezone": "Asia/Seoul"}
    )
    (schedule,) = schedules_of(resources)
    assert schedule["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    assert (schedule["StartDate"], schedule["EndDate"]) == ("2026-11-30T15:00:00Z", "2027-11-30T15:00:00Z")
    assert (schedule["State"], schedule["ScheduleExpressionTimezone"]) == ("DISABLED", "Asia/Seoul")


@pytest.mark.parametrize(
    ("change", "is_left"),
    [
        ({"expression": "at(2026-11-22T07:00:00)"}, True),
        ({"expression": "at(2026-11-21T07:00:00)"}, True),
        ({"expression": "at(2026-11-21T05:00:00)"}, False),
        ({"expression": "at(2026-11-21T05:00:00)", "flexibleMinutes": 120}, True),
        ({"expression": "at(2026-11-21T14:00:00)", "timezone": "Asia/Seoul"}, False),
        ({"endDate": "2026-11-21T05:00:00Z"}, False),
        ({"endDate": "2026-11-21T07:00:00Z"}, True),
    ],
)
def test_a_schedule_is_left_out_a_day_after_its_last_time_and_so_deleted_by_the_next_deployment(
    tmp_path: Path, change: dict[str, object], is_left: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    code, resources = write(tmp_path, {**ENTRY, **change})
    assert (code, len(schedules_of(resources))) == (0, int(is_left))
    assert ("night: is over; left out" in capsys.readouterr().out) is not is_left


def test_names_that_differ_in_signs_alone_are_two_schedules(tmp_path: Path) -> None:
    _, resources = write(tmp_path, {**ENTRY, "name": "a-b"}, {**ENTRY, "name": "a.b"})
    assert [schedule["Name"] for schedule in schedules_of(resources)] == ["a-b", "a.b"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "a b"}, "schedule 2 (a b): name: must match pattern"),
        ({"name": "n" * 65}, "name: must match pattern"),
        (
            {"expression": "every night"},
            "schedule 2 (late): ScheduleExpression 'every night': must be rate(...), at(...)",
        ),
        ({"expression": "cron(0 3 * * * *)"}, "exactly one of day-of-month and day-of-week must be ?"),
        ({"expression": "rate(5)"}, "a rate is a positive number and minutes, hours or days"),
        ({"expression": "cron(0 0 30 2 ? *)"}, "its expression names no time at all"),
        ({"timezone": "Asia/Atlantis"}, "ScheduleExpressionTimezone 'Asia/Atlantis': is not known"),
        ({"flexibleMinutes": 1441}, "flexibleMinutes: must be less than or equal to 1440"),
        ({"enabled": "yes"}, "enabled: must be a valid boolean"),
        ({"machine": "sweep_runs"}, "machine: must be 'run_job' or 'run_backfill'"),
        ({"machine": "run_backfill"}, "schedule 2 (late): request.parameterSets: give either parameterSets or dates"),
        (
            {"machine": "run_backfill", "request": {"job": "j", "dates": {"from": "2026-01-01"}}},
            "request.dates.to: is required; add it",
        ),
        ({"request": {"job": "j", "dates": {}}}, "request.dates: is not a known field"),
        ({"startDate": "2026-12-01T00:00:00"}, "startDate: must have timezone info"),
        (
            {"startDate": "2026-12-02T00:00:00Z", "endDate": "2026-12-01T00:00:00Z"},
            "its startDate must be before its endDate",
        ),
        ({"cron": "x"}, "cron: is not a known field; remove it (known: description,"),
        ({"request": None}, "request: must be a"),
        ({"request": {}}, "schedule 2 (late): request.job: is required; add it"),
        ({"request": {"job": "j", "parameters": {"$n": 5}}}, "request.parameters.$n: must be a string"),
        (
            {"request": {"job": "j", "parameters": {"$n": {"time": "<aws.scheduler.scheduled-time>"}}}},
            "request.parameters.$n.timezone: is required; add it",
        ),
        (
            {"request": {"job": "j", "labels": {"at": "<aws.scheduler.scheduled-tme>"}}},
            "request: <aws.scheduler.scheduled-tme> is not known here; use <aws.scheduler.scheduled-time>",
        ),
    ],
)
def test_a_fault_is_reported_by_entry_field_and_remedy_and_nothing_is_written(
    tmp_path: Path, change: dict[str, object], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, resources = write(tmp_path, ENTRY, {**ENTRY, "name": "late", **change})
    assert (code, resources) == (2, {})
    assert told in capsys.readouterr().err


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**ENTRY, "enabled": 1}, "night", ENTRY, ENTRY)
    lines = capsys.readouterr().err.splitlines()
    assert ["schedule 1 (night)" in lines[0], "schedule 2: must be" in lines[1]] == [True, True], lines
    assert "name: night stands there more than once" in lines[2]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", "must hold one list named schedules; see schedules.example.yaml"),
        ("schedule: []", "must hold one list named schedules"),
        ("schedules: {a: b}", "must hold one list named schedules"),
        ("schedules: [", "is not YAML"),
        (json.dumps({"schedules": [ENTRY] * (MOST_SCHEDULES + 1)}), "one stack takes 490; split the file"),
    ],
)
def test_a_file_that_is_none_of_schedules_says_so(
    tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.yaml").write_text(text)
    assert write_schedules.main([str(tmp_path / "file.yaml"), str(tmp_path / "t.json")], NOW) == 2
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_schedules.main([str(tmp_path / "no.yaml"), str(tmp_path / "t.json")], NOW) == 2
    assert "no.yaml: cannot be read: No such file" in capsys.readouterr().err


def test_a_request_larger_than_a_run_may_be_is_a_fault_of_its_entry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = {**ENTRY, "request": {"job": "j", "parameters": {"sql": "x" * 103_000}}}
    code, resources = write(tmp_path, large)
    assert (code, resources) == (2, {})
    assert "schedule 1 (night): request.$: the run request must be at most 102400 bytes" in capsys.readouterr().err
