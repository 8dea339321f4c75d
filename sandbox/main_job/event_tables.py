"""The completion events as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from sandbox.main_job.report_layout import plain_table, show_heading


def show_events(events: Sequence[Mapping[str, Any]], console: Console) -> None:
    """All in one table, then the nodes of those that tell of nodes, then the first event as it is."""
    show_heading(f"{_count(len(events), 'completion event')} stood on the queue", console)
    table = plain_table()
    for heading in ("type", "cloud", "execution"):
        table.add_column(heading, no_wrap=True)
    for heading in ("duration", "detected after", "polls"):
        table.add_column(heading, justify="right", no_wrap=True)
    for event in events:
        data = event["data"]
        table.add_row(
            str(event["type"]),
            str(data["provider"]),
            str(data.get("executionId", "-")),
            _seconds(data.get("durationSeconds")),
            _seconds(data.get("detectionDelaySeconds")),
            str(data["polls"]),
        )
    console.print(table)
    for event in events:
        _show_nodes(event["data"], console)
    if events:
        show_heading("The first of them, whole", console)
        console.print_json(data=events[0])


def _show_nodes(data: Mapping[str, Any], console: Console) -> None:
    """Where the provider knows nodes."""
    nodes: Sequence[Mapping[str, Any]] = data.get("nodes") or ()
    if not nodes:
        return
    show_heading(f"What the event of {data['job']} tells of its {_count(data['nodesTotal'], 'node')}", console)
    table = plain_table()
    for name in ("node", "type", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    for node in nodes:
        table.add_row(node["name"], node["type"], node["status"], f"{node.get('inputRows') or 0:,}")
    console.print(table)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds(value: object) -> str:
    return "-" if value is None else f"{float(str(value)):.1f} s"
