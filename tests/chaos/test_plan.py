from collections import Counter
from dataclasses import replace
from math import ceil

from tests.chaos.jobs import JOBS, RUNS_OF_A_GENERATION
from tests.chaos.late_visibility import make_late_plan
from tests.chaos.outage_choices import FUNCTIONS, HOUR, LONG_SECONDS
from tests.chaos.plan import (
    GRACE_SECONDS,
    SPEED,
    WINDOW_SECONDS,
    AwsFault,
    KillAtFault,
    Outage,
    Plan,
    ProviderFault,
    PurgeQueue,
    StartBackfill,
    StartForeign,
    StartRun,
    Sweep,
    Watch,
)
from tests.chaos.planning import RUNS_ELSEWHERE, make_plan

PLAN = make_plan(seed=3, runs=2000)
MOST_WATCHED = 100
"""Jobs of one stack."""


def faults_of(plan: Plan) -> list[ProviderFault]:
    steps = (step.fault if isinstance(step, KillAtFault) else step for step in plan.steps)
    return [step for step in steps if isinstance(step, ProviderFault)]


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
    assert len(PLAN.jobs) == len(JOBS) * ceil(2000 / RUNS_OF_A_GENERATION) <= MOST_WATCHED
    assert max(of_each.values()) > 15


def test_every_run_of_an_endless_job_is_stopped() -> None:
    endless = [run for run in PLAN.runs if PLAN.job(run.job).pace == "long"]
    assert endless
    assert all(run.cancels_on_abort and (run.abort or run.timeout_seconds < 60) for run in endless)


def test_an_execution_is_listed_within_the_window() -> None:
    assert max(hidden_seconds(PLAN)) < WINDOW_SECONDS / SPEED


def test_in_the_second_table_it_is_listed_later() -> None:
    plan = make_late_plan(seed=3, runs=50)
    hidden = hidden_seconds(plan)
    assert len(hidden) == 50
    assert min(hidden) > WINDOW_SECONDS / SPEED
    assert {rule["match"] for rule in plan.aws_faults} == {run.token for run in plan.runs}


def test_every_operation_at_a_provider_meets_faults_on_both_clouds() -> None:
    met = {(fault.cloud, fault.operation) for fault in faults_of(PLAN)}
    operations = {"get_job", "list_executions", "start", "poll", "cancel", "*"}
    assert met == {(cloud, operation) for cloud in ("naver", "huawei") for operation in operations}


def test_a_secret_parameter_is_not_spelt_out_in_its_runs_token() -> None:
    secret = replace(PLAN.runs[0], has_secret=True)
    assert secret.token not in secret.value


def outages_of(plan: Plan) -> list[Outage]:
    return [step for step in plan.steps if isinstance(step, Outage)]


def test_everything_that_runs_wait_for_is_away_for_a_while() -> None:
    outages = outages_of(PLAN)
    assert {outage.kind for outage in outages} == {"provider", "aws", "function", "mapping", "keys", "quotas"}
    assert {outage.subject for outage in outages if outage.kind == "provider"} == {"naver", "huawei"}
    at_aws = [rule for outage in outages if outage.kind == "aws" for rule in outage.rules]
    assert {rule.get("function") for rule in at_aws} >= {f"farsync-{function}" for function in FUNCTIONS}
    assert {str(rule["operation"]) for rule in at_aws} >= {
        "Invoke",
        "SendMessage",
        "ChangeMessageVisibility",
        "DeleteMessage",
        "SendTaskHeartbeat",
        "SendTaskSuccess",
        "SendTaskFailure",
        "StartExecution",
        "GetExecutionHistory",
        "DescribeExecution",
        "ListExecutions",
        "PutEvents",
        "PutLogEvents",
    }


def hours_of(plan: Plan) -> dict[str, int]:
    """Where in the plan something goes away for more than an hour of the sandbox's."""
    return {
        step.subject: index
        for index, step in enumerate(plan.steps)
        if isinstance(step, Outage) and step.seconds * SPEED > 3600
    }


def test_each_provider_and_the_closing_of_runs_are_away_for_more_than_an_hour() -> None:
    assert hours_of(PLAN).keys() == {"naver", "huawei", "calls of close_run"}
    assert HOUR[0] * SPEED > 3600


def test_inside_such_an_outage_some_runs_are_stopped_and_others_start_elsewhere() -> None:
    for cloud in ("naver", "huawei"):
        after = PLAN.steps[hours_of(PLAN)[cloud] :]
        runs = [step.run for step in after if isinstance(step, StartRun)][:RUNS_ELSEWHERE]
        there = [run for run in runs if PLAN.job(run.job).cloud == cloud]
        assert 4 <= len(there) < RUNS_ELSEWHERE / 4
        assert all(run.abort or run.timeout_seconds < 60 for run in there[:4])


def test_a_small_plan_has_no_outage_of_hours() -> None:
    assert max(outage.seconds for outage in outages_of(make_plan(seed=3, runs=60))) <= LONG_SECONDS[1]


def test_a_brief_plan_aborts_only_what_is_followed_and_its_outages_are_short() -> None:
    plan = make_plan(seed=3, runs=300, is_brief=True)
    assert {run.abort.state for run in plan.runs if run.abort} == {"Follow"}
    assert max(outage.seconds for outage in outages_of(plan)) <= 6


def test_reads_of_executions_lag_from_the_first_run_on() -> None:
    assert PLAN.stale_reads["seconds"] > 1
    assert 0 < PLAN.stale_reads["share"] < 1


def test_backfills_sweeps_and_watching_go_on_beside_runs() -> None:
    kinds = Counter(type(step) for step in PLAN.steps)
    assert min(kinds[StartBackfill], kinds[Watch]) > 20
    assert kinds[Sweep] > 10
    sets = [run for step in PLAN.steps if isinstance(step, StartBackfill) for run in step.runs]
    assert len({run.number for run in sets}) == len(sets)
    assert all(run.way == "backfill" and run.label != run.token for run in sets)


def test_some_requests_are_nearly_as_large_as_they_may_be() -> None:
    assert sum(run.is_large for run in PLAN.runs) > 20


def test_where_no_marker_shows_whose_an_execution_is_fewer_starts_meet_faults() -> None:
    starts = Counter(PLAN.job(fault.job or "").is_marked for fault in faults_of(PLAN) if fault.operation == "start")
    runs = Counter(PLAN.job(run.job).is_marked for run in PLAN.runs)
    assert starts[False] / runs[False] < 0.06
    assert starts[True] / runs[True] > 0.1


def test_a_providers_outage_outlasts_every_retry_and_holds_aborts_and_deadlines() -> None:
    outages = [index for index, step in enumerate(PLAN.steps) if isinstance(step, Outage) and step.kind == "provider"]
    inside = list[StartRun]()
    for index in outages:
        outage = PLAN.steps[index]
        assert isinstance(outage, Outage)
        assert outage.seconds >= LONG_SECONDS[0] > GRACE_SECONDS
        inside += [step for step in PLAN.steps[index:] if isinstance(step, StartRun)][:4]
    assert all(step.run.abort or step.run.timeout_seconds < 60 for step in inside)
    assert any(step.run.abort for step in inside)
    assert any(step.run.timeout_seconds < 60 for step in inside)


def test_both_queues_are_purged_once() -> None:
    assert [step.queue for step in PLAN.steps if isinstance(step, PurgeQueue)] == ["poll", "close"]


def test_runs_are_redriven_polled_twice_and_closed_twice() -> None:
    aborts = [run.abort for run in PLAN.runs if run.abort]
    endless = [run for run in PLAN.runs if run.abort and run.abort.redrive and PLAN.job(run.job).pace == "long"]
    assert sum(abort.redrive is not None for abort in aborts) > 20
    assert all(run.abort and run.abort.redrive and run.abort.redrive.aborted_after_seconds for run in endless)
    assert sum(run.is_polled_twice for run in PLAN.runs) > 50
    assert sum(run.is_closed_twice for run in PLAN.runs) > 50


def test_anybodys_calls_of_aws_fail_at_any_moment() -> None:
    assert len({step.rule["operation"] for step in PLAN.steps if isinstance(step, AwsFault)}) > 5
