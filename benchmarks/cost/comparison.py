"""The tables of `make cost`: every figure, and what the README and docs/cost.md show of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.cost.runs import Averages, average
from benchmarks.cost.ways import WAYS
from tools.generated_file import markdown_table, with_part
from tools.states_language import ROOT

README, PAGE = ROOT / "README.md", ROOT / "docs" / "cost.md"
BEGIN, END = "<!-- what it costs: written by `make docs` -->\n", "<!-- end of what it costs -->\n"
LENGTHS = {"1 minute": 1, "10 minutes": 10, "1 hour": 60, "10 hours": 600}
ON_THE_PAGE = (
    "farsync",
    "farsync, `pollCostSeconds` 0.05",
    "farsync, every 15 s",
    "Glue's `.sync`, were it there",
    "loop of Wait, Task, Choice, 30 s",
    "a Task's Retry as a loop, 30 s",
    "durable function, 1 operation a poll, 60 s",
)


def compare() -> Sequence[Averages]:
    return [average(way, minutes) for minutes in LENGTHS.values() for way in WAYS]


def figures(compared: Sequence[Averages]) -> str:
    """A line begins with the minutes and, two spaces on, the way: `60  farsync`."""
    rows = {f"{each.minutes}  {each.way}": each for each in compared}
    widest = max(map(len, rows))
    header = f"{'minutes, way':<{widest}}  {'polls':>7}  {'USD':>8}  {'mean delay':>10}  {'p95':>7}"
    lines = (
        f"{name:<{widest}}  {row.polls:>7.1f}  {row.usd:>8.6f}  {row.delay_seconds:>8.1f} s  {row.p95_seconds:>5.1f} s"
        for name, row in rows.items()
    )
    return "\n".join((header, *lines))


def page_table(compared: Sequence[Averages]) -> str:
    cells = {(row.minutes, row.way): f"${row.usd:.5f}, {row.delay_seconds:.0f} s" for row in compared}
    rows = [[way, *(cells[minutes, way] for minutes in LENGTHS.values())] for way in ON_THE_PAGE]
    return markdown_table(["a run of about", *LENGTHS], rows)


def readme_line(compared: Sequence[Averages]) -> str:
    """What an hour's job costs and how late its end is detected, beside the other ways."""
    hour = {row.way: row for row in compared if row.minutes == LENGTHS["1 hour"]}
    ours = hour["farsync"]
    loop, retry, durable = (hour[way] for way in ON_THE_PAGE[4:])
    return (
        f"An hour's job takes {ours.polls:.1f} polls and ${ours.usd:.6f}, and its end is seen "
        f"{ours.delay_seconds:.1f} s late on average (p95 {ours.p95_seconds:.1f} s). Every 30 s a loop costs "
        f"${loop.usd:.6f} ({loop.delay_seconds:.1f} s late), a Retry loop ${retry.usd:.6f} "
        f"({retry.delay_seconds:.1f} s); every 60 s a durable function costs ${durable.usd:.6f} "
        f"({durable.delay_seconds:.1f} s). More: [cost](docs/cost.md).\n"
    )


def documents_with(compared: Sequence[Averages]) -> Mapping[Path, str]:
    """Each document's text with its part. Raises ValueError where one lacks the lines between which the part stands."""
    parts = {README: readme_line(compared), PAGE: page_table(compared)}
    return {document: with_part(document, BEGIN, part, END) for document, part in parts.items()}
