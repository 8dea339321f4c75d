from collections import Counter
from dataclasses import replace

from tests.chaos.fault_choices import LONGEST_HIDDEN_SECONDS
from tests.chaos.late_visibility import SETTLE_SECONDS as LATE_SETTLE_SECONDS
from tests.chaos.late_visibility import make_late_plan
from tests.chaos.plan import SETTLE_SECONDS, SPEED, KillAtFault, Plan, StartForeign, VendorFault
from tests.chaos.planning import JOBS, make_plan

PLAN = make_plan(seed=3, runs=2000)


def faults_of(plan: Plan) -> list[VendorFault]:
    steps = (step.fault if isinstance(step, KillAtFault) else step for step in plan.steps)
    return [step for step in steps if isinstance(step, VendorFault)]


def hidden_seconds(plan: Plan) -> list[float]:
    return [fault.rule["seconds"] for fault in faults_of(plan) if fault.rule["fault"] == "late_visibility"]


def test_a_seed_is_a_plan() -> None:
    assert make_plan(seed=3, runs=2000) == PLAN
    assert make_plan(seed=4, runs=2000) != PLAN


def test_no_two_runs_share_a_parameter_nor_does_a_foreign_start() -> None:
    foreign = [step.token for step in PLAN.steps if isinstance(step, StartForeign)]
    values = Counter([*(run.value for run in PLAN.runs), *foreign])
    assert values.most_common(1)[0][1] == 1
    assert len(foreign) > 50


def test_few_jobs_are_shared_by_many_runs() -> None:
    of_each = Counter(run.job for run in PLAN.runs)
    assert len(of_each) == len(JOBS) == 12
    assert min(of_each.values()) > 10


def test_every_run_of_an_endless_job_is_stopped() -> None:
    endless = [run for run in PLAN.runs if PLAN.job(run.job).pace == "long"]
    assert endless
    assert all(run.cancels_on_abort and (run.abort or run.timeout_seconds < 60) for run in endless)


def test_an_execution_is_listed_within_the_settling_window() -> None:
    window_seconds = SETTLE_SECONDS / SPEED
    hidden = hidden_seconds(PLAN)
    assert max(hidden) <= LONGEST_HIDDEN_SECONDS < window_seconds


def test_in_the_second_table_it_is_listed_later() -> None:
    plan = make_late_plan(seed=3, runs=50)
    hidden = hidden_seconds(plan)
    assert len(hidden) == 50
    assert min(hidden) > LATE_SETTLE_SECONDS / SPEED
    assert {run.settle_seconds for run in plan.runs} == {LATE_SETTLE_SECONDS}
    assert {rule["match"] for rule in plan.aws_faults} == {run.token for run in plan.runs}


def test_every_operation_at_a_vendor_meets_faults_on_both_clouds() -> None:
    met = {(fault.cloud, fault.operation) for fault in faults_of(PLAN)}
    operations = {"get_job", "list_executions", "start", "look", "cancel", "*"}
    assert met == {(cloud, operation) for cloud in ("naver", "huawei") for operation in operations}


def test_a_secret_parameter_is_not_spelt_out_in_its_runs_token() -> None:
    secret = replace(PLAN.runs[0], has_secret=True)
    assert secret.token not in secret.value
