"""The tables of `make cost`: every figure, and what the README shows of them."""

from collections.abc import Sequence

from benchmarks.cost.runs import Averages, average
from benchmarks.cost.ways import WAYS
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
    widest = max(len(_name(one)) for one in compared)
    lines = [f"{'minutes, way':<{widest}}  {'polls':>7}  {'USD':>8}  {'mean delay':>10}  {'p95':>7}"]
    lines += [
        f"{_name(one):<{widest}}  {one.polls:>7.1f}  {one.usd:>8.6f}  {one.delay_seconds:>8.1f} s  "
        f"{one.p95_seconds:>5.1f} s"
        for one in compared
    ]
    return "\n".join(lines)


def _name(one: Averages) -> str:
    return f"{one.minutes}  {one.way}"


def readme_table(compared: Sequence[Averages]) -> str:
    cells = {(one.minutes, one.way): f"${one.usd:.5f}, {one.delay_seconds:.0f} s" for one in compared}
    rows = [[way, *(cells[minutes, way] for minutes in LENGTHS.values())] for way in IN_THE_README]
    lines = [["a run of about", *LENGTHS], ["---"] * (1 + len(LENGTHS)), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def readme_with(table: str) -> str:
    """Raises ValueError where the README lacks the lines between which the table stands."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{README.name}: lacks the lines between which the table of costs stands")
    return f"{before}{begin}\n{table}\n{end}{after}"
