"""A few dozen runs on both clouds, in one sandbox, while everything goes wrong. `make chaos` plays more of them."""

from collections import Counter
from pathlib import Path

import pytest

from tests.chaos import judge
from tests.chaos.dump_reading import read_evidence
from tests.chaos.evidence import Evidence
from tests.chaos.judging import ROWS
from tests.chaos.planning import RUNS_BETWEEN_OUTAGES, make_plan
from tests.chaos.playing import play

SEED, RUNS = 20261142, 40


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chaos")
    play(make_plan(SEED, RUNS, is_brief=True), folder, tell=print)
    return folder


@pytest.fixture(scope="module")
def evidence(dump: Path) -> Evidence:
    return read_evidence(dump)


def test_chaos_breaks_no_promise(dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = judge.main(dump)
    assert verdict == 0, capsys.readouterr().out


def test_it_was_chaos(evidence: Evidence) -> None:
    """Zeros prove nothing where nothing happened."""
    assert len(evidence.runs) >= RUNS
    assert len([run for run in evidence.runs if run.aborted_at]) >= RUNS / 20
    deeds = Counter(deed["deed"] for deed in evidence.deeds)
    assert deeds["outage"] >= RUNS / RUNS_BETWEEN_OUTAGES
    assert deeds.keys() >= {"fault", "AWS fault", "kill", "sweep", "purge", "watch", "backfill"}
    entered = [step.split()[-1] for one in evidence.ended for step in one.walk]
    assert entered.count("AwaitConsistency") >= RUNS / 40
    outcomes = {one.outcome for one in evidence.executed}
    assert {"succeeded", "failed", "canceled"} <= outcomes


def test_most_runs_end_as_their_executions_do(evidence: Evidence) -> None:
    """A system that called every start ambiguous would break no promise either."""
    told = [event for event in evidence.told if event.is_about_an_execution]
    assert len(told) > RUNS / 2


def test_the_table_has_a_row_for_every_promise(dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judge.main(dump)
    table = capsys.readouterr().out
    assert all(f"\n{row} " in table for row in ROWS)
