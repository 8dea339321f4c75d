"""The tables of `make cost`: every figure, and what the README shows of them."""

from collections.abc import Sequence

from benchmarks.cost.runs import Averages, average
from benchmarks.cost.ways import WAYS
from tools.states_language import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- what it costs: written by `make docs` -->\n", "<!-- end of what it costs -->\n"
LENGTHS = {"1 minute": 1, "10 minutes": 10, "1 hour": 60, "10 hours": 600}


def compare() -> Sequence[Averages]:
    return [average(way, minutes) for minutes in LENGTHS.values() for way in WAYS]


def figures(compared: Sequence[Averages]) -> str:
    lines = [f"{'minutes':>7}  {'way':<32}  {'looks':>7}  {'transitions':>11}  {'USD':>8}  {'news after':>10}"]
    lines += [
        f"{one.minutes:>7}  {one.way:<32}  {one.looks:>7.1f}  {one.transitions:>11.1f}  {one.usd:>8.5f}  "
        f"{one.delay_seconds:>8.0f} s"
        for one in compared
    ]
    return "\n".join(lines)


def readme_table(compared: Sequence[Averages]) -> str:
    told = {(one.minutes, one.way): f"${one.usd:.5f}, {one.delay_seconds:.0f} s" for one in compared}
    rows = [[way.name, *(told[minutes, way.name] for minutes in LENGTHS.values())] for way in WAYS]
    lines = [["a run of about", *LENGTHS], ["---"] * (1 + len(LENGTHS)), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def readme_with(table: str) -> str:
    """Raises ValueError where the README lacks the lines between which the table stands."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{README.name}: lacks the lines between which the table of costs stands")
    return f"{before}{begin}\n{table}\n{end}{after}"
