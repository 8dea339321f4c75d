"""A judge that cannot find anything proves nothing: each row, made to happen in a small dump."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.chaos import judge
from tests.chaos.dump_reading import read_evidence
from tests.chaos.judging import ROWS, STILL_RUNNING, Judge
from tests.chaos.small_dump import HASHES, RUNS_ENDED_AT, SmallDump, ended, event, foreign_end
from tests.chaos.spoils import (
    SPOILT,
    Spoil,
    a_watched_foreign_end_is_missing,
    an_execution_goes_on_for_more_than_an_hour,
    the_aborted_runs_execution_goes_on,
)


def counts(dump: SmallDump, folder: Path) -> Counter[str]:
    return Counter(finding.row for finding in Judge(read_evidence(dump.write(folder)), fewest_healthy=1).findings())


def test_every_row_is_made_to_happen() -> None:
    assert set(SPOILT) == {*ROWS, STILL_RUNNING}


@pytest.mark.parametrize(
    ("row", "spoil"),
    [pytest.param(row, spoil, id=f"{row}: {spoil.__name__}") for row, spoils in SPOILT.items() for spoil in spoils],
)
def test_the_judge_finds_what_went_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, spoil: Spoil
) -> None:
    dump = SmallDump()
    spoil(dump)
    assert counts(dump, tmp_path)[row] > 0
    assert judge.main(tmp_path, fewest_healthy=1) == 1
    assert f"[{row}]" in capsys.readouterr().out


def test_a_dump_in_which_all_went_well_has_no_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge.main(SmallDump().write(tmp_path)) == 0
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in table[-len(ROWS) :]] == ["0"] * len(ROWS)


def test_an_execution_that_its_event_names_as_a_candidate_is_no_orphan(tmp_path: Path) -> None:
    dump = SmallDump()
    the_aborted_runs_execution_goes_on(dump)
    dump.queue[2]["data"]["candidates"] = [{"executionId": "N3"}]
    assert counts(dump, tmp_path) == {}


def test_an_execution_that_its_run_may_not_cancel_is_no_orphan(tmp_path: Path) -> None:
    dump = SmallDump()
    the_aborted_runs_execution_goes_on(dump)
    dump.runs[2]["cancels_on_abort"] = False
    dump.naver[1]["cancelRequestedAt"] = None
    assert counts(dump, tmp_path) == {}


def test_what_a_function_raises_by_name_is_no_bug(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.other_log += "[ERROR] Throttled: later\n"
    assert counts(dump, tmp_path) == {}


def test_a_candidate_is_not_claimed(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.run_job[0] = ended("t1", "SUCCEEDED", None, None)
    assert counts(dump, tmp_path) == {}


def test_an_ambiguous_start_is_counted_and_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = SmallDump()
    dump.queue[0] = event("t1", "run.failed", error="AmbiguousStart")
    dump.run_job[0] = ended("t1", "FAILED", "AmbiguousStart", None)
    assert judge.main(dump.write(tmp_path)) == 0
    assert "healthy 1 of 2 (50.0%)" in capsys.readouterr().out


def test_a_run_that_went_out_of_sight_may_have_a_second_event_with_the_truth(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.queue.append(event("t3", "run.unobservable", "N3", error="RunUnobservable"))
    assert counts(dump, tmp_path) == {}


def test_a_foreign_end_that_is_reported_once_and_as_it_was_is_no_finding(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.is_watched = True
    dump.naver[2]["status"] = "COMPLETED"
    dump.queue.append(foreign_end())
    assert counts(dump, tmp_path) == {}


@pytest.mark.parametrize("seconds_later", [-3, 90])
def test_a_foreign_end_may_be_missing_where_a_run_that_never_knew_may_have_begun_it(
    tmp_path: Path, seconds_later: float
) -> None:
    dump = SmallDump()
    a_watched_foreign_end_is_missing(dump)
    dump.run_job[2]["startDate"] = RUNS_ENDED_AT.timestamp()
    dump.naver[2]["startedAt"] = (RUNS_ENDED_AT + timedelta(seconds=seconds_later)).isoformat()
    assert counts(dump, tmp_path) == {}


def test_a_foreign_end_is_missing_where_no_run_can_have_begun_it(tmp_path: Path) -> None:
    dump = SmallDump()
    a_watched_foreign_end_is_missing(dump)
    dump.run_job[2]["startDate"] = RUNS_ENDED_AT.timestamp()
    dump.naver[2]["startedAt"] = (RUNS_ENDED_AT + timedelta(seconds=200)).isoformat()
    assert counts(dump, tmp_path) == {"events missing": 1}


def test_an_execution_may_go_on_for_as_long_as_its_provider_is_away(tmp_path: Path) -> None:
    dump = SmallDump()
    an_execution_goes_on_for_more_than_an_hour(dump)
    outage = {"deed": "outage", "kind": "provider", "subject": "naver", "seconds": 60.0}
    dump.deeds.append({"at": RUNS_ENDED_AT.isoformat(), **outage})
    assert counts(dump, tmp_path) == {}


def test_a_set_of_a_backfill_is_known_by_its_parameter(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.runs[0] |= {"name": None, "way": "backfill"}
    began = {"input": json.dumps({"parameters": {"$table_name": "t1"}})}
    dump.run_job[0]["events"].insert(
        0, {"timestamp": 0.0, "type": "ExecutionStarted", "executionStartedEventDetails": began}
    )
    assert counts(dump, tmp_path) == {}
    assert read_evidence(tmp_path).runs[0].name == HASHES["t1"]


def test_a_set_that_its_backfill_never_came_to_is_no_run(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.runs.append({**dump.runs[0], "name": None, "way": "backfill", "token": "t9", "value": "t9"})
    assert counts(dump, tmp_path) == {}


def test_neither_judge_nor_injector_shares_code_with_what_is_judged() -> None:
    """One mistake must not hide on both sides."""
    told = "import sys, tests.chaos.__main__, tests.chaos.judge; print([*sys.modules])"
    modules = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
    assert "'tests.chaos.judging'" in modules
    assert "'farsync" not in modules


def test_what_is_left_on_purpose_is_counted_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = SmallDump()
    the_aborted_runs_execution_goes_on(dump)
    dump.queue[2]["data"]["candidates"] = [{"executionId": "N3"}]
    judge.main(dump.write(tmp_path))
    assert "1  candidate of an AmbiguousStart 1\n" in capsys.readouterr().out


def test_a_redriven_run_may_have_an_event_for_each_redrive(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.runs[2]["redrives"] = 1
    dump.queue.append(event("t3", "run.failed", error="ExecutionCanceled"))
    dump.queue.append(event("t3", "run.unobservable", error="ExecutionCanceled"))
    assert counts(dump, tmp_path) == {}
