"""When to poll: our policy against hindsight; fails when one of the goals is missed."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.polling.cases import draw_cases
from benchmarks.polling.decision import holds_for_a_decision
from benchmarks.polling.each_series import compare_series, holds_for_most
from benchmarks.polling.hour_job import holds_for_an_hour
from benchmarks.polling.models import SEED, draw_jobs, draw_trace, steady
from benchmarks.polling.prices import holds_at_every_price
from benchmarks.polling.traces import read_trace

MUST_ON_ANY_TRACE = 0.88
MUST_ON_STEADY_JOBS = 0.50
PROCESSES = 2
STEADY_JOBS, STEADY_RUNS = 40, 60


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.polling", description=__doc__)
    parser.add_argument("--trace", type=Path, help="run times: .csv or .swf, plain or .gz; drawn, without one")
    parser.add_argument("--must", type=float, default=MUST_ON_ANY_TRACE, help="the trace's highest ratio allowed")
    parser.add_argument("--cases", type=int, default=2000, help="runs that are drawn from a trace")
    parser.add_argument("--series", type=int, default=60, help="jobs that are compared one by one")
    parser.add_argument("--runs", type=int, default=50, help="runs that are drawn from each of these")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--plots", action="store_true", help="write the plots of docs/dev/polling.md again")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    trace = read_trace(given.trace) if given.trace else draw_trace(SEED)
    name = given.trace.name if given.trace else "recurring jobs"
    cases = draw_cases(trace, given.cases, given.seed)
    if not cases:
        print(f"{name}: no job has enough runs")
        return 2
    steady_cases = draw_cases(draw_jobs(steady, STEADY_JOBS, STEADY_RUNS, given.seed), given.cases, given.seed)
    if given.plots:
        from benchmarks.polling.plots import write_plots

        with ProcessPoolExecutor(PROCESSES) as executor:
            write_plots(cases, given.seed, executor)
        return 0
    print(f"one decision, seed {given.seed}")
    held = [holds_for_a_decision(given.seed)]
    with ProcessPoolExecutor(PROCESSES) as executor:
        print(f"\n{name}: {len(trace)} jobs, {len(cases)} runs drawn, seconds a run, seed {given.seed}")
        held.append(holds_at_every_price(cases, given.must, given.seed, executor))
        print(f"\nsteady jobs, 5 % spread: {len(steady_cases)} runs, seconds a run, seed {given.seed}")
        held.append(holds_at_every_price(steady_cases, MUST_ON_STEADY_JOBS, given.seed, executor))
        print(f"\n{name}, job by job at the default price, at most {given.runs} runs of each")
        held.append(holds_for_most(compare_series(trace, given.series, given.runs, given.seed, executor)))
        print(f"\nan hour's job with 20 % spread, seed {given.seed}")
        held.append(holds_for_an_hour(given.seed, executor))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
