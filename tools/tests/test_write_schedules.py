"""A file of schedules becomes a stack, or every fault in it is reported by entry, field and remedy."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.aws.template.yaml_document import load_document
from tools import write_schedules
from tools.schedules.reading import MOST_SCHEDULES
from tools.schedules.stack import STACK
from tools.states_language import ROOT

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
ENTRY: dict[str, Any] = {"name": "night", "expression": "cron(0 3 * * ? *)", "request": {"job": "5Yns7JgRt25f"}}


def write(folder: Path, *entries: object) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and the schedules of the template."""
    file, template = folder / "schedules.yaml", folder / "out" / "template.json"
    file.write_text(yaml.safe_dump({"schedules": list(entries)}, allow_unicode=True))
    code = write_schedules.main([str(file), str(template)], NOW)
    resources = json.loads(template.read_text())["Resources"] if template.exists() else {}
    return code, [each["Properties"] for each in resources.values() if each["Type"] == "AWS::Scheduler::Schedule"]


def test_the_example_becomes_a_stack_that_cloudformation_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template.json"
    assert write_schedules.main([str(ROOT / "schedules.example.yaml"), str(template)], NOW) == 0
    linter = Path(sys.executable).parent / "cfn-lint"
    linted = subprocess.run([linter, template], capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")
    assert "night-load: fires next at 2026-11-22 18:00 UTC" in capsys.readouterr().out


BACKFILL = {"job": "j", "intent": "<aws.scheduler.scheduled-time>", "parameterSets": [{"$t": "a"}, {"$t": "b"}]}


@pytest.mark.parametrize(
    ("machine", "request_"), [("run_job", {"job": "j"}), ("run_backfill", BACKFILL)], ids=["a run", "a backfill"]
)
def test_a_schedule_starts_what_is_named_by_job_connection_schedule_and_time_tries_a_day_and_keeps_what_it_missed(
    tmp_path: Path, machine: str, request_: dict[str, object]
) -> None:
    _, (schedule,) = write(tmp_path, {**ENTRY, "machine": machine, "request": request_})
    target = schedule["Target"]
    assert json.loads(target["Input"]) == {
        "machine": machine,
        "nameParts": [
            ["j"],
            ["default"],
            ["schedule", "<aws.scheduler.schedule-arn>", "<aws.scheduler.scheduled-time>"],
        ],
        "input": request_,
    }
    assert target["Arn"] == {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-StartOnceStateMachineArn"}}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["MissedQueue", "Arn"]}}


def test_window_dates_and_state_are_those_of_the_file(tmp_path: Path) -> None:
    dates = {"startDate": "2026-12-01T00:00:00+09:00", "endDate": "2027-12-01T00:00:00+09:00"}
    _, (schedule,) = write(
        tmp_path, {**ENTRY, **dates, "flexibleMinutes": 15, "enabled": False, "timezone": "Asia/Seoul"}
    )
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
    code, schedules = write(tmp_path, {**ENTRY, **change})
    assert (code, len(schedules)) == (0, int(is_left))
    assert ("night: is over; left out" in capsys.readouterr().out) is not is_left


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ({"name": "a b"}, "schedule 2 (a b): name: must match pattern"),
        (
            {"expression": "every night"},
            "schedule 2 (late): ScheduleExpression 'every night': must be rate(...), at(...)",
        ),
        ({"expression": "cron(0 0 30 2 ? *)"}, "its expression names no time at all"),
        ({"timezone": "Asia/Atlantis"}, "ScheduleExpressionTimezone 'Asia/Atlantis': is not known"),
        ({"machine": "run_backfill"}, "schedule 2 (late): request.parameterSets: give either parameterSets or dates"),
        ({"request": {"job": "j", "dates": {}}}, "request.dates: is not a known field"),
        (
            {"startDate": "2026-12-02T00:00:00Z", "endDate": "2026-12-01T00:00:00Z"},
            "its startDate must be before its endDate",
        ),
        ({"cron": "x"}, "cron: is not a known field; remove it (known: description,"),
        ({"request": {}}, "schedule 2 (late): request.job: is required; add it"),
        (
            {"request": {"job": "j", "parameters": {"$n": {"time": "<aws.scheduler.scheduled-time>"}}}},
            "request.parameters.$n.timezone: is required; add it",
        ),
        (
            {"request": {"job": "j", "labels": {"at": "<aws.scheduler.scheduled-tme>"}}},
            "request: <aws.scheduler.scheduled-tme> is not known here; use <aws.scheduler.scheduled-time>",
        ),
        (
            {"request": {"job": "j", "parameters": {"sql": "x" * 103_000}}},
            "schedule 2 (late): request.$: the run request must be at most 102400 bytes",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:60],
)
def test_a_fault_is_reported_by_entry_field_and_remedy_and_nothing_is_written(
    tmp_path: Path, change: dict[str, object], reported: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(tmp_path, ENTRY, {**ENTRY, "name": "late", **change}) == (2, [])
    assert reported in capsys.readouterr().err


def test_a_stack_that_cloudformation_does_not_take_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = {"job": "j", "parameters": {"sql": "x" * 100_000}}
    assert write(tmp_path, *({**ENTRY, "name": f"n{number}", "request": request} for number in range(10))) == (2, [])
    assert "makes a stack of more than 1000000 bytes; split it" in capsys.readouterr().err


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**ENTRY, "enabled": 1}, "night", ENTRY, ENTRY)
    lines = capsys.readouterr().err.splitlines()
    assert ["schedule 1 (night)" in lines[0], "schedule 2: must be" in lines[1]] == [True, True], lines
    assert "name: night stands there more than once" in lines[2]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("schedule: []", "must hold one list named schedules; see schedules.example.yaml"),
        ("schedules: [", "is not YAML"),
        (json.dumps({"schedules": [ENTRY] * (MOST_SCHEDULES + 1)}), "one stack takes 490; split the file"),
        (None, "cannot be read: No such file"),
    ],
    ids=["another key", "no YAML", "too many", "no file"],
)
def test_a_file_that_is_none_of_schedules_is_rejected(
    tmp_path: Path, text: str | None, reported: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "file.yaml").write_text(text)
    assert write_schedules.main([str(tmp_path / "file.yaml"), str(tmp_path / "t.json")], NOW) == 2
    assert reported in capsys.readouterr().err


def test_a_platform_asks_of_the_stack_what_it_asks_of_farsyncs_own() -> None:
    stack, of_farsync = load_document(STACK), load_document(ROOT / "template.yaml")
    operations = load_document(ROOT / "operations.yaml")
    for name in stack["Parameters"].keys() - {"FarsyncStack"}:
        parameters = (document["Parameters"][name] for document in (stack, of_farsync))
        own, theirs = ({**parameter, "Description": ""} for parameter in parameters)
        assert own == theirs
    assert stack["Conditions"].items() <= {**of_farsync["Conditions"], **operations["Conditions"]}.items()
    resources = {name: resource["Properties"] for name, resource in stack["Resources"].items()}
    assert resources["ScheduleRole"]["Path"] == {"Ref": "RolePath"}
    alarm, undelivered = resources["MissedAlarm"], operations["Resources"]["UndeliveredAlarm"]["Properties"]
    own_values = {"AlarmName", "AlarmDescription", "Dimensions"}
    assert {key: alarm[key] for key in alarm.keys() - own_values} == {
        key: undelivered[key] for key in undelivered.keys() - own_values
    }


@pytest.mark.parametrize(
    ("resource", "property_", "condition", "given"),
    [
        ("ScheduleRole", "PermissionsBoundary", "HasPermissionsBoundary", {"Ref": "PermissionsBoundaryArn"}),
        ("MissedQueue", "KmsMasterKeyId", "HasKmsKey", {"Ref": "KmsKeyArn"}),
        ("MissedAlarm", "AlarmActions", "HasAlarmTopic", [{"Ref": "AlarmTopicArn"}]),
    ],
)
def test_the_stack_passes_on_what_a_platform_gives(
    resource: str, property_: str, condition: str, given: object
) -> None:
    properties = load_document(STACK)["Resources"][resource]["Properties"]
    assert properties[property_] == {"Fn::If": [condition, given, {"Ref": "AWS::NoValue"}]}
