"""What the main job shows in the end: the events, the results, the logs, and what to try next."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from sandbox.main_job.airports import first_rows
from sandbox.main_job.event_tables import show_events
from sandbox.main_job.report_layout import plain_table, show_heading
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


def show_result(result: Result, console: Console) -> None:
    rows = first_rows(result.file, ROWS_SHOWN)
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
