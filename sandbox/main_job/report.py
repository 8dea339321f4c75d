"""What the main job shows in the end: the results, what to try next, the events, and one line that sums it up."""

import csv
import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
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


def show_findings(findings: Findings, console: Console, *, is_event_shown: bool) -> None:
    """What was asked for comes first, and what a screen of 24 lines should hold comes last."""
    if is_event_shown and findings.events:
        show_heading("The first completion event", console)
        console.print_json(data=findings.events[0])
    for result in findings.results:
        show_result(result, console)
    for event in findings.events:
        _show_nodes(event["data"], console)
    show_next_steps(findings, console)
    show_events(findings.events, console)
    console.print(f"\n[bold green]{summary(findings.events)}[/]", highlight=False, soft_wrap=True)


def summary(events: Sequence[Mapping[str, Any]]) -> str:
    """One line of less than 80 characters."""
    delays = [float(event["data"]["detectionDelaySeconds"]) for event in events]
    clouds = len({event["data"]["provider"] for event in events})
    return (
        f"OK: {_count(len(events), 'run')} on {_count(clouds, 'cloud')} succeeded, each with one event, "
        f"{_seconds(max(delays))} late at most."
    )


def show_events(events: Sequence[Mapping[str, Any]], console: Console) -> None:
    show_heading(f"{_count(len(events), 'completion event')} stood on the queue", console)
    table = plain_table()
    for heading in ("type", "cloud", "execution"):
        table.add_column(heading, no_wrap=True)
    for heading in ("duration", "detected after", "polls"):
        table.add_column(heading, justify="right", no_wrap=True)
    for event in events:
        data = event["data"]
        table.add_row(
            str(event["type"]).removeprefix("io.farsync."),
            str(data["provider"]),
            str(data.get("executionId", "-")),
            _seconds(data.get("durationSeconds")),
            _seconds(data.get("detectionDelaySeconds")),
            str(data["polls"]),
        )
    console.print(table)


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


def log_files(findings: Findings) -> Iterator[tuple[str, Path]]:
    """One of a run on each cloud."""
    for cloud, folder in findings.buckets_folders.items():
        paths = [path for event in findings.events if event["data"]["provider"] == cloud for path in _log_paths(event)]
        files = [folder / path for path in paths]
        yield from [(f"the log of a {SERVICES[cloud]} run", file) for file in files if file.is_file()][:1]


def show_next_steps(findings: Findings, console: Console) -> None:
    show_heading("What to try next", console)
    folder = shlex.quote(relative(findings.folder))
    program = shlex.quote(relative(Path(sys.argv[0]).absolute()))
    steps = (
        *(("the whole result", f"cat {shlex.quote(relative(result.file))}") for result in findings.results),
        *((purpose, f"cat {shlex.quote(relative(file))}") for purpose, file in log_files(findings)),
        ("the logs of functions and AWS", f"ls {shlex.quote(relative(findings.folder / 'logs'))}"),
        ("a whole event, on DataArts Factory only", f"{program} run --cloud huawei --event --folder {folder}"),
        ("the same sandbox, to play with; it prints what to try", f"{program} up --folder {folder}"),
    )
    for purpose, command in steps:
        console.print(f"  [dim]{purpose}:[/]\n  {command}", soft_wrap=True, highlight=False, markup=True)


def _log_paths(event: Mapping[str, Any]) -> Sequence[str]:
    """Beginning with the bucket, as Data Flow writes them; DataArts Factory puts a scheme before it."""
    return [path.removeprefix("obs://") for path in event["data"].get("logPaths", ())]


def relative(path: Path) -> str:
    """To where the user stands, where that is shorter."""
    whole, from_here = str(path.absolute()), os.path.relpath(path)
    return min(from_here, whole, key=len)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds(value: object) -> str:
    return "-" if value is None else f"{float(str(value)):.1f} s"


def show_heading(text: str, console: Console) -> None:
    console.print(f"\n[bold]{text}[/]\n", highlight=False)


def plain_table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
