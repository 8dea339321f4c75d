"""The orders of a play, without a sandbox: zeros prove nothing where nothing happens."""

from typing import Any
from unittest.mock import Mock

from tests.chaos.faults import FUNCTIONS, STEPS_OF_A_RUN
from tests.chaos.outages import HOUR, LONG_SECONDS
from tests.chaos.planning import Planner, jobs_for
from tests.chaos.runs import GRACE_SECONDS, SPEED, WINDOW_SECONDS, Run

RUNS = 2000
CALLS = (
    "Invoke SendMessage ChangeMessageVisibility DeleteMessage SendTaskHeartbeat SendTaskSuccess SendTaskFailure "
    "StartExecution GetExecutionHistory DescribeExecution ListExecutions PutEvents PutLogEvents"
)


def orders_of(seed: int) -> list[tuple[str, Any]]:
    """The driver's method and the arguments, of each order."""
    driver = Mock()
    Planner(driver, jobs_for(RUNS), seed, RUNS).play()
    return [(str(name), arguments or named) for name, arguments, named in driver.mock_calls]


ORDERS = orders_of(3)


def of(order: str) -> list[Any]:
    return [arguments for name, arguments in ORDERS if name == order]


def test_a_seed_is_a_plan() -> None:
    assert orders_of(3) == ORDERS
    assert orders_of(4) != ORDERS


def test_every_operation_at_a_provider_meets_faults_on_both_clouds() -> None:
    met = {(job.cloud, operation) for job, operation, *_ in of("add_provider_fault")}
    operations = ("get_job", "list_executions", "start", "poll", "cancel")
    assert met == {(cloud, operation) for cloud in ("naver", "huawei") for operation in operations}
    rules = [rule for _, _, rule, *_ in of("add_provider_fault")]
    hidden = [rule["seconds"] for rule in rules if rule["fault"] == "late_visibility"]
    assert 0 < max(hidden) < WINDOW_SECONDS / SPEED


def test_everything_that_runs_wait_for_is_away_for_a_while() -> None:
    outages = [outage for (outage,) in of("begin_outage")]
    assert {outage.kind for outage in outages} == {"provider", "aws", "function", "mapping", "keys", "quotas"}
    rules = [rule for outage in outages if outage.kind == "aws" for rule in outage.rules]
    assert {rule.get("function") for rule in rules} >= {f"farsync-{function}" for function in FUNCTIONS}
    assert {rule["operation"] for rule in rules} == {*CALLS.split()}
    hours = {outage.subject for outage in outages if outage.seconds >= HOUR[0] > 3600 / SPEED}
    assert hours == {"naver", "huawei", "calls of close_run"}


def test_a_providers_outage_outlasts_every_retry_and_holds_aborts_and_deadlines() -> None:
    for index, (name, arguments) in enumerate(ORDERS):
        if name == "begin_outage" and arguments[0].kind == "provider":
            assert arguments[0].seconds >= LONG_SECONDS[0] > GRACE_SECONDS
            runs = [of_order[0] for order, of_order in ORDERS[index + 1 : index + 60] if order == "start"]
            there = [run for run in runs if run.job.cloud == arguments[0].subject][:4]
            assert all(run.abort or run.has_deadline for run in there)


def test_runs_are_stopped_redriven_doubled_and_large() -> None:
    runs: list[Run] = [run for (run,) in of("start")]
    endless = [run for run in runs if run.job.pace == "long"]
    assert all(run.cancels_on_abort and (run.abort or run.has_deadline) for run in endless)
    assert sum(run.abort is not None and run.abort.redriven_after is not None for run in runs) > 20
    for kind in ("is_polled_twice", "is_closed_twice", "is_large", "has_secret"):
        assert sum(getattr(run, kind) for run in runs) > 20


def test_beside_runs_there_are_all_other_deeds() -> None:
    beside = "kill_beside purge sweep_beside watch_beside start_backfill start_foreign add_aws_fault let_reads_lag"
    assert {name for name, _ in ORDERS} >= {*beside.split()}


def test_single_calls_of_aws_and_of_each_step_of_a_run_fail() -> None:
    rules = [rule for (rule,) in of("add_aws_fault")]
    assert {rule["operation"] for rule in rules} == {*CALLS.split(), "GetSecretValue"}
    assert {rule.get("function", "farsync-").removeprefix("farsync-") for rule in rules} == {"", *STEPS_OF_A_RUN}
