"""Run times of recurring jobs, from a file.

Two formats, each plain or gzipped: a CSV with the columns `series`, `submitted_s`, `run_time_s` and, if it likes,
`failed` (0 or 1); and the Standard Workload Format, version 2.2, of the Parallel Workloads Archive
(https://www.cs.huji.ac.il/labs/parallel/workload/swf.html).
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

SHORTEST_RUN_SECONDS = 20
"""Shorter runs are over before a poller matters, and count neither as cases nor as history."""
SWF_FAILED = 0
SWF_CANCELLED = 5
SWF_FIELDS = 18
UNKNOWN = "-1"


class Run(NamedTuple):
    """One run of a recurring job."""

    series: str
    submitted_seconds: float
    seconds: float
    has_failed: bool = False


Series = Sequence[Run]
"""The runs of one job, the oldest first."""


def read_trace(path: Path) -> Sequence[Series]:
    """Every job's runs of at least SHORTEST_RUN_SECONDS; the name says which format it is.

    Raises ValueError for a line that cannot be read.
    """
    with _open_text(path) as lines:
        is_swf = path.name.removesuffix(".gz").endswith(".swf")
        return group_by_series(read_swf(lines) if is_swf else read_csv(lines))


def read_csv(lines: Iterable[str]) -> Iterator[Run]:
    """Raises ValueError where a column is missing or no number stands."""
    rows = csv.DictReader(lines)
    missing = {"series", "submitted_s", "run_time_s"} - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"no column {', '.join(sorted(missing))}")
    for row in rows:
        yield Run(row["series"], float(row["submitted_s"]), float(row["run_time_s"]), row.get("failed") == "1")


def read_swf(lines: Iterable[str]) -> Iterator[Run]:
    """A series is one user's executable (or partition, where the executable is unknown) on so many processors.

    Runs of unknown duration are left out; those that were cancelled count as failed. Raises ValueError for a line that
    has too few fields.
    """
    for line in lines:
        if not line.strip() or line.lstrip().startswith(";"):
            continue
        fields = line.split()
        if len(fields) < SWF_FIELDS:
            raise ValueError(f"a line of {len(fields)} fields, not {SWF_FIELDS}: {line[:80]!r}")
        submitted, run_time, allocated, requested = fields[1], fields[3], fields[4], fields[7]
        status, user, executable, partition = fields[10], fields[11], fields[13], fields[15]
        if float(run_time) < 0:
            continue
        program = f"partition {partition}" if executable == UNKNOWN else f"executable {executable}"
        processors = requested if allocated == UNKNOWN else allocated
        series = f"user {user}, {program}, {processors} processors"
        yield Run(series, float(submitted), float(run_time), int(status) in (SWF_FAILED, SWF_CANCELLED))


def group_by_series(runs: Iterable[Run]) -> Sequence[Series]:
    """In the order of the series' first runs."""
    series = defaultdict[str, list[Run]](list)
    for run in runs:
        if run.seconds >= SHORTEST_RUN_SECONDS:
            series[run.series].append(run)
    return [sorted(runs, key=lambda run: run.submitted_seconds) for runs in series.values()]


def _open_text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="")
    return path.open(encoding="utf-8", errors="replace", newline="")
