"""DataArts Factory lists instances that are frozen ahead of their time: they hide no start, and do not run yet."""

from datetime import timedelta
from typing import Literal, cast

from farsync.connections.connection import Connection
from farsync.model.execution import Execution, Job
from farsync.model.run import Run
from farsync.model.run_request import RunRequest
from farsync.operations.prepare_execution import prepare_run
from farsync.providers.base import ExecutionPage, Provider
from farsync.starting.matching import new_executions
from tests.unit.models import NOON
from tests.unit.starting.listed_executions import execution

HALF_AN_HOUR = 1800.0


class AListOf:
    def __init__(self, *executions: Execution) -> None:
        self.executions = executions

    def get_job(self, job: str, *, is_timeout_needed: bool) -> Job:
        assert not is_timeout_needed
        return Job(job=job, name=job, status="SCHEDULING")

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        assert job == "a-job"
        return ExecutionPage(self.executions, len(self.executions), page, limit, served_at=NOON)


class AConnection:
    provider = "huawei"
    watched_failure_reasons = False


def prepared(*listed: Execution, if_running: Literal["start", "attach"] = "start") -> Run:
    request = RunRequest(job="a-job", timeout_seconds=60, if_running=if_running)
    provider, connection = cast(Provider, AListOf(*listed)), cast(Connection, AConnection())
    job = provider.get_job(request.job, is_timeout_needed=False)
    return prepare_run(request, job, provider, connection, name="a-run", started_at=NOON, now=NOON)


def test_what_begins_after_the_baseline_is_new_though_something_is_planned_for_later() -> None:
    before, planned, ours = execution("before", -600), execution("planned", HALF_AN_HOUR), execution("ours", 5)
    baseline = prepared(before, planned).baseline
    assert baseline is not None
    assert baseline.newest_created_at == NOON - timedelta(seconds=600)
    assert new_executions([before, planned, ours], baseline, None) == (ours,)


def test_what_runs_is_attached_and_not_what_is_planned_for_later() -> None:
    run = prepared(execution("running", -60), execution("planned", HALF_AN_HOUR), if_running="attach")
    assert run.execution_id == "running"
