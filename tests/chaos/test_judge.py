"""A judge that cannot find anything proves nothing: each row, made to happen in a small dump."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos import judge
from tests.chaos.evidence import read_evidence
from tests.chaos.judging import ROWS, STILL_RUNNING, Judge
from tests.chaos.small_dump import SmallDump, ended, event

Spoil = Callable[[SmallDump], None]


def counts(dump: SmallDump, folder: Path) -> Counter[str]:
    return Counter(finding.row for finding in Judge(read_evidence(dump.write(folder))).findings())


def the_run_claims_anothers_execution(dump: SmallDump) -> None:
    dump.run_job[0] = ended("t1", "SUCCEEDED", None, "N3")


def what_closed_the_run_claimed_a_foreign_execution(dump: SmallDump) -> None:
    dump.close_run[0] = ended("t3", "SUCCEEDED", None, "NF")


def the_run_claims_what_never_was(dump: SmallDump) -> None:
    dump.run_job[0] = ended("t1", "SUCCEEDED", None, "N8")


def a_foreign_execution_was_asked_to_stop(dump: SmallDump) -> None:
    dump.naver[2]["cancelRequestedAt"] = "now"


def a_runs_parameter_was_executed_twice(dump: SmallDump) -> None:
    dump.naver.append({**dump.naver[0], "jobExecutionId": "N4"})


def the_aborted_runs_execution_goes_on(dump: SmallDump) -> None:
    dump.naver[1]["status"] = "RUNNING"
    dump.queue[2] = event("t3", "run.failed", error="AmbiguousStart")


def a_success_was_told_of_a_failure(dump: SmallDump) -> None:
    dump.naver[0]["status"] = "FAILED"


def another_word_was_told_than_the_vendors(dump: SmallDump) -> None:
    dump.queue[0]["data"]["vendorStatus"] = "SUCCESS"


def a_healthy_run_was_told_as_failed(dump: SmallDump) -> None:
    dump.queue[0] = event("t1", "run.failed", error="ProviderUnavailable")
    dump.run_job[0] = ended("t1", "FAILED", "ProviderUnavailable", None)


def a_healthy_run_was_told_as_out_of_sight(dump: SmallDump) -> None:
    dump.queue[0] = event("t1", "run.unobservable", "N1", error="RunUnobservable")
    dump.run_job[0] = ended("t1", "FAILED", "RunUnobservable", "N1")


def a_healthy_execution_was_cancelled(dump: SmallDump) -> None:
    dump.naver[0]["status"], dump.naver[0]["cancelRequestedAt"] = "CANCELED", "now"
    dump.queue[0] = event("t1", "execution.canceled", "N1", "CANCELED", "ExecutionCanceled")
    dump.run_job[0] = ended("t1", "FAILED", "ExecutionCanceled", "N1")


def the_aborted_run_was_told_as_never_started(dump: SmallDump) -> None:
    dump.naver[1]["status"] = "COMPLETED"
    dump.queue[2] = event("t3", "run.failed", error="ExecutionCanceled")


def the_caller_hears_of_a_failure_and_the_queue_of_a_success(dump: SmallDump) -> None:
    dump.run_job[0] = ended("t1", "FAILED", "States.Runtime", "N1")


def no_event_came(dump: SmallDump) -> None:
    del dump.queue[0]


def only_a_notice_came(dump: SmallDump) -> None:
    dump.queue[0] = event("t1", "execution.needs_attention", "N1", "COMPLETED")


def the_same_event_came_twice(dump: SmallDump) -> None:
    dump.queue.append(dump.queue[0])


def one_end_was_told_under_two_ids(dump: SmallDump) -> None:
    dump.queue.append({**dump.queue[0], "id": "another"})


def one_run_was_told_twice(dump: SmallDump) -> None:
    dump.queue.append(event("t3", "run.failed", error="ExecutionCanceled"))


def a_key_stands_in_a_log(dump: SmallDump) -> None:
    dump.log += "signing with SKNAVER\n"


def a_signature_stands_in_a_history(dump: SmallDump) -> None:
    dump.run_job[0]["cause"] = "Authorization: SDK-HMAC-SHA256 Access=A, Signature=0123456789abcdef0"


def a_secret_parameter_stands_in_an_event(dump: SmallDump) -> None:
    dump.queue[2]["data"]["error"]["message"] = "table hush-3 is missing"


def an_execution_has_not_ended(dump: SmallDump) -> None:
    dump.close_run[0]["status"] = "RUNNING"


SPOILT: dict[str, list[Spoil]] = {
    "wrong adoptions": [
        the_run_claims_anothers_execution,
        what_closed_the_run_claimed_a_foreign_execution,
        the_run_claims_what_never_was,
    ],
    "foreign executions cancelled": [a_foreign_execution_was_asked_to_stop],
    "duplicates": [a_runs_parameter_was_executed_twice],
    "orphans": [the_aborted_runs_execution_goes_on],
    "wrong verdicts": [
        a_success_was_told_of_a_failure,
        another_word_was_told_than_the_vendors,
        a_healthy_run_was_told_as_failed,
        a_healthy_run_was_told_as_out_of_sight,
        a_healthy_execution_was_cancelled,
        the_aborted_run_was_told_as_never_started,
        the_caller_hears_of_a_failure_and_the_queue_of_a_success,
    ],
    "events missing": [no_event_came, only_a_notice_came],
    "events double": [the_same_event_came_twice, one_end_was_told_under_two_ids, one_run_was_told_twice],
    "secrets found": [
        a_key_stands_in_a_log,
        a_signature_stands_in_a_history,
        a_secret_parameter_stands_in_an_event,
    ],
    STILL_RUNNING: [an_execution_has_not_ended],
}


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
    assert judge.main(tmp_path) == 1
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


def test_a_candidate_is_not_claimed(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.run_job[0] = ended("t1", "SUCCEEDED", None, None)
    assert counts(dump, tmp_path) == {}


def test_an_ambiguous_start_is_counted_and_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = SmallDump()
    dump.queue[0] = event("t1", "run.failed", error="AmbiguousStart")
    dump.run_job[0] = ended("t1", "FAILED", "AmbiguousStart", None)
    assert judge.main(dump.write(tmp_path)) == 0
    assert "naver 1 of 2 (50.0%)" in capsys.readouterr().out


def test_a_run_that_went_out_of_sight_may_be_told_once_more_with_the_truth(tmp_path: Path) -> None:
    dump = SmallDump()
    dump.queue.append(event("t3", "run.unobservable", "N3", error="RunUnobservable"))
    assert counts(dump, tmp_path) == {}
