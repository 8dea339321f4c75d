"""The steps of the check of a DataArts Factory account."""

from collections.abc import Callable

from farsync.http_client.client import Transport
from farsync.model.errors import (
    AuthenticationFailed,
    ConnectionInvalid,
    ExecutionNotFound,
    FarsyncError,
    JobNotFound,
    PermissionDenied,
)
from farsync.model.execution import Job
from farsync.providers import open_provider
from farsync.providers.huawei.connection import HuaweiConnection
from tools.connection_check.checking import PAGE_LIMIT, Seen, check_keys, records_in, report_unknown
from tools.connection_check.clouds.huawei import inspecting
from tools.connection_check.clouds.huawei.instances import check_instances
from tools.connection_check.clouds.huawei.reading import FactoryReader
from tools.connection_check.clouds.huawei.vocabulary import VOCABULARY
from tools.connection_check.report import Remedies, Report

CLOCK_WINDOW_SECONDS = 900.0
"""Beyond it the gateway rejects every signature:
https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-001.html
"""
IMPOSSIBLE_INSTANCE = "999999999999999999"
JOB_OF_NOBODY = "a-job-that-does-not-exist"

REMEDIES: Remedies = {
    AuthenticationFailed: "correct keys or clock, and wait five minutes before you check again: the provider locks a "
    "key that goes on trying",
    PermissionDenied: "let an administrator give the IAM user DataArts Studio User and a role in the workspace; "
    "viewer should do for a check",
}


def check(report: Report, connection: HuaweiConnection, transport: Transport, clock: Callable[[], float]) -> None:
    """Raises `AuthenticationFailed` when keys that were accepted are rejected later."""
    reader = FactoryReader(connection, transport, clock)
    provider = open_provider(connection, transport, clock)
    listing = check_keys(report, reader.raw, lambda: reader.jobs(0, PAGE_LIMIT), CLOCK_WINDOW_SECONDS)
    if listing is None:
        return
    records = records_in(listing.get("jobs"))
    seen: Seen = {"listing": [listing], "job": records, "viewed job": [], "instance": []}
    report.ok("jobs", f"{len(records)} on the first page of {PAGE_LIMIT}, {inspecting.total(listing)}")
    page = report.attempt("decode jobs", lambda: provider.list_jobs(limit=PAGE_LIMIT))
    jobs = page.items if page else ()
    _check_generation(report, jobs, reader)
    _check_offset_of_jobs(report, reader)
    check_instances(report, jobs, reader, provider, clock, seen)
    report_unknown(report, VOCABULARY, seen)
    _check_workspace(report, connection, transport, clock)


def _check_generation(report: Report, jobs: tuple[Job, ...], reader: FactoryReader) -> None:
    job = jobs[0].job if jobs else JOB_OF_NOBODY
    try:
        reader.instance(job, IMPOSSIBLE_INSTANCE)
    except (ExecutionNotFound, JobNotFound) as rejected:
        report.ok("generation", inspecting.code_generation(rejected.said.code if rejected.said else None))
    except AuthenticationFailed:
        raise
    except FarsyncError as error:
        report.failed("generation, read an instance that does not exist", error)
    else:
        report.note("generation", "cannot be known: an instance that cannot exist was found")


def _check_offset_of_jobs(report: Report, reader: FactoryReader) -> None:
    pages = report.attempt("offset of jobs", lambda: [reader.jobs(offset, 2) for offset in (0, 1)])
    if pages is not None:
        at_0, at_1 = ([job.get("name") for job in records_in(page.get("jobs"))] for page in pages)
        report.ok("offset of jobs", inspecting.offset_meaning(at_0, at_1))


def _check_workspace(
    report: Report, connection: HuaweiConnection, transport: Transport, clock: Callable[[], float]
) -> None:
    """Last, since the provider may reject a request that names no workspace."""
    if connection.workspace is None:
        report.ok("workspace", "not needed: without one the provider answers for the workspace named default")
        return
    anywhere = FactoryReader(connection.model_copy(update={"workspace": None}), transport, clock)
    try:
        anywhere.jobs(0, 1)
    except AuthenticationFailed:
        raise
    except (ConnectionInvalid, PermissionDenied) as rejected:
        report.ok("workspace", f"needed: without it the provider rejects ({type(rejected).__name__})")
    except FarsyncError as error:
        report.failed("workspace, list jobs without it", error)
    else:
        report.ok("workspace", "sent; without it the provider answers too, for the workspace named default")
