"""The two plots of docs/dev/polling.md; the same seed draws the same file."""

from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import takewhile
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from benchmarks.poll_moments import middle, poll_moments
from benchmarks.polling.cases import Case, cases_of
from benchmarks.polling.models import HOUR_SECONDS, draw_hour
from benchmarks.polling.prices import compare
from farsync.polling import POLL_COST_SECONDS
from farsync.polling.duration_model import DurationModel, PastRuns, estimate_durations

DOCS = Path(__file__).parents[2] / "docs" / "dev"
SPREAD = 0.1
EARLIER_RUNS = 20
PRICES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 12.0)
COSTS = (10, 20, 50, 100, 200)
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


def draw_polls(past: PastRuns) -> Figure:
    """How long the job is still open, by what it took before, and when it is polled."""
    until = 1.8 * HOUR_SECONDS
    durations = estimate_durations(past)
    figure = Figure(figsize=(7.5, 4), layout="constrained", facecolor="white")
    axes = figure.add_subplot(xlabel="minutes since the start", ylabel="share of runs still open")
    seconds = [until * step / 900 for step in range(901)]
    moments = takewhile(lambda moment: moment < until, poll_moments(past, middle))
    polls = [moment / 60 for moment in moments]
    axes.vlines(polls, 0, 1, color=POLLS, linewidth=0.8, label="polls")
    shares = [open_share(durations, second) for second in seconds]
    axes.plot([second / 60 for second in seconds], shares, color=OURS, label="estimate")
    ended = [second / 60 for second in past.succeeded_seconds]
    axes.plot(ended, [0.0] * len(ended), "|", color="black", ms=14, label="earlier runs")
    axes.set(xlim=(0, until / 60), ylim=(0, 1.02))
    axes.set_title(
        f"An hour's job after {EARLIER_RUNS} runs, {SPREAD:.0%} spread; a poll costs {POLL_COST_SECONDS:g} s"
    )
    axes.legend(loc="upper right", framealpha=1)
    return figure


def draw_costs(cases: Sequence[Case], seed: int, executor: Executor) -> Figure:
    """Mean cost of a run at several prices of a poll."""
    compared = [compare(cases, price, seed, executor) for price in PRICES]
    figure = Figure(figsize=(7.5, 4), layout="constrained", facecolor="white")
    axes = figure.add_subplot(
        xlabel="price of a poll, seconds",
        ylabel="mean cost of a run: polls and delay, seconds",
        xscale="log",
        yscale="log",
    )
    lines = {
        "Glue's cadence": [each.glue for each in compared],
        "best fixed interval, in hindsight": [each.best_fixed.cost_seconds for each in compared],
        "best capped exponential, in hindsight": [each.best_exponential.cost_seconds for each in compared],
    }
    for (label, costs), colour in zip(lines.items(), reversed(OTHERS), strict=True):
        axes.plot(PRICES, costs, marker="o", ms=3, color=colour, label=label)
    axes.plot(PRICES, [each.ours for each in compared], marker="o", ms=4, linewidth=2, color=OURS, label="farsync")
    axes.set_xticks(PRICES, [f"{price:g}" for price in PRICES])
    axes.set_yticks(COSTS, [f"{cost:g}" for cost in COSTS])
    axes.minorticks_off()
    axes.set_title(f"{len(cases)} runs of recurring jobs, drawn by seed {seed}")
    axes.legend(loc="upper left", framealpha=1)
    return figure


def _save(figure: Figure, name: str) -> None:
    figure.axes[0].spines[["top", "right"]].set_visible(False)
    figure.savefig(DOCS / name, metadata={"Date": None, "Creator": None})
    print(f"docs/dev/{name}")
