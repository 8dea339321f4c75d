"""The tables in the documents say what the code, the template and the schema say."""

import json
import re
from dataclasses import fields
from typing import get_args

from pydantic.fields import FieldInfo

from farsync.connections.connection import Connection
from farsync.events import cost
from farsync.model.run_request import RunRequest
from farsync.operations.get_run import RunState
from farsync.operations.prepare_execution import DEFAULT_JOB_TIMEOUT_MINUTES, MARGIN_SECONDS
from farsync.polling import PastRuns, duration_model, next_wait_seconds, policy, poll_schedule
from farsync.providers.huawei.connection import HuaweiConnection
from farsync.providers.naver.connection import NaverConnection
from sandbox.aws.faults import FaultKind, FaultRule
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template.yaml_document import load_document
from sandbox.huawei_dataarts import Settings
from sandbox.huawei_dataarts.routes import OPERATIONS
from sandbox.provider_service.faults import Fault
from tests.support.markdown import ROOT, code_blocks, quoted, rows, section

README, DOCS = ROOT / "README.md", ROOT / "docs"
SANDBOX = DOCS / "sandbox.md"
TEMPLATE = load_document(ROOT / "template.yaml")
SCHEMA = json.loads((DOCS / "completion-event.schema.json").read_text())


def test_the_readme_shows_every_field_of_a_run_request_with_its_default() -> None:
    shown = {name: default for name, default, _ in rows(README, "The run request")}
    assert shown.keys() == {field.alias for field in RunRequest.model_fields.values()}
    for field in RunRequest.model_fields.values():
        if isinstance(field.default, bool | str | int | dict):
            told = field.default if isinstance(field.default, str) else json.dumps(field.default)
            assert shown[str(field.alias)] == told


def test_every_parameter_of_the_template_is_reported_with_its_default() -> None:
    told = {name: default for name, default, _ in rows(DOCS / "deploying.md", "Build and deploy")}
    assert told == {name: str(given["Default"]) for name, given in TEMPLATE["Parameters"].items()}


def test_every_field_of_a_connection_is_reported_for_each_cloud() -> None:
    told = {name: clouds for name, *clouds, _ in rows(DOCS / "deploying.md", "A connection")}
    of_clouds = [_fields_of(NaverConnection), _fields_of(HuaweiConnection)]
    assert told.keys() == of_clouds[0].keys() | of_clouds[1].keys()
    for name, clouds in told.items():
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


def test_every_field_of_the_event_is_reported() -> None:
    told = {name for name, _, _ in rows(DOCS / "events.md", "Fields")}
    definitions = SCHEMA["$defs"]
    data = definitions["CompletionData"]["properties"].keys() - {"error"}
    inner = {"data": data, "data.error": definitions["EventError"]["properties"]}
    inner["data.nodes[]"] = definitions["NodeResult"]["properties"]
    assert told == {*SCHEMA["properties"], *(f"{where}.{name}" for where, names in inner.items() for name in names)}


def test_every_state_by_which_runs_are_listed_is_reported() -> None:
    told = re.search(r"lists what is open now; `\?state=` one of `([A-Z_ ]+)`", section(DOCS / "http.md", "Runs"))
    assert told
    assert {"RUNNING", *told[1].split()} == set(get_args(RunState))


def test_every_type_of_event_is_reported() -> None:
    assert [row[0] for row in rows(DOCS / "events.md", "Types")] == SCHEMA["properties"]["type"]["enum"]


def test_the_cost_of_a_run_is_what_the_machines_and_the_waits_make_of_it() -> None:
    transitions = cost.TRANSITIONS_OF_RUN_JOB + cost.TRANSITIONS_OF_EMIT_EVENT
    for duration, *told in rows(DOCS / "deploying.md", "What a run costs"):
        polls = polls_of_a_first_run(duration)
        assert [int(figure) for figure in told] == [polls, transitions, polls + cost.CALLS_BEFORE_POLLS]


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
    told = {name: float(value) for name, value, _ in rows(DOCS / "polling.md", "The constants")}
    assert len(told) >= 20
    assert told == {name: known.get(name) for name in told}


def test_every_fault_of_the_sandbox_is_reported() -> None:
    emulator = [fault for row in rows(SANDBOX, "Data Flow: faults, pace, ledger", table=1) for fault in quoted(row[0])]
    aws = [fault for row in rows(SANDBOX, "Faults, ledger, schedules", table=1) for fault in quoted(row[0])]
    assert sorted(emulator) == sorted(get_args(Fault))
    assert sorted(aws) == sorted(get_args(FaultKind))
    told = {name for row in rows(SANDBOX, "Faults, ledger, schedules") for name in quoted(row[0])}
    assert told == set(FaultRule.model_fields)


def test_every_switch_of_the_sandboxs_dataarts_is_reported_with_its_default() -> None:
    told = {name: default for name, _, default, _ in rows(SANDBOX, "DataArts Factory")}
    switches = {field.name: field.default for field in fields(Settings)}
    assert told.keys() == switches.keys()
    for name, default in switches.items():
        if told[name] not in ("", "random", "any"):
            assert told[name] == _in_words(default), name


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
        section(SANDBOX, "DataArts Factory: faults, pace, ledger, people").replace("`", " ").split()
    )
