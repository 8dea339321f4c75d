"""Alarms and the dashboard show metrics that somebody writes, and each alarm has its page in the runbook."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from farsync_schedules.stack import schedules_template
from tests.support.markdown import ROOT, anchors, quoted, rows, section
from tests.template.resources import OPERATIONS, RESOURCES, logical_id, named, of_type

LAYER = ROOT / "layers" / "farsync" / "farsync"
ALARMS = of_type("AWS::CloudWatch::Alarm", resources=OPERATIONS["Resources"])
DASHBOARD, _ = OPERATIONS["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
OF_SCHEDULES: Any = schedules_template([])["Resources"]["MissedAlarm"]["Properties"]
EVERY_ALARM = {**ALARMS, "MissedAlarm": OF_SCHEDULES}
"""With that of a stack of schedules."""
RUNBOOK = ROOT / "docs" / "operations.md"
OWN = {"Ref": "StackName"}
# https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
METRICS_OF_AWS = {
    ("AWS/States", "ExecutionsStarted"): {"StateMachineArn"},
    ("AWS/States", "ExecutionsSucceeded"): {"StateMachineArn"},
    ("AWS/States", "ExecutionsFailed"): {"StateMachineArn"},
    ("AWS/States", "ExecutionsAborted"): {"StateMachineArn"},
    ("AWS/States", "ExecutionThrottled"): {"StateMachineArn"},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): {"QueueName"},
    ("AWS/SQS", "NumberOfMessagesReceived"): {"QueueName"},
    ("AWS/Lambda", "Errors"): {"FunctionName"},
    ("AWS/Lambda", "Throttles"): {"FunctionName"},
}


def counted_by_functions() -> Iterator[str]:
    """Names that the layer hands to `count` and `measure_seconds`; of a name that is put together, its beginning."""
    nodes = (node for path in LAYER.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id="count" | "measure_seconds"), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case ast.Call(func=ast.Name(id="count"), args=[ast.JoinedStr(values=[ast.Constant(value=str(name)), *_])]):
                yield name


def counted_by_emit_event() -> dict[str, set[str]]:
    """Metric to dimensions, as the machine's line in embedded metric format has them."""
    text = (ROOT / "statemachines" / "emit_event.asl.yaml").read_text()
    found = re.findall(r"'Dimensions': \[\[([^\]]+)\]\],\s+'Metrics': \[\{'Name': '(\w+)'", text)
    return {metric: set(re.findall(r"'(\w+)'", dimensions)) for dimensions, metric in found}


WRITTEN = {name: {"service"} for name in counted_by_functions()} | counted_by_emit_event()


def dimensions_of(alarm: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in alarm["Dimensions"]}


def alarm_name(alarm: dict[str, Any]) -> str:
    return str(alarm["AlarmName"]["Fn::Sub"]).partition("StackName}-")[2]


def test_functions_and_emit_event_write_metrics() -> None:
    assert {"DetectionDelay", "CallsThrottled", "KeysRejected", "UnconfirmedStarts"} <= WRITTEN.keys()
    assert counted_by_emit_event() == {"EventsEmitted": {"service", "type"}, "AlarmJobSuccesses": {"service"}}


def test_every_metric_of_farsyncs_own_is_reported_with_its_dimensions() -> None:
    reported = {
        name.rstrip("."): set(quoted(dimensions))
        for names, dimensions, _ in rows(RUNBOOK, "The dashboard")
        for name in quoted(names)
    }
    assert reported == WRITTEN


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_looks_at_a_metric_that_is_written_with_these_dimensions(name: str) -> None:
    alarm = ALARMS[name]
    written = (
        WRITTEN[alarm["MetricName"]]
        if alarm["Namespace"] == OWN
        else METRICS_OF_AWS[(alarm["Namespace"], alarm["MetricName"])]
    )
    assert dimensions_of(alarm).keys() == written
    assert dimensions_of(alarm).get("service", "farsync") == "farsync"


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_on_a_type_of_event_names_one_that_exists(name: str) -> None:
    kind = dimensions_of(ALARMS[name]).get("type")
    schema = json.loads((ROOT / "docs" / "completion-event.schema.json").read_text())
    assert kind is None or kind in schema["properties"]["type"]["enum"]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_goes_to_the_topic_that_is_named_and_says_what_silence_means(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == {
        "Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]
    }
    assert ALARMS[name]["TreatMissingData"] == ("breaching" if name == "NoSuccessAlarm" else "notBreaching")


@pytest.mark.parametrize("name", EVERY_ALARM)
def test_every_alarm_has_its_page_in_the_runbook(name: str) -> None:
    page = alarm_name(EVERY_ALARM[name])
    assert EVERY_ALARM[name]["AlarmDescription"].endswith(f"See docs/operations.md#{page}.")
    assert page in anchors(RUNBOOK)
    reported = section(RUNBOOK, page)
    assert [part for part in ("**Means**", "**Check**", "**Do**", "**Harmless**") if part not in reported] == []


def test_every_page_of_the_runbook_has_its_alarm() -> None:
    pages = re.findall(r"^### (.+)$", RUNBOOK.read_text(), re.MULTILINE)
    assert pages == [alarm_name(alarm) for alarm in EVERY_ALARM.values()]


def test_every_state_machine_that_fails_is_an_alarm() -> None:
    watched = {
        logical_id(dimensions_of(alarm)["StateMachineArn"])
        for alarm in ALARMS.values()
        if alarm["MetricName"] == "ExecutionsFailed"
    }
    assert watched == of_type("AWS::Serverless::StateMachine").keys()


def consumers() -> set[str]:
    return {logical_id(mapping["FunctionName"]) for mapping in of_type("AWS::Lambda::EventSourceMapping").values()}


def test_every_function_that_only_a_schedule_or_a_queue_calls_is_an_alarm_where_it_fails() -> None:
    """What others call, they retry, or they fail themselves."""
    watched = {
        logical_id(dimensions_of(alarm)["FunctionName"]) for alarm in ALARMS.values() if alarm["MetricName"] == "Errors"
    }
    called = {logical_id(schedule["Target"]["Arn"]) for schedule in of_type("AWS::Scheduler::Schedule").values()}
    assert watched == called & of_type("AWS::Serverless::Function").keys() | consumers()


def test_every_queue_of_dead_letters_is_an_alarm() -> None:
    watched = {
        logical_id(dimensions_of(alarm)["QueueName"])
        for alarm in ALARMS.values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }
    takes_dead_letters = {
        logical_id(found)
        for text in re.findall(r"'(?:deadLetterTargetArn|DeadLetterConfig)': (\{.*?\}\}?)", str(RESOURCES))
        for found in [_first_reference(text)]
    }
    assert watched == takes_dead_letters


def _first_reference(text: str) -> dict[str, list[str]]:
    found = re.search(r"\['(\w+)', 'Arn'\]", text)
    assert found, text
    return {"Fn::GetAtt": [found[1], "Arn"]}


def test_the_dashboard_shows_metrics_that_are_written() -> None:
    for widget in json.loads(DASHBOARD)["widgets"]:
        for metric in widget["properties"]["metrics"]:
            if isinstance(metric[0], dict):
                shown = re.findall(r'MetricName="(\w+)"', metric[0]["expression"])
                assert shown == ["EventsEmitted"]
                continue
            namespace, name, dimension, *_ = metric
            written = WRITTEN[name] if namespace == "${StackName}" else METRICS_OF_AWS[(namespace, name)]
            assert written == {dimension}


def test_the_dashboard_shows_failures_of_every_state_machine_and_of_every_function_that_none_calls() -> None:
    (widget,) = [
        one for one in json.loads(DASHBOARD)["widgets"] if one["properties"]["title"] == "Failures of farsync's own"
    ]
    shown = {(name, whose) for _, name, _, whose, _ in widget["properties"]["metrics"]}
    others = of_type("AWS::Serverless::StateMachine").keys() - {"RunJobStateMachine"}
    assert {(metric, named(re.split(r"[-}]", whose)[-1])) for metric, whose in shown} == {
        *(("ExecutionsFailed", name) for name in others),
        *(("Errors", name) for name in consumers() | {"SweepRunsFunction", "WatchJobsFunction"}),
    }


def test_an_alarm_costs_as_little_as_it_can() -> None:
    """Alarms on one metric in steps of a minute or more cost a tenth of a dollar each; others cost more."""
    for alarm in ALARMS.values():
        assert "Metrics" not in alarm
        assert alarm["Period"] >= 60


def test_the_job_that_must_succeed_has_an_alarm_only_where_it_is_named() -> None:
    assert OPERATIONS["Resources"]["NoSuccessAlarm"]["Condition"] == "HasAlarmJob"
    hours = ALARMS["NoSuccessAlarm"]
    assert (hours["Period"], hours["EvaluationPeriods"]) == (3600, {"Ref": "AlarmHours"})
