"""The metric and the limit of each alarm, and what alarms cost."""

import json
import re
from typing import Any, get_args

import pytest

from farsync.operations.find_execution import Found
from farsync.polling import LONGEST_WAIT_SECONDS
from tests.support.markdown import ROOT, section
from tests.template.resources import OPERATIONS, RESOURCES, TEMPLATE, listed, logical_id
from tests.template.test_alarms import ALARMS, OWN, WRITTEN, alarm_name, dimensions_of

RUNBOOK = ROOT / "docs" / "operations.md"
LIMITS = {
    "runs-failed": ("AWS/States ExecutionsFailed of RunJobStateMachine", "Sum >= FailedRunsLimit in 1 of 1 x 300 s"),
    "runs-unobservable": ("own EventsEmitted of io.farsync.run.unobservable", "Sum >= 1 in 1 of 1 x 300 s"),
    "needs-attention": (
        "own EventsEmitted of io.farsync.execution.needs_attention",
        "Sum >= 1 in 1 of 1 x 300 s",
    ),
    "detection-delay": ("own DetectionDelay", "Maximum > DetectionDelayLimitSeconds in 1 of 1 x 300 s"),
    "no-success": ("own AlarmJobSuccesses", "Sum < 1 in AlarmHours of AlarmHours x 3600 s"),
    "throttling": ("own CallsThrottled", "Sum >= 10 in 3 of 3 x 300 s"),
    "keys-rejected": ("own KeysRejected", "Sum >= 1 in 2 of 3 x 300 s"),
    "unknown-statuses": ("own UnknownStatuses", "Sum >= 1 in 1 of 1 x 300 s"),
    "dead-letters": (
        "AWS/SQS ApproximateNumberOfMessagesVisible of CompletionDeadLetterQueue",
        "Maximum >= 1 in 1 of 1 x 300 s",
    ),
    "undelivered": (
        "AWS/SQS ApproximateNumberOfMessagesVisible of UndeliveredQueue",
        "Maximum >= 1 in 1 of 1 x 300 s",
    ),
    "emit-event-failed": ("AWS/States ExecutionsFailed of EmitEventStateMachine", "Sum >= 1 in 1 of 1 x 300 s"),
    "poll-dead-letters": (
        "AWS/SQS ApproximateNumberOfMessagesVisible of PollDeadLetterQueue",
        "Maximum >= 1 in 1 of 1 x 300 s",
    ),
    "close-dead-letters": (
        "AWS/SQS ApproximateNumberOfMessagesVisible of CloseDeadLetterQueue",
        "Maximum >= 1 in 1 of 1 x 300 s",
    ),
    "poll-execution-failed": ("AWS/Lambda Errors of PollExecutionFunction", "Sum >= 1 in 3 of 3 x 300 s"),
    "close-run-failed": ("AWS/Lambda Errors of CloseRunFunction", "Sum >= 1 in 3 of 3 x 300 s"),
    "sweep-runs-failed": ("AWS/Lambda Errors of SweepRunsFunction", "Sum >= 1 in 1 of 1 x 300 s"),
    "watch-jobs-failed": ("AWS/Lambda Errors of WatchJobsFunction", "Sum >= 1 in 1 of 1 x 300 s"),
    "run-backfill-failed": ("AWS/States ExecutionsFailed of RunBackfillStateMachine", "Sum >= 1 in 1 of 1 x 300 s"),
    "start-once-failed": ("AWS/States ExecutionsFailed of StartOnceStateMachine", "Sum >= 1 in 1 of 1 x 300 s"),
}
SIGNS = {"GreaterThanOrEqualToThreshold": ">=", "GreaterThanThreshold": ">", "LessThanThreshold": "<"}
ALARM_USD_A_MONTH, METRIC_USD_A_MONTH = 0.10, 0.30  # https://aws.amazon.com/cloudwatch/pricing/


def looks_at(alarm: dict[str, Any]) -> str:
    whose = "own" if alarm["Namespace"] == OWN else alarm["Namespace"]
    of = [in_words(value) for name, value in dimensions_of(alarm).items() if name != "service"]
    return " of ".join([f"{whose} {alarm['MetricName']}", *of])


def is_one_where(alarm: dict[str, Any]) -> str:
    periods = in_words(alarm["EvaluationPeriods"])
    enough = in_words(alarm.get("DatapointsToAlarm", periods))
    limit = f"{alarm['Statistic']} {SIGNS[alarm['ComparisonOperator']]} {in_words(alarm['Threshold'])}"
    return f"{limit} in {enough} of {periods} x {alarm['Period']} s"


def in_words(value: Any) -> str:
    match value:
        case {"Ref": _} | {"Fn::Sub": _}:
            return logical_id(value)
    return str(value)


def metrics_of_farsyncs_own() -> int:
    """Metrics as AWS counts them for their price: one for each value of a dimension."""
    completion = json.loads((ROOT / "docs" / "completion-event.schema.json").read_text())["properties"]["type"]["enum"]
    backfill = listed(
        json.loads((ROOT / "docs" / "backfill-event.schema.json").read_text())["properties"]["type"]["const"]
    )
    outcomes = set(get_args(Found.__annotations__["outcome"])) - {"later"}
    many = {"EventsEmitted": len([*completion, *backfill]), "UnconfirmedStarts": len(outcomes)}
    return sum(many.get(name, 1) for name in WRITTEN)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_one_from_its_limit_on(name: str) -> None:
    alarm = ALARMS[name]
    assert (looks_at(alarm), is_one_where(alarm)) == LIMITS[alarm_name(alarm)]


def test_a_detection_is_no_alarm_while_polls_are_as_seldom_as_they_may_be_and_one_crashes() -> None:
    limit_seconds = TEMPLATE["Parameters"]["DetectionDelayLimitSeconds"]["Default"]
    visibility_seconds = RESOURCES["PollQueue"]["Properties"]["VisibilityTimeout"]
    assert LONGEST_WAIT_SECONDS + visibility_seconds < limit_seconds <= 1.5 * LONGEST_WAIT_SECONDS


def test_what_the_alarms_and_metrics_cost_is_reported() -> None:
    reported = section(ROOT / "docs" / "cost.md", "What it costs while nothing runs")
    always = sum("Condition" not in OPERATIONS["Resources"][name] for name in ALARMS)
    assert len(ALARMS) == always + 1
    assert f"the stack's {always} together ${always * ALARM_USD_A_MONTH:.2f}, one more with `AlarmJob`" in reported
    metrics = metrics_of_farsyncs_own()
    assert re.search(rf"There are {metrics},.*: \${metrics * METRIC_USD_A_MONTH:.2f}\s+at most", reported)


def test_a_status_change_is_offered_for_as_long_as_the_runbook_says() -> None:
    (target,) = RESOURCES["CloseRunRule"]["Properties"]["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 24 * 3600, "MaximumRetryAttempts": 185}
    assert "EventBridge tried for a day" in section(RUNBOOK, "undelivered")
