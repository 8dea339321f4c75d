"""The tables of `make cost`: every figure, and what the README shows of them."""

from collections.abc import Sequence

from benchmarks.cost.runs import Averages, average
from benchmarks.cost.ways import WAYS
from tools.generated_file import markdown_table, with_part
from tools.states_language import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- what it costs: written by `make docs` -->\n", "<!-- end of what it costs -->\n"
LENGTHS = {"1 minute": 1, "10 minutes": 10, "1 hour": 60, "10 hours": 600}
IN_THE_README = (
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


def readme_table(compared: Sequence[Averages]) -> str:
    cells = {(row.minutes, row.way): f"${row.usd:.5f}, {row.delay_seconds:.0f} s" for row in compared}
    rows = [[way, *(cells[minutes, way] for minutes in LENGTHS.values())] for way in IN_THE_README]
    return markdown_table(["a run of about", *LENGTHS], rows)


def readme_with(table: str) -> str:
    """Raises ValueError where the README lacks the lines between which the table stands."""
    return with_part(README, BEGIN, table, END)
