"""What the account around a stack lets it do: alarms that ring, and how many functions may run at once."""

import platform
from importlib.metadata import version

from farsync_cli.findings import Finding, found
from farsync_client.aws_json import AwsJson

FEWEST_AT_ONCE = 50
"""Polls, closings, starts and the HTTP API side by side, with PollConcurrency as it is by default. A new account may
have 10: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


def check_versions() -> Finding:
    return Finding("command", True, f"farsync {version('farsync-cli')} on Python {platform.python_version()}")


def check_alarms(aws: AwsJson, stack: str) -> Finding:
    ringing: list[str] = []

    def ask() -> str:
        listed = aws.call("monitoring", "DescribeAlarms", {"AlarmNamePrefix": f"{stack}-", "MaxRecords": 100})
        alarms = listed.get("MetricAlarms") or []
        ringing.extend(str(alarm["AlarmName"]) for alarm in alarms if alarm.get("StateValue") == "ALARM")
        return f"none of {len(alarms)} rings" if alarms else "there are none"

    finding = found("alarms", ask)
    if not ringing:
        return finding
    remedy = "docs/operations.md has a section for each: what it means, and what to do."
    return Finding("alarms", False, f"ringing: {', '.join(sorted(ringing))}", remedy)


def check_limits(aws: AwsJson) -> Finding:
    finding = found("Lambda", lambda: str(aws.account_limit("ConcurrentExecutions")))
    if not finding.is_ok:
        return finding
    text = f"{finding.text} functions may run at once in this account and region"
    is_enough = int(finding.text) >= FEWEST_AT_ONCE
    remedy = f"Ask for {FEWEST_AT_ONCE} or more: AWS console, Service Quotas, AWS Lambda, Concurrent executions."
    return Finding("Lambda", is_enough, text, remedy)
