"""The tables in the documents say what the code, the template and the schema say."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic.fields import FieldInfo

from farsync.connections.connection import Connection
from farsync.events import cost
from farsync.model.execution import WireModel
from farsync.model.run_request import RunRequest
from farsync.model.time_text import TimeText
from farsync.operations.prepare_execution import DEFAULT_JOB_TIMEOUT_MINUTES, MARGIN_SECONDS
from farsync.operations.run_state import RunState
from farsync.polling import PastRuns, duration_model, next_wait_seconds, policy, poll_schedule
from farsync.providers.huawei.connection import HuaweiConnection
from farsync.providers.naver.connection import NaverConnection
from farsync_schedules.entry import ScheduleEntry
from farsync_schedules.stack import schedules_template
from sandbox.aws.faults import FaultKind, FaultRule
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template.yaml_document import load_document
from sandbox.huawei_dataarts import Settings
from sandbox.huawei_dataarts.routes import OPERATIONS
from sandbox.provider_service.faults import Fault
from tests.support.markdown import ROOT, code_blocks, quoted, rows, section

DOCS = ROOT / "docs"
SANDBOX, INSTALL, SCHEDULES = DOCS / "dev" / "sandbox.md", DOCS / "install.md", DOCS / "schedules.md"
TEMPLATE = load_document(ROOT / "template.yaml")
OF_SCHEDULES = schedules_template([])["Parameters"]
del OF_SCHEDULES["FarsyncStack"]  # the one that is no rule of a platform
SCHEMA = json.loads((DOCS / "completion-event.schema.json").read_text())


@pytest.mark.parametrize(
    ("document", "heading", "model"),
    [
        (DOCS / "run-requests.md", "Fields", RunRequest),
        (SCHEDULES, "The file", ScheduleEntry),
        (SCHEDULES, "The time as a parameter", TimeText),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_field_of_what_people_write_is_reported_with_its_default(
    document: Path, heading: str, model: type[WireModel]
) -> None:
    documented = {name: default for cell, default, _ in rows(document, heading) for name in quoted(cell)}
    assert documented.keys() == {field.alias for field in model.model_fields.values()}
    for field in model.model_fields.values():
        if isinstance(field.default, bool | str | int | dict):
            default = field.default if isinstance(field.default, str) else json.dumps(field.default)
            assert documented[str(field.alias)] == default


@pytest.mark.parametrize(
    ("document", "heading", "parameters"),
    [(INSTALL, "Parameters", TEMPLATE["Parameters"]), (SCHEDULES, "Schedules", OF_SCHEDULES)],
    ids=["of the template", "of schedules"],
)
def test_every_parameter_of_a_stack_is_reported_with_its_default(
    document: Path, heading: str, parameters: Mapping[str, Any]
) -> None:
    documented = {name: default for name, default, _ in rows(document, heading)}
    assert documented == {name: str(given["Default"]) for name, given in parameters.items()}


def test_every_field_of_a_connection_is_reported_for_each_cloud() -> None:
    documented = {name: clouds for name, *clouds, _ in rows(DOCS / "connections.md", "Fields")}
    of_clouds = [_fields_of(NaverConnection), _fields_of(HuaweiConnection)]
    assert documented.keys() == of_clouds[0].keys() | of_clouds[1].keys()
    for name, clouds in documented.items():
        for cell, model in zip(clouds, of_clouds, strict=True):
            expected = "" if name not in model else "must" if model[name].is_required() else "may"
            assert cell.partition(",")[0] == expected, name


def _fields_of(model: type[Connection]) -> dict[str, FieldInfo]:
    return {str(field.alias): field for name, field in model.model_fields.items() if name != "name"}


def test_the_sandboxs_json_line_names_every_state_machine() -> None:
    (line, *_) = code_blocks(SANDBOX, "json")
    machines = {path.name.removesuffix(".asl.yaml") for path in (ROOT / "statemachines").glob("*.asl.yaml")}
    assert json.loads(line.text)["aws"]["stateMachines"].keys() == machines


def test_how_long_the_sandboxs_lambda_waits_for_a_process_is_documented() -> None:
    assert f"a call that finds none free for {AwsSettings.wait_seconds:.0f} s is throttled" in SANDBOX.read_text()


def test_every_field_and_type_of_the_event_is_reported() -> None:
    assert [row[0] for row in rows(DOCS / "events.md", "Types")] == SCHEMA["properties"]["type"]["enum"]
    shown = {name for name, _, _ in rows(DOCS / "events.md", "Fields")}
    definitions = SCHEMA["$defs"]
    data = definitions["CompletionData"]["properties"].keys() - {"error"}
    inner = {"data": data, "data.error": definitions["EventError"]["properties"]}
    inner["data.nodes[]"] = definitions["NodeResult"]["properties"]
    assert shown == {
        *SCHEMA["properties"],
        *(f"{where}.{name}" for where, names in inner.items() for name in names),
    }


def test_every_state_of_a_run_is_reported() -> None:
    assert [state for state, _ in rows(DOCS / "http.md", "Runs")] == list(get_args(RunState))


def test_the_cost_of_a_run_is_what_the_machines_and_the_waits_make_of_it() -> None:
    transitions = cost.TRANSITIONS_OF_RUN_JOB + cost.TRANSITIONS_OF_EMIT_EVENT
    for duration, *documented in rows(DOCS / "cost.md", "What a run consists of"):
        polls = polls_of_a_first_run(duration)
        assert [int(figure) for figure in documented] == [polls, transitions, polls + cost.CALLS_BEFORE_POLLS]


def polls_of_a_first_run(duration: str) -> int:
    number, unit = duration.split()
    seconds = int(number) * {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600}[unit]
    elapsed, polls = 0.0, 0
    while elapsed < seconds:
        elapsed += next_wait_seconds(
            elapsed,
            past=PastRuns(),
            remaining_seconds=DEFAULT_JOB_TIMEOUT_MINUTES * 60 + MARGIN_SECONDS - elapsed,
            max_detection_delay_seconds=None,
            random=lambda: 0.5,
        )
        polls += 1
    return polls


def test_every_constant_of_the_polling_policy_is_reported() -> None:
    known = {**vars(duration_model), **vars(poll_schedule), **vars(policy)}
    documented = {name: float(value) for name, value, _ in rows(DOCS / "dev" / "polling.md", "The constants")}
    assert len(documented) >= 20
    assert documented == {name: known.get(name) for name in documented}


def test_every_fault_of_the_sandbox_is_reported() -> None:
    heading = "Data Flow: faults, pace, executions"
    emulator = [fault for row in rows(SANDBOX, heading, table=1) for fault in quoted(row[0])]
    aws = [fault for row in rows(SANDBOX, "Faults, calls, schedules", table=1) for fault in quoted(row[0])]
    assert sorted(emulator) == sorted(get_args(Fault))
    assert sorted(aws) == sorted(get_args(FaultKind))
    documented = {name for row in rows(SANDBOX, "Faults, calls, schedules") for name in quoted(row[0])}
    assert documented == set(FaultRule.model_fields)


def test_every_switch_of_the_sandboxs_dataarts_is_reported_with_its_default() -> None:
    documented = {name: default for name, _, default, _ in rows(SANDBOX, "DataArts Factory")}
    switches = {field.name: field.default for field in fields(Settings)}
    assert documented.keys() == switches.keys()
    for name, default in switches.items():
        if documented[name] not in ("", "random", "any"):
            assert documented[name] == _in_words(default), name


def _in_words(default: object) -> str:
    match default:
        case bool():
            return "yes" if default else "no"
        case None | ():
            return "none"
        case float():
            return f"{default:g}"
    return str(default)


def test_every_operation_of_the_sandboxs_dataarts_is_reported() -> None:
    assert set(OPERATIONS) <= set(
        section(SANDBOX, "DataArts Factory: faults, pace, executions, people").replace("`", " ").split()
    )
