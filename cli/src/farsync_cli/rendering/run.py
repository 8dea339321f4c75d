"""Everything about one run."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from rich.text import Text

from farsync_cli.rendering.outcome import detected, next_steps, reason, took
from farsync_cli.rendering.page import command, field
from farsync_cli.rendering.progress import step
from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import clock_time, dollars, duration, state_text
from farsync_client.models import RunDetails
from farsync_client.settings import StackSettings

NODE_COLUMNS = (
    Column("  NODE", is_flexible=True),
    Column("TYPE", is_flexible=True),
    Column("STATE"),
    Column("STARTED"),
    Column("TOOK", is_right=True),
    Column("RETRIES", is_right=True),
)
MOST_NODES = 8
"""Failed ones stand first."""
SHOWN_ELSEWHERE = ("connection", "job", "parameters", "labels", "schemaVersion")
CONSOLES = {
    "naver": "Data Flow > Job",
    "huawei": "DataArts Factory > Monitor Instance",
}
"""The way through the provider's console, whose pages have no addresses that are documented."""


def run_page(run: RunDetails, stack: StackSettings, now: datetime, width: int | None) -> Iterator[Text]:
    yield Text().append("Run ").append(run.name, "bold")
    named = f"{run.job_name} ({run.job})" if run.job_name and run.job_name != run.job else run.job
    yield state_text(run.state).append(f"  {named} over {run.connection}")
    yield from field("reason", reason(run), width)
    if not run.is_over and step(run) != run.state:
        yield from field("step", step(run), width)
    if run.last_error:
        yield from field("last error", f"{run.last_error.name}: {run.last_error.message}", width)
    yield from field("parameters", _assignments(run.request.get("parameters")), width)
    yield from field("labels", _assignments(run.labels or run.request.get("labels")), width)
    options = {name: value for name, value in run.request.items() if name not in SHOWN_ELSEWHERE}
    yield from field("options", _assignments(options), width)
    yield Text()
    yield from _timeline(run, now, width)
    yield from _nodes(run, now, width)
    yield Text()
    yield from _links(run, stack, width)
    for label, text in next_steps(run):
        if label != "more":
            yield from field(label, command(text), width)


def _timeline(run: RunDetails, now: datetime, width: int | None) -> Iterator[Text]:
    result, execution = run.result, run.execution

    def at(moment: datetime | None, more: str = "") -> str:
        return f"{clock_time(moment, now, with_seconds=True)}  {more}".rstrip() if moment else ""

    scheduled = f"scheduled for {clock_time(run.scheduled_at, now)}" if run.scheduled_at else ""
    yield from field("started", at(run.started_at, scheduled), width)
    if execution:
        attached = ", started by somebody else" if execution.is_attached else ""
        text = f"execution {execution.execution_id}{attached}"
        yield from field("executed", at(execution.started_at, text) or text, width)
    if run.is_over:
        ended = (result and result.ended_at) or run.stopped_at
        yield from field("ended", at(ended, f"took {took(run, None)}"), width)
        yield from field("detected", at(result.detected_at if result else None, detected(run)), width)
        yield from field("cost", dollars(run.cost), width)
    else:
        yield from field("deadline", at(run.deadline_at), width)
    if run.event:
        yield from field("event", f"{run.event.type.removeprefix('io.farsync.')}  {run.event.id[:12]}", width)


def _nodes(run: RunDetails, now: datetime, width: int | None) -> Iterator[Text]:
    nodes = run.result.nodes if run.result else ()
    if not nodes:
        return
    yield Text()
    rows = [
        Row(
            [
                f"  {node.name}",
                node.type,
                state_text(node.status),
                clock_time(node.started_at, now),
                duration((node.ended_at - node.started_at).total_seconds())
                if node.ended_at and node.started_at
                else "",
                str(node.retries) if node.retries else "",
            ]
        )
        for node in nodes[:MOST_NODES]
    ]
    yield from table(NODE_COLUMNS, rows, width)
    left = (run.result.nodes_total if run.result else None) or len(nodes)
    if left > MOST_NODES:
        yield Text(f"  and {left - MOST_NODES} more; --json has up to 50", "dim")


def _links(run: RunDetails, stack: StackSettings, width: int | None) -> Iterator[Text]:
    address = step_functions_console(run.name, stack.outputs.get("RunJobStateMachineArn", ""))
    if address:
        # A terminal makes a link of it; piped, the address itself is worth more than a word.
        link = Text().append("Step Functions console", f"underline link {address}") if width else address
        yield from field("in AWS", link, width)
    provider = run.result.provider if run.result else None
    if provider in CONSOLES:
        yield from field("provider", f"{CONSOLES[provider]} > {run.job_name or run.job}", width)


def step_functions_console(run: str, machine_arn: str) -> str:
    """The page of the run's execution in the AWS console; empty where the machine is not known."""
    parts = machine_arn.split(":")
    if len(parts) < 7:
        return ""
    partition, region = parts[1], parts[3]
    host = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}.get(
        partition, f"{region}.console.aws.amazon.com"
    )
    arn = ":".join([*parts[:5], "execution", parts[6], run])
    return f"https://{host}/states/home?region={region}#/v2/executions/details/{quote(arn, safe=':')}"


def _assignments(values: Mapping[str, Any] | None) -> str:
    return "  ".join(f"{name}={_value(value)}" for name, value in (values or {}).items())


def _value(value: Any) -> str:
    """A secret by its name; a time as its format is read in the request."""
    if isinstance(value, Mapping):
        if "secret" in value:
            return f"(secret {value['secret']})"
        return "{" + ", ".join(f"{name}: {_value(inner)}" for name, inner in value.items()) + "}"
    return str(value)
