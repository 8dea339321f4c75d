"""What a play does, without a sandbox: zeros prove nothing where nothing happens."""

from collections import Counter
from typing import Any
from unittest.mock import Mock

import pytest

from tests.chaos.outages import FUNCTIONS, HOUR, LONG_SECONDS
from tests.chaos.planning import BRIEF_SECONDS, RUNS_ELSEWHERE, Planner, jobs_for
from tests.chaos.runs import GRACE_SECONDS, SPEED, WINDOW_SECONDS, Run

RUNS = 2000


class Plan:
    """Every order that a driver gets."""

    def __init__(self, seed: int = 3, runs: int = RUNS, *, is_brief: bool = False) -> None:
        driver = Mock()
        self.jobs = jobs_for(runs)
        Planner(driver, self.jobs, seed, runs, is_brief=is_brief).play()
        self.orders = [(str(order[0]), order.args, order.kwargs) for order in driver.mock_calls]

    def of(self, order: str) -> list[Any]:
        return [arguments for name, arguments, _ in self.orders if name == order]

    @property
    def runs(self) -> list[Run]:
        return [run for (run,) in self.of("start")]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan()


def test_a_seed_is_a_plan(plan: Plan) -> None:
    assert Plan().orders == plan.orders
    assert Plan(seed=4).orders != plan.orders


def test_no_two_runs_share_a_parameter_nor_does_a_foreign_start(plan: Plan) -> None:
    sets = [run for _, _, runs in plan.of("start_backfill") for run in runs]
    foreign = [value for _, value in plan.of("start_foreign")]
    values = [*(run.value for run in [*plan.runs, *sets]), *foreign]
    assert len(set(values)) == len(values)
    assert min(len(sets), len(foreign)) > 50


def test_every_operation_at_a_provider_meets_faults_on_both_clouds(plan: Plan) -> None:
    faults = plan.of("add_provider_fault")
    operations = {"get_job", "list_executions", "start", "poll", "cancel", "*"}
    assert {(job.cloud, operation) for job, operation, *_ in faults} == {
        (cloud, operation) for cloud in ("naver", "huawei") for operation in operations
    }
    hidden = [rule["seconds"] for _, _, rule, *_ in faults if rule["fault"] == "late_visibility"]
    assert 0 < max(hidden) < WINDOW_SECONDS / SPEED
    starts = Counter(job.is_marked for job, operation, *_ in faults if operation == "start")
    runs = Counter(run.job.is_marked for run in plan.runs)
    assert starts[False] / runs[False] < 0.06, "where no marker shows whose an execution is, fewer starts meet faults"
    assert starts[True] / runs[True] > 0.1


def test_everything_that_runs_wait_for_is_away_for_a_while(plan: Plan) -> None:
    outages = [outage for (outage,) in plan.of("begin_outage")]
    assert {outage.kind for outage in outages} == {"provider", "aws", "function", "mapping", "keys", "quotas"}
    rules = [rule for outage in outages if outage.kind == "aws" for rule in outage.rules]
    assert {rule.get("function") for rule in rules} >= {f"farsync-{function}" for function in FUNCTIONS}
    calls = "Invoke SendMessage ChangeMessageVisibility DeleteMessage SendTaskHeartbeat SendTaskSuccess SendTaskFailure"
    reads = "StartExecution GetExecutionHistory DescribeExecution ListExecutions PutEvents PutLogEvents"
    assert {rule["operation"] for rule in rules} >= {*calls.split(), *reads.split()}
    assert {outage.subject for outage in outages if outage.seconds >= HOUR[0] > 3600 / SPEED} == {
        "naver",
        "huawei",
        "calls of close_run",
    }


def test_inside_a_providers_outage_runs_are_stopped_and_in_one_of_hours_others_start_elsewhere(plan: Plan) -> None:
    for index, (name, arguments, _) in enumerate(plan.orders):
        if name == "begin_outage" and arguments[0].kind == "provider":
            outage = arguments[0]
            assert outage.seconds >= LONG_SECONDS[0] > GRACE_SECONDS
            runs = [arguments[0] for order, arguments, _ in plan.orders[index:] if order == "start"]
            there = [run for run in runs[:RUNS_ELSEWHERE] if run.job.cloud == outage.subject]
            assert all(run.abort or run.has_deadline for run in there[:4])
            assert outage.seconds < HOUR[0] or 4 <= len(there) < RUNS_ELSEWHERE / 4


def test_runs_are_stopped_redriven_doubled_and_large(plan: Plan) -> None:
    endless = [run for run in plan.runs if run.job.pace == "long"]
    assert all(run.cancels_on_abort and (run.abort or run.has_deadline) for run in endless)
    redriven = [run for run in plan.runs if run.abort and run.abort.redriven_after is not None]
    assert all(
        (run.job.pace == "long") is (run.abort and run.abort.aborted_again_after is not None) for run in redriven
    )
    kinds = (lambda run: run.is_polled_twice, lambda run: run.is_closed_twice, lambda run: run.is_large)
    assert min(len(redriven), *(sum(map(kind, plan.runs)) for kind in kinds)) > 20
    assert {rule["operation"] for run in plan.runs for rule in run.aws_faults} > {"Invoke", "SendTaskSuccess"}


def test_beside_runs_there_are_all_other_deeds(plan: Plan) -> None:
    deeds = {"kill", "purge", "sweep_beside", "watch_beside", "start_backfill", "add_aws_fault", "let_reads_lag"}
    assert deeds < {name for name, *_ in plan.orders}
    assert len({rule["operation"] for (rule,) in plan.of("add_aws_fault")}) > 5


def test_a_brief_play_aborts_only_what_is_followed_and_its_outages_are_short() -> None:
    brief = Plan(runs=300, is_brief=True)
    assert {run.abort.state for run in brief.runs if run.abort} == {"Follow"}
    assert max(outage.seconds for (outage,) in brief.of("begin_outage")) <= BRIEF_SECONDS
