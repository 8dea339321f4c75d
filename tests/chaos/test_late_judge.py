"""What the second table finds: starts that are listed later than the consistency window."""

from pathlib import Path

import pytest

from tests.chaos.late_visibility import TWICE, judge_late
from tests.chaos.small_dump import SmallDump, ended, event
from tests.chaos.spoils import a_runs_parameter_was_executed_twice, the_run_claims_anothers_execution


def test_runs_that_went_on_with_their_only_execution_are_no_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge_late(SmallDump().write(tmp_path)) == 0
    assert f"{TWICE:<36}{0:>7}" in capsys.readouterr().out


def test_a_run_that_began_two_executions_and_reports_one_is_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = SmallDump()
    a_runs_parameter_was_executed_twice(dump)
    assert judge_late(dump.write(tmp_path)) == 1
    assert f"[{TWICE}] t1" in capsys.readouterr().out


def test_a_run_that_began_two_and_says_that_it_cannot_tell_is_none(tmp_path: Path) -> None:
    dump = SmallDump()
    a_runs_parameter_was_executed_twice(dump)
    dump.queue[0] = event("t1", "run.failed", error="AmbiguousStart")
    dump.run_job[0] = ended("t1", "FAILED", "AmbiguousStart", None)
    assert judge_late(dump.write(tmp_path)) == 0


def test_a_run_that_took_another_s_execution_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = SmallDump()
    the_run_claims_anothers_execution(dump)
    assert judge_late(dump.write(tmp_path)) == 1
    assert "[wrong attachments] t1" in capsys.readouterr().out
