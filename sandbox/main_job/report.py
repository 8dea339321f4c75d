"""What the main job shows in the end: the events, the results, the logs, and what to try next."""

import csv
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sandbox.settings import SERVICES, Cloud

ROWS_SHOWN = 8


@dataclass(frozen=True)
class Result:
    title: str
    file: Path


@dataclass(frozen=True)
class Findings:
    events: Sequence[Mapping[str, Any]]
    results: Sequence[Result]
    folder: Path
    buckets_folders: Mapping[Cloud, Path]


def show_findings(findings: Findings, console: Console) -> None:
    show_events(findings.events, console)
    for result in findings.results:
        show_result(result, console)
    show_logs(findings, console)
    show_next_steps(findings, console)


def show_events(events: Sequence[Mapping[str, Any]], console: Console) -> None:
    """All in one table, then the nodes of those that have nodes, then the first event as it is."""
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
    show_heading(f"The {_count(data['nodesTotal'], 'node')} of {data['job']} in its event", console)
    table = plain_table()
    for name in ("node", "type", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    for node in nodes:
        table.add_row(node["name"], node["type"], node["status"], f"{node.get('inputRows') or 0:,}")
    console.print(table)


def show_result(result: Result, console: Console) -> None:
    with result.file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row, _ in zip(csv.DictReader(lines), range(ROWS_SHOWN), strict=False)]
    show_heading(f"{result.title}: the first rows", console)
    table = plain_table()
    for name, value in rows[0].items() if rows else ():
        table.add_column(name, justify="right" if value.isdigit() else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row.values())
    console.print(table)
    console.print(f"\n[dim]{result.file}[/]", soft_wrap=True, highlight=False)


def show_logs(findings: Findings, console: Console) -> None:
    show_heading("Where the logs are", console)
    lines = [("functions and AWS", findings.folder / "logs")]
    for cloud, folder in findings.buckets_folders.items():
        paths = [path for event in findings.events if event["data"]["provider"] == cloud for path in _log_paths(event)]
        files = [folder / path for path in paths]
        lines += [(f"a {SERVICES[cloud]} run", file) for file in files if file.is_file()][:1]
    for what, where in lines:
        console.print(f"  {what:<24}{where}", soft_wrap=True, highlight=False)


def show_next_steps(findings: Findings, console: Console) -> None:
    show_heading("What to try next", console)
    folder = shlex.quote(_short(findings.folder))
    program = shlex.quote(_short(Path(sys.argv[0]).absolute()))
    steps = (
        *((f"cat {shlex.quote(_short(result.file))}", "the whole result") for result in findings.results),
        (f"{program} up --folder {folder}", "the same sandbox, to play with; it prints what to try"),
        (f"{program} run --cloud huawei", "on DataArts Factory only"),
        (f"{program} run --dialect G2", "again, with Data Flow as its newest pages describe it"),
    )
    for command, purpose in steps:
        console.print(f"  [bold]{command}[/]\n      [dim]{purpose}[/]", soft_wrap=True, highlight=False)


def _log_paths(event: Mapping[str, Any]) -> Sequence[str]:
    """Beginning with the bucket, as Data Flow writes them; DataArts Factory puts a scheme before it."""
    return [path.removeprefix("obs://") for path in event["data"].get("logPaths", ())]


def _short(path: Path) -> str:
    """Relative to where the user stands, where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds(value: object) -> str:
    return "-" if value is None else f"{float(str(value)):.1f} s"


def show_heading(text: str, console: Console) -> None:
    console.print(f"\n[bold]{text}[/]\n", highlight=False)


def plain_table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
