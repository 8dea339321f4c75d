"""All that is wrong with a file of schedules is reported by line, schedule, field and remedy; nothing is written."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from farsync_schedules.document import LARGEST_FILE_BYTES
from farsync_schedules.reading import MOST_SCHEDULES
from tools import write_schedules

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
ENTRY: dict[str, Any] = {"name": "night", "expression": "cron(0 3 * * ? *)", "request": {"job": "5Yns7JgRt25f"}}


def entry(text: str) -> str:
    return f"schedules:\n  - name: a\n    expression: rate(1 day)\n{text}"


@pytest.fixture
def faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Of a file with this content, as lines without the file's name."""

    def faults_of(content: str | bytes | None) -> list[str]:
        file, template = tmp_path / "file.yaml", tmp_path / "template.json"
        template.write_text("of before")
        if content is not None:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        assert write_schedules.main([str(file), str(template)], NOW) == 2
        assert template.read_text() == "of before"
        return [line.removeprefix(str(file)) for line in capsys.readouterr().err.splitlines()]

    return faults_of


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ({"name": "a b"}, "schedule 2 (a b): name: must match pattern"),
        ({"expression": "every night"}, "schedule 2 (late): expression: must be rate(...), at(...)"),
        ({"expression": "cron(0 0 30 2 ? *)"}, "expression: names no time at all"),
        ({"expression": "rate(1 hours)"}, "expression: write rate(1 hour)"),
        ({"timezone": "Asia/Atlantis"}, "timezone: is no name of the IANA time zone database; write one such as"),
        ({"timezone": "Asia"}, "write one such as Asia/Aden, Asia/Almaty, Asia/Amman"),
        ({"timezone": "asia/seoul"}, "write one such as Asia/Seoul"),
        ({"timezone": "Soul"}, "write one such as Asia/Seoul"),
        ({"timezone": "new york"}, "write one such as America/New_York"),
        ({"timezone": "../../etc/passwd"}, "timezone: is no name of the IANA"),
        ({"timezone": ""}, "timezone: is no name of the IANA"),
        ({"machine": "run_backfill"}, "request.parameterSets: give either parameterSets or dates"),
        ({"machine": "run_jobs"}, "machine: must be 'run_job' or 'run_backfill'"),
        ({"request": {"job": "j", "dates": {}}}, "request.dates: is not a known field"),
        ({"request": {"job": "j", "lables": {}}}, "request.lables: is not a known field; remove it, or write labels"),
        ({"request": {"job": "j", "labels": {5: "a"}}}, "request.labels.5: has a name that is no text"),
        ({"startDate": "2026-12-02T00:00:00Z", "endDate": "2026-12-01T00:00:00Z"}, "endDate: must be after startDate"),
        ({"expression": "at(2026-12-31T00:00:00)", "endDate": "2026-12-01T00:00:00Z"}, "endDate: is ignored by Schedu"),
        ({"startDate": "2026-12-01"}, "startDate: must be a moment with an offset"),
        ({"startDate": "2026-12-01T00:00:00"}, "startDate: must be a moment with an offset"),
        ({"endDate": 20271231}, "endDate: must be a moment with an offset"),
        ({"endDate": 1e9}, "endDate: must be a moment with an offset"),
        ({"endDate": "2027-02-30T00:00:00Z"}, "endDate: must be a moment with an offset"),
        ({"endDate": "9999-12-31T23:59:59-12:00"}, "endDate: must be a moment with an offset"),
        ({"cron": "x"}, "cron: is not a known field; remove it (known: description,"),
        ({"time_zone": "UTC"}, "time_zone: is not a known field; remove it, or write timezone"),
        ({"flexibleMinutes": 1441}, "flexibleMinutes: must be less than or equal to 1440"),
        ({"request": {}}, "schedule 2 (late): request.job: is required; add it"),
        ({"request": ["job"]}, "schedule 2 (late): request: must be a "),
        (
            {"request": {"job": "j", "parameters": {"$n": {"time": "<aws.scheduler.scheduled-time>"}}}},
            "request.parameters.$n.timezone: is required; add it",
        ),
        (
            {"request": {"job": "j", "labels": {"at": "<aws.scheduler.scheduled-tme>"}}},
            "request: <aws.scheduler.scheduled-tme> is not known here; use <aws.scheduler.scheduled-time>",
        ),
        ({"request": {"job": "j", "parameters": {"sql": "x" * 103_000}}}, "request: the run request must be at most"),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:60],
)
def test_a_fault_is_reported_by_schedule_field_and_remedy(
    faults: Any, change: dict[str, object], reported: str
) -> None:
    (fault,) = faults(yaml.safe_dump({"schedules": [ENTRY, {**ENTRY, "name": "late", **change}]}, allow_unicode=True))
    assert reported in fault


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("    request: {job: j}\n    enabled: false\n    enabled: true", "6: schedule 1 (a): enabled: is given twice"),
        ("    request: {job: j, job: k}", "4: schedule 1 (a): request.job: is given twice, first on line 4"),
        ('    request:\n      job: j\n      labels: {a: b,\n        "a": c}', "7: schedule 1 (a): request.labels.a: "),
        ('    request: {job: j, labels: {note: "\\uD83D"}}', "4: schedule 1 (a): request.labels.note: holds half"),
        ('    description: "\\uDC00"\n    request: {job: j}', "4: schedule 1 (a): description: holds half"),
        ("    endDate: 20271231\n    request: {job: j}", "4: schedule 1 (a): endDate: must be a moment"),
        ("    endDate: 2027-12-31\n    request: {job: j}", "4: schedule 1 (a): endDate: must be a moment"),
        ("    enabled: yes\n    request: {job: j}", "4: schedule 1 (a): enabled: must be a valid boolean"),
        ("    flexibleMinutes: 1:30\n    request: {job: j}", "4: schedule 1 (a): flexibleMinutes: must be a valid"),
        ("    request: {job: 2026-11-21, labels: {n: .nan}}", "4: schedule 1 (a): request.labels.n: is a number"),
        ("    request: {job: j, condition: &c {a: [*c]}}", " is not YAML: more than 100000 values, or more than"),
        ("    request: {job: j, condition: {a: !!set {b}}}", "4: schedule 1 (a): request.condition.a: "),
        ("    request: {job: j, condition: {a: !x b}}", "4: is not YAML: could not determine a constructor"),
        ("    request: {? [a] : b}", "4: is not YAML: while constructing a mapping, found unhashable key"),
    ],
    ids=lambda value: value[:50],
)
def test_a_slip_in_yaml_is_reported_by_its_line(faults: Any, text: str, reported: str) -> None:
    (fault,) = faults(entry(text))
    assert fault.startswith(f":{reported}")


def test_values_are_read_as_yaml_1_2_has_them(tmp_path: Path) -> None:
    """And not as 1.1: neither an octal nor a sexagesimal number, nor a date, nor yes and no for booleans."""
    labels = "{a: 12:30, b: yes, c: 2026-11-21T03:00:00Z, on: off}"
    request = f"    request: {{job: 2026-11-21, labels: {labels}, condition: {{timeout: 010}}}}"
    (tmp_path / "file.yaml").write_text(entry(request))
    assert write_schedules.main([str(tmp_path / "file.yaml"), str(tmp_path / "t.json")], NOW) == 0
    (schedule,) = (
        each["Properties"]
        for each in json.loads((tmp_path / "t.json").read_text())["Resources"].values()
        if each["Type"] == "AWS::Scheduler::Schedule"
    )
    assert json.loads(schedule["Target"]["Input"])["input"] == {
        "job": "2026-11-21",
        "labels": {"a": "12:30", "b": "yes", "c": "2026-11-21T03:00:00Z", "on": "off"},
        "condition": {"timeout": 10},
    }


def test_all_faults_of_a_file_are_reported_at_once_from_the_first_line_to_the_last(faults: Any) -> None:
    text = """\
schedules:
  - name: night-load
    expression: cron(0 3 * * ? *)
    request: { job: J }
schedules:
  - name: refunds
    expression: cron(0 4 * * *)
    timezone: Asia/Soul
    enabled: false
    enabled: 1
    request: { job: J, job: 5, lables: {} }
  - refunds
  - name: refunds
    expression: rate(1 day)
    endDate: 20271231
    request:
      job: a/b
      parameters: { $n: { secrte: x } }
sched: []
"""
    assert [fault.partition(";")[0].partition(",")[0] for fault in faults(text)] == [
        ":5: schedules: is given twice",
        ":7: schedule 1 (refunds): expression: cron(0 4 * * *): needs six fields",
        ":8: schedule 1 (refunds): timezone: is no name of the IANA time zone database",
        ":10: schedule 1 (refunds): enabled: is given twice",
        ":10: schedule 1 (refunds): enabled: must be a valid boolean",
        ":11: schedule 1 (refunds): request.job: is given twice",
        ":11: schedule 1 (refunds): request.job: must be a valid string",
        ":11: schedule 1 (refunds): request.lables: is not a known field",
        ":12: schedule 2: must be a JSON object",
        ":13: schedule 3 (refunds): name: is that of schedule 1 too",
        ":15: schedule 3 (refunds): endDate: must be a moment with an offset",
        ":17: schedule 3 (refunds): request.job: must be a job's id as the provider shows it",
        ":18: schedule 3 (refunds): request.parameters.$n.secret: is required",
        ":18: schedule 3 (refunds): request.parameters.$n.secrte: is not a known field",
        ":19: sched: is not a known field",
    ]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(['*' + chr(97 + level)] * 10)}]\n" for level in range(8)
)


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        ("schedule: []", ":1: must hold one list named schedules; see schedules.example.yaml"),
        ("- a", ":1: must hold one list named schedules"),
        ("", ":1: must hold one list named schedules"),
        ("schedules: {a: 1, a: 2}", ":1: must hold one list named schedules"),
        ("a: [", ":1: is not YAML: while parsing a flow node"),
        ("a: b\n\tc: d", ":2: is not YAML: while scanning for the next token"),
        ("a: \x07", ": is not YAML: unacceptable character"),
        (b"a: b\nc: \xff", ":2: is not in UTF-8"),
        (json.dumps({"schedules": [ENTRY] * (MOST_SCHEDULES + 1)}), ":1: has 491 schedules, and one stack takes 490"),
        ("#" * (LARGEST_FILE_BYTES + 1), ": is larger than 1000000 bytes; split it"),
        (LAUGHS, ": is not YAML: more than 100000 values"),
        ("[" * 200 + "]" * 200, ": is not YAML: more than 100000 values, or more than 50"),
        (None, ": cannot be read: No such file"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_file_that_is_none_of_schedules_is_rejected(faults: Any, content: str | bytes | None, reported: str) -> None:
    assert any(fault.startswith(reported) for fault in faults(content))


def test_a_tag_that_another_library_knows_is_none_of_a_schedules_file(
    faults: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(yaml.SafeLoader.yaml_multi_constructors, "!", lambda *_: "anything")
    (fault,) = faults(entry("    request: {job: j, condition: {a: !Ref b}}"))
    assert "could not determine a constructor" in fault
