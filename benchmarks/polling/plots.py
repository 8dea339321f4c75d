"""The two plots of docs/polling.md; the same seed draws the same file."""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.polling.cases import Case, cases_of
from benchmarks.polling.models import HOUR_SECONDS, draw_hour
from benchmarks.polling.prices import compare
from farsync.polling import POLL_COST_SECONDS, next_wait_seconds
from farsync.polling.duration_model import DurationModel, PastRuns, estimate_durations

DOCS = Path(__file__).parents[2] / "docs"
SPREAD = 0.1
EARLIER_RUNS = 20
PRICES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 12.0)
POLLS, OURS, OTHERS = "#b45309", "#0f766e", ("#64748b", "#94a3b8", "#b91c1c")


def write_plots(cases: Sequence[Case], seed: int, executor: Executor) -> None:
    """Writes polling-polls.svg and polling-cost.svg."""
    # Without a salt of its own and with a date, the file would differ each time.
    matplotlib.rcParams.update({"svg.hashsalt": "farsync", "svg.fonttype": "none", "font.family": "sans-serif"})
    _save(draw_polls(cases_of(draw_hour(SPREAD, EARLIER_RUNS + 1, seed))[-1].past), "polling-polls.svg")
    _save(draw_costs(cases, seed, executor), "polling-cost.svg")


def open_share(durations: DurationModel, seconds: float) -> float:
    """Which part of the runs is taken to be open after so many seconds."""
    known_ended = sum(density * (seconds - begin) for begin, density in durations.edges if begin < seconds)
    return 1 - known_ended - durations.unknown_share * durations.unknown_ended(seconds)


def moments_of_polls(past: PastRuns, until_seconds: float) -> Sequence[float]:
    """Of a run that does not end; the random part stands in its middle."""
    moments, elapsed = list[float](), 0.0
    while elapsed < until_seconds:
        elapsed += next_wait_seconds(
            elapsed,
            past=past,
            remaining_seconds=24 * 3600,
            max_detection_delay_seconds=None,
            random=lambda: 0.5,
        )
        moments.append(elapsed)
    return moments[:-1]


def draw_polls(past: PastRuns) -> Figure:
    """How long the job is still open, by what it took before, and when it is polled."""
    until = 1.8 * HOUR_SECONDS
    durations = estimate_durations(past)
    figure, axes = _sheet("minutes since the start", "share of runs still open")
    seconds = [until * step / 900 for step in range(901)]
    axes.vlines(
        [moment / 60 for moment in moments_of_polls(past, until)], 0, 1, color=POLLS, linewidth=0.8, label="polls"
    )
    axes.plot(
        [second / 60 for second in seconds],
        [open_share(durations, one) for one in seconds],
        color=OURS,
        label="estimate",
    )
    axes.plot(
        [one / 60 for one in past.succeeded_seconds],
        [0.0] * len(past.succeeded_seconds),
        "|",
        color="black",
        ms=14,
        label="earlier runs",
    )
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, until / 60)
    axes.set_title(
        f"An hour's job after {EARLIER_RUNS} runs, {SPREAD:.0%} spread; a poll costs {POLL_COST_SECONDS:g} s"
    )
    axes.legend(loc="upper right", framealpha=1)
    return figure


def draw_costs(cases: Sequence[Case], seed: int, executor: Executor) -> Figure:
    """Mean cost of a run at several prices of a poll."""
    compared = [compare(cases, price, seed, executor) for price in PRICES]
    figure, axes = _sheet("price of a poll, seconds", "mean cost of a run: polls and delay, seconds")
    lines = {
        "Glue's cadence": [one.glue for one in compared],
        "best fixed interval, in hindsight": [one.best_fixed.cost_seconds for one in compared],
        "best capped exponential, in hindsight": [one.best_exponential.cost_seconds for one in compared],
    }
    for (label, costs), colour in zip(lines.items(), reversed(OTHERS), strict=True):
        axes.plot(PRICES, costs, marker="o", ms=3, color=colour, label=label)
    axes.plot(PRICES, [one.ours for one in compared], marker="o", ms=4, linewidth=2, color=OURS, label="farsync")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(PRICES, [f"{price:g}" for price in PRICES], minor=False)
    axes.set_xticks([], minor=True)
    ticks = (10, 20, 50, 100, 200)
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_title(f"{len(cases)} runs of recurring jobs, drawn by seed {seed}")
    axes.legend(loc="upper left", framealpha=1)
    return figure


def _sheet(across: str, upwards: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.5, 4), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_xlabel(across)
    axes.set_ylabel(upwards)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Figure, name: str) -> None:
    figure.savefig(DOCS / name, metadata={"Date": None, "Creator": None})
    print(f"docs/{name}")
