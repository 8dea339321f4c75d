"""The steps of the check of a Data Flow account."""

from collections.abc import Callable, Sequence

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.model.errors import ConnectionInvalid, PermissionDenied
from farsync.model.execution import Execution, Job
from farsync.providers import open_provider
from farsync.providers.base import Provider
from tools.connection_check.checking import (
    JOBS_LOOKED_AT,
    PAGE_LIMIT,
    Seen,
    check_keys,
    records_in,
    report_unknown,
)
from tools.connection_check.clouds.naver import inspecting
from tools.connection_check.clouds.naver.reading import DataFlowReader
from tools.connection_check.clouds.naver.vocabulary import VOCABULARY
from tools.connection_check.inspecting import newest_execution, order, ran_last
from tools.connection_check.report import Remedies, Report, nameless
from tools.connection_check.vocabulary import Record

CLOCK_WINDOW_SECONDS = 300.0
"""Beyond it the gateway rejects every signature: https://api.ncloud-docs.com/docs/en/analytics-dataflow"""

REMEDIES: Remedies = {
    PermissionDenied: "let an administrator give the sub account the policy NCP_DATA_FLOW_VIEWER",
    ConnectionInvalid: "leave endpoint out of the file to use the provider's own",
}


def check(report: Report, connection: Connection, transport: Transport, clock: Callable[[], float]) -> None:
    """Raises `AuthenticationFailed` when keys that were accepted are rejected later."""
    reader = DataFlowReader(connection, transport, clock)
    provider = open_provider(connection, transport, clock)
    listing = check_keys(report, reader.raw, lambda: reader.jobs(PAGE_LIMIT), CLOCK_WINDOW_SECONDS)
    if listing is None:
        return
    seen: Seen = {"listing": [listing], "job": records_in(listing.get("list")), "execution": []}
    jobs = _check_job_list(report, listing, provider, seen)
    _check_executions(report, jobs, reader, provider, seen)
    report_unknown(report, VOCABULARY, seen)


def _check_job_list(report: Report, listing: Record, provider: Provider, seen: Seen) -> tuple[Job, ...]:
    records = seen["job"]
    report.ok("jobs", f"{len(records)} on the first page of {PAGE_LIMIT}, {inspecting.count(listing)}")
    report.ok("dialect", inspecting.dialect(records))
    page = report.attempt("decode jobs", lambda: provider.list_jobs(limit=PAGE_LIMIT))
    jobs = page.items if page else ()
    report.ok("order of jobs", order([job.created_at for job in jobs]))
    return jobs


def _check_executions(
    report: Report, jobs: Sequence[Job], reader: DataFlowReader, provider: Provider, seen: Seen
) -> None:
    executions: list[Execution] = []
    for number, job in enumerate(ran_last(jobs, JOBS_LOOKED_AT), 1):
        topic = f"job {nameless(number, job.job)}"
        executions += _check_executions_of(report, topic, job, reader, provider, seen)
    newest = newest_execution(executions)
    if newest is None:
        report.note("newest execution", "none was found; run a job once and check again to learn more")
        return
    _check_newest(report, newest, reader, provider, seen)
    is_echoing = inspecting.is_echoing_parameters(seen["execution"])
    report.ok("parameters", "echoed in parsedParameters" if is_echoing else "not echoed by any execution looked at")


def _check_executions_of(
    report: Report, topic: str, job: Job, reader: DataFlowReader, provider: Provider, seen: Seen
) -> tuple[Execution, ...]:
    record = report.attempt(f"{topic}, read", lambda: reader.job(job.job))
    if record is not None:
        seen["job"].append(record)
    listing = report.attempt(f"{topic}, executions", lambda: reader.executions(job.job, PAGE_LIMIT))
    if listing is None:
        return ()
    seen["listing"].append(listing)
    seen["execution"] += records_in(listing.get("list"))
    page = report.attempt(f"{topic}, decode executions", lambda: provider.list_executions(job.job, limit=PAGE_LIMIT))
    executions = page.items if page else ()
    created = [execution.created_at for execution in executions]
    report.ok(f"{topic}, executions", f"{len(executions)}, {inspecting.count(listing)}, {order(created)}")
    return executions


def _check_newest(report: Report, newest: Execution, reader: DataFlowReader, provider: Provider, seen: Seen) -> None:
    job, execution_id = newest.ref.job, newest.ref.execution_id
    record = report.attempt("newest execution, read", lambda: reader.execution(job, execution_id))
    if record is None:
        return
    seen["execution"].append(record)
    execution = report.attempt("newest execution, decode", lambda: provider.get_execution(job, execution_id))
    if execution is not None:
        report.ok("newest execution", inspecting.execution_in_words(record, execution))
