"""Run times are read from CSV and from the Standard Workload Format, plain or gzipped."""

import gzip
from pathlib import Path

import pytest

from benchmarks.polling.traces import Run, read_csv, read_swf, read_trace

CSV = "series,submitted_s,run_time_s\na,100,60\nb,50,30\na,40,90\na,70,19\n"
SWF = """\
; Version: 2.2
; UnixStartTime: 1130000000

    1    100   5    60   4  -1 -1   8  -1 -1  1   7  3  12  1  2 -1 -1
    2    200   5    70  -1  -1 -1   8  -1 -1  0   7  3  12  1  2 -1 -1
    3    300   5    80   4  -1 -1   8  -1 -1  5   7  3  -1  1  2 -1 -1
    4    400   5    -1   4  -1 -1   8  -1 -1  1   7  3  12  1  2 -1 -1
"""


def test_a_csv_gives_each_jobs_runs_the_oldest_first_and_may_say_which_failed(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(CSV)
    assert read_trace(tmp_path / "jobs.csv") == [[Run("a", 40, 90), Run("a", 100, 60)], [Run("b", 50, 30)]]
    runs = read_csv("series,submitted_s,run_time_s,failed\na,0,60,1\na,1,60,0\n".splitlines())
    assert [run.has_failed for run in runs] == [True, False]


@pytest.mark.parametrize(("name", "text"), [("jobs.csv", CSV), ("jobs.swf", SWF)])
def test_a_gzipped_file_is_read_like_a_plain_one(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    assert read_trace(tmp_path / name) == read_trace(tmp_path / f"{name}.gz") != []


def test_an_swf_series_is_a_users_executable_or_partition_on_so_many_processors() -> None:
    runs = [*read_swf(SWF.splitlines())]
    assert [(run.series, run.submitted_seconds, run.has_failed) for run in runs] == [
        ("user 7, executable 12, 4 processors", 100, False),
        ("user 7, executable 12, 8 processors", 200, True),
        ("user 7, partition 2, 4 processors", 300, True),
    ]


def test_what_is_no_trace_is_rejected() -> None:
    with pytest.raises(ValueError, match="no column run_time_s"):
        list(read_csv(["series,submitted_s,seconds", "a,0,1"]))
    with pytest.raises(ValueError, match="3 fields"):
        list(read_swf(["1 2 3"]))
