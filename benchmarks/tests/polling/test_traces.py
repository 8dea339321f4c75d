"""Run times are read from CSV and from the Standard Workload Format, plain or gzipped."""

import gzip
from pathlib import Path

import pytest

from benchmarks.polling.traces import Run, group_by_series, read_csv, read_swf, read_trace

CSV = "series,submitted_s,run_time_s\na,100,60\nb,50,30\na,40,90\na,70,19\n"
SWF = """\
; Version: 2.2
; UnixStartTime: 1130000000

    1    100   5    60   4  -1 -1   8  -1 -1  1   7  3  12  1  2 -1 -1
    2    200   5    70  -1  -1 -1   8  -1 -1  0   7  3  12  1  2 -1 -1
    3    300   5    80   4  -1 -1   8  -1 -1  5   7  3  -1  1  2 -1 -1
    4    400   5    -1   4  -1 -1   8  -1 -1  1   7  3  12  1  2 -1 -1
"""


def test_a_csv_gives_each_jobs_runs_the_oldest_first(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(CSV)
    assert read_trace(tmp_path / "jobs.csv") == [[Run("a", 40, 90), Run("a", 100, 60)], [Run("b", 50, 30)]]


def test_a_gzipped_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    for name, text in (("jobs.csv", CSV), ("jobs.swf", SWF)):
        (tmp_path / name).write_text(text)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        assert read_trace(tmp_path / name) == read_trace(tmp_path / f"{name}.gz") != []


def test_runs_that_are_over_before_a_poller_matters_are_left_out() -> None:
    assert group_by_series([Run("a", 0, 19.9), Run("a", 1, 20)]) == [[Run("a", 1, 20)]]


def test_a_csv_may_tell_which_runs_failed() -> None:
    runs = read_csv("series,submitted_s,run_time_s,failed\na,0,60,1\na,1,60,0\n".splitlines())
    assert [run.has_failed for run in runs] == [True, False]


def test_a_csv_without_a_column_is_rejected_by_its_name() -> None:
    with pytest.raises(ValueError, match="no column run_time_s"):
        list(read_csv(["series,submitted_s,seconds", "a,0,1"]))


def test_an_swf_job_is_a_users_executable_on_so_many_processors() -> None:
    first, second, _ = read_swf(SWF.splitlines())
    assert first.series == "user 7, executable 12, 4 processors"
    assert (first.submitted_seconds, first.seconds) == (100, 60)
    assert second.series == "user 7, executable 12, 8 processors", "requested, where those allocated are unknown"


def test_an_swf_job_of_an_unknown_executable_goes_by_its_partition() -> None:
    assert [run.series for run in read_swf(SWF.splitlines())][2] == "user 7, partition 2, 4 processors"


def test_an_swf_run_that_failed_or_was_cancelled_counts_as_failed() -> None:
    assert [run.has_failed for run in read_swf(SWF.splitlines())] == [False, True, True]


def test_an_swf_run_of_unknown_duration_is_left_out() -> None:
    assert 400 not in [run.submitted_seconds for run in read_swf(SWF.splitlines())]


def test_a_line_that_is_no_swf_is_rejected() -> None:
    with pytest.raises(ValueError, match="3 fields"):
        list(read_swf(["1 2 3"]))
