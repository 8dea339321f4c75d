"""`python -m tests.chaos.report DIR`: checks a dump that `--dump` wrote, from its files alone."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.chaos.checks import FEWEST_HEALTHY, ROWS, Checks, Finding
from tests.chaos.evidence import Evidence
from tests.chaos.runs import Run

STORIES = 5
"""Of each row."""


def report(folder: Path, fewest_healthy: int = FEWEST_HEALTHY) -> int:
    """Prints the table, and the story of every finding; 1 unless all that must be zero is zero."""
    evidence = Evidence(folder)
    checks = Checks(evidence, fewest_healthy)
    findings = checks.findings()
    print("\n".join(_table(evidence, checks, Counter(finding.row for finding in findings))))
    for row in ROWS:
        of_row = [finding for finding in findings if finding.row == row]
        for finding in of_row[:STORIES]:
            print("\n".join(["", *_story(finding, checks)]))
        if len(of_row) > STORIES:
            print(f"\n... and {len(of_row) - STORIES} more {row}")
    return 1 if findings else 0


def _table(evidence: Evidence, checks: Checks, counts: Counter[str]) -> Iterator[str]:
    own = sum(len(checks.own(run)) for run in evidence.runs)
    ambiguous = [run for run in evidence.runs if checks.is_ambiguous(run)]
    left = checks.left_on_purpose()
    yield f"{evidence.elapsed_seconds:.0f} s"
    yield _line("runs", len(evidence.runs), "; ".join(_deeds(evidence)))
    yield _line("executions truly started", own, f"and {len(evidence.executions) - own} foreign ones")
    yield _line("ambiguous starts", len(ambiguous), "; ".join(_shares(evidence.runs, ambiguous)))
    yield _line("left running on purpose", left.total(), "; ".join(f"{why} {times}" for why, times in left.items()))
    yield from (_line(row, counts[row]) for row in ROWS)


def _story(finding: Finding, checks: Checks) -> Iterator[str]:
    run = finding.run
    if run is None:
        yield f"[{finding.row}] {finding.text}"
        return
    yield f"[{finding.row}] {run.token}: {finding.text}"
    yield f"  run {run.name} of {run.job.key} {run.job.provider_id} over {run.job.connection}, started {run.started_at}"
    if run.aborted_at:
        yield f"  aborted {run.aborted_at}, redriven {run.redrives} times"
    if run.has_deadline or not run.cancels_on_abort:
        yield f"  timeoutSeconds {run.timeout_seconds}, cancelOnAbort {run.cancels_on_abort}"
    for execution in checks.own(run):
        asked = ", cancel asked" if execution.cancelled_at else ""
        yield f"  at the provider: {execution.execution_id} {execution.word}{asked}"
    if walk := checks.walk(run):
        yield f"  run_job {walk.status} {walk.error or ''}: {' > '.join(walk.steps)}"
    for event in checks.events(run):
        said = " ".join(filter(None, [event.type, event.execution_id, event.error, event.message]))
        yield f"  emitted: {said} {sorted(event.candidate_ids) or ''}"


def _deeds(evidence: Evidence) -> Iterator[str]:
    """So that zeros mean something."""
    yield f"{sum(run.aborted_at is not None for run in evidence.runs)} aborted"
    yield f"{sum(run.has_deadline for run in evidence.runs)} past their deadline"
    deeds = Counter(deed["deed"] for deed in evidence.deeds)
    yield from (f"{deed} {times}" for deed, times in deeds.items())
    outages = Counter(deed["kind"] for deed in evidence.deeds if deed["deed"] == "outage")
    yield "outages of " + ", ".join(f"{kind} {times}" for kind, times in outages.items())


def _shares(runs: Sequence[Run], ambiguous: Sequence[Run]) -> Iterator[str]:
    """Of healthy runs, as they are bounded, and of those that somebody stopped."""
    for title, of_these in (
        ("healthy", [run for run in runs if run.is_healthy]),
        ("healthy and marked", [run for run in runs if run.is_healthy and run.job.is_marked]),
        ("stopped", [run for run in runs if not run.is_healthy]),
    ):
        number = sum(run in ambiguous for run in of_these)
        yield f"{title} {number} of {len(of_these)} ({number / max(1, len(of_these)):.1%})"


def _line(title: str, number: int, remark: str = "") -> str:
    return f"{title:<32}{number:>7}  {remark}".rstrip()


if __name__ == "__main__":
    sys.exit(report(Path(sys.argv[1])))
