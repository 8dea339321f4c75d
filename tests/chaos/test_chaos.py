"""A few dozen runs on both clouds, in one sandbox, while everything goes wrong. `make chaos` plays more of them."""

from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.evidence import Evidence
from tests.chaos.planning import OPEN_RUNS, RUNS_BETWEEN_OUTAGES, Planner, jobs_for
from tests.chaos.playing import play
from tests.chaos.report import report
from tests.chaos.sandbox import ChaosSandbox

SEED, RUNS = 20261142, 40


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, jobs = tmp_path_factory.mktemp("chaos"), jobs_for(RUNS)
    sandbox = ChaosSandbox(jobs)
    play(sandbox, OPEN_RUNS, lambda driver: Planner(driver, jobs, SEED, RUNS, is_brief=True).play(), folder, print)
    return folder


@pytest.fixture(scope="module")
def evidence(dump: Path) -> Evidence:
    return Evidence(dump)


def test_chaos_breaks_no_promise(dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(dump)
    assert found == 0, capsys.readouterr().out


def test_it_was_chaos(evidence: Evidence) -> None:
    """Zeros prove nothing where nothing happened, nor where every start ended as ambiguous."""
    assert len(evidence.runs) >= RUNS
    assert len([run for run in evidence.runs if run.aborted_at]) >= RUNS / 20
    deeds = Counter(deed["deed"] for deed in evidence.deeds)
    assert deeds["outage"] >= RUNS / RUNS_BETWEEN_OUTAGES
    assert deeds.keys() >= {"provider fault", "AWS fault", "kill", "purge", "sweep", "watch", "backfill"}
    states = [step.split()[-1] for walk in evidence.walks for step in walk.steps]
    assert states.count("AwaitConsistency") >= RUNS / 40
    assert {"succeeded", "failed", "canceled"} <= {execution.outcome for execution in evidence.executions}
    assert sum(event.is_about_an_execution for event in evidence.events) > RUNS / 2
