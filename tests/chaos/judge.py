"""`python -m tests.chaos.judge DIR`: the verdict over a dump, from its files alone."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.chaos.dump_reading import read_evidence
from tests.chaos.evidence import Evidence, Run
from tests.chaos.judging import FEWEST_HEALTHY, ROWS, STILL_RUNNING, Finding, Judge

STORIES_TOLD = 5
"""Of each row."""


def main(folder: Path, fewest_healthy: int = FEWEST_HEALTHY) -> int:
    """Prints the table, and the story of every finding; 1 unless all that must be zero is zero."""
    evidence = read_evidence(folder)
    judge = Judge(evidence, fewest_healthy)
    findings = judge.findings()
    print("\n".join(table(evidence, judge, findings)))
    for row in (*ROWS, STILL_RUNNING):
        of_row = [finding for finding in findings if finding.row == row]
        for finding in of_row[:STORIES_TOLD]:
            print("\n".join(["", *story(finding, evidence, judge)]))
        if len(of_row) > STORIES_TOLD:
            print(f"\n... and {len(of_row) - STORIES_TOLD} more {row}")
    return 1 if findings else 0


def table(evidence: Evidence, judge: Judge, findings: Sequence[Finding]) -> Iterator[str]:
    counts = Counter(finding.row for finding in findings)
    own = sum(len(judge.own(run)) for run in evidence.runs)
    ambiguous = [run for run in evidence.runs if judge.is_ambiguous(run)]
    left = judge.left_on_purpose()
    yield f"seed {evidence.seed}, {evidence.elapsed_seconds:.0f} s"
    yield _line("runs", len(evidence.runs), "; ".join(_deeds(evidence)))
    yield _line("executions truly started", own, f"and {len(evidence.executed) - own} foreign ones")
    yield _line("ambiguous starts", len(ambiguous), "; ".join(_shares(evidence.runs, ambiguous)))
    yield _line("left running on purpose", left.total(), "; ".join(f"{why} {times}" for why, times in left.items()))
    yield from (_line(row, counts[row]) for row in ROWS)
    if counts[STILL_RUNNING]:
        yield _line(STILL_RUNNING, counts[STILL_RUNNING])


def story(finding: Finding, evidence: Evidence, judge: Judge) -> Iterator[str]:
    run = finding.run
    if run is None:
        yield f"[{finding.row}] {finding.text}"
        return
    yield f"[{finding.row}] {run.token}: {finding.text}"
    yield f"  run {run.name} of job {run.job} ({run.pace}) over {run.connection}, started {run.started_at}"
    if run.aborted_at:
        yield f"  aborted {run.aborted_at}, redriven {run.redrives} times"
    if run.has_deadline or not run.cancels_on_abort:
        yield f"  timeoutSeconds {run.timeout_seconds}, cancelOnAbort {run.cancels_on_abort}"
    for executed in judge.own(run):
        asked = ", cancel asked" if executed.was_cancel_asked else ""
        yield f"  at the provider: {executed.execution_id} {executed.word}{asked}"
    if ended := judge.ended(run):
        yield f"  run_job {ended.status} {ended.error or ''}: {' > '.join(_without_repeats(ended.walk))}"
    for event in judge.told(run):
        said = " ".join(filter(None, [event.type, event.execution_id, event.error, event.message]))
        yield f"  emitted: {said} {sorted(event.candidates) or ''}"


def _deeds(evidence: Evidence) -> Iterator[str]:
    """What was done to the runs, so that zeros mean something."""
    deeds = Counter(deed["deed"] for deed in evidence.deeds)
    outages = Counter(deed["kind"] for deed in evidence.deeds if deed["deed"] == "outage")
    yield f"{sum(run.aborted_at is not None for run in evidence.runs)} aborted"
    yield f"{deeds['redrive']} redriven"
    yield f"{sum(run.has_deadline for run in evidence.runs)} past their deadline"
    yield f"{deeds['fault']} times provider faults"
    yield f"{sum(deed['processes'] for deed in evidence.deeds if deed['deed'] == 'kill')} processes killed"
    yield "outages of " + ", ".join(f"{kind} {times}" for kind, times in outages.items())
    yield f"{deeds['poll message doubled']} poll messages and {deeds['status event doubled']} status events doubled"
    yield f"{deeds['purge']} purges"


def _shares(runs: Sequence[Run], ambiguous: Sequence[Run]) -> Iterator[str]:
    """Of healthy runs, as they are bounded, and of those that somebody stopped."""
    for title, of_these in (
        ("healthy", [run for run in runs if run.is_healthy]),
        ("healthy and marked", [run for run in runs if run.is_healthy and run.is_marked]),
        ("stopped", [run for run in runs if not run.is_healthy]),
    ):
        number = sum(run in ambiguous for run in of_these)
        yield f"{title} {number} of {len(of_these)} ({number / max(1, len(of_these)):.1%})"


def _without_repeats(walk: Sequence[str]) -> Iterator[str]:
    """Rounds that changed nothing are dropped, but for the last."""
    states = [step.split()[-1] for step in walk]
    for index, step in enumerate(walk):
        if states[index : index + 3] != states[index + 3 : index + 6]:
            yield step


def _line(title: str, number: int, remark: str = "") -> str:
    return f"{title:<32}{number:>7}  {remark}".rstrip()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.judge", description=__doc__)
    parser.add_argument("folder", type=Path, help="what `python -m tests.chaos --dump` wrote")
    sys.exit(main(parser.parse_args().folder))
