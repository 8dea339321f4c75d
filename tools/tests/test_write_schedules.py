"""A file of schedules becomes a stack. What is wrong with a file: test_schedule_faults.py."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from farsync_schedules.stack import STACK
from sandbox.aws.template.yaml_document import load_document
from tools import write_schedules
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
        ({"endDate": "9999-12-31T23:59:59Z"}, True),
    ],
)
def test_a_schedule_is_left_out_a_day_after_its_last_time_and_so_deleted_by_the_next_deployment(
    tmp_path: Path, change: dict[str, object], is_left: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    code, schedules = write(tmp_path, {**ENTRY, **change})
    assert (code, len(schedules)) == (0, int(is_left))
    assert ("night: is over; left out" in capsys.readouterr().out) is not is_left


def test_the_name_of_a_run_is_made_of_its_job_as_scheduler_fills_it_in(tmp_path: Path) -> None:
    _, (schedule,) = write(tmp_path, {**ENTRY, "request": {"job": "load <aws.scheduler.scheduled-time>"}})
    assert json.loads(schedule["Target"]["Input"])["nameParts"][0] == ["load <aws.scheduler.scheduled-time>"]


def test_a_template_that_cloudformation_would_not_take_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = {"job": "j", "parameters": {"sql": "x" * 100_000}}
    entries = [{**ENTRY, "name": f"night-{number}", "request": request} for number in range(9)]
    assert write(tmp_path, *entries)[0] == 0
    (tmp_path / "out" / "template.json").write_text("{}")
    aliased = [f"{{name: n{number}, expression: rate(1 day), request: *r}}" for number in range(11)]
    aliased[0] = aliased[0].replace("*r", f"&r {json.dumps(request)}")
    (tmp_path / "schedules.yaml").write_text(f"schedules: [{', '.join(aliased)}]")
    arguments = [str(tmp_path / "schedules.yaml"), str(tmp_path / "out" / "template.json")]
    assert write_schedules.main(arguments, NOW) == 2
    assert "CloudFormation takes 1000000; split the file" in capsys.readouterr().err
    assert (tmp_path / "out" / "template.json").read_text() == "{}"


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
