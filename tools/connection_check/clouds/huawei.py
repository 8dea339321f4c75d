"""The check of a DataArts Factory account."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

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
from farsync.providers.huawei.connection import HuaweiConnection
from farsync.providers.huawei.errors import Operation, rejection
from farsync.providers.huawei.requests import (
    LONGEST_WINDOW,
    WINDOW_MARGIN,
    ListWindow,
    instances_url,
    jobs_url,
    path_segment,
)
from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from tools.connection_check.cloud import PAGE_LIMIT, Clock, Cloud, Seen, records_in
from tools.connection_check.clouds.huawei_words import (
    code_generation,
    execute_time_unit,
    nodes_in_words,
    offset_meaning,
    success_flags_met,
    words_met,
)
from tools.connection_check.raw_reading import RawReader
from tools.connection_check.report import Remedies, Report
from tools.connection_check.vocabulary import Record

IMPOSSIBLE_INSTANCE = "999999999999999999"
JOB_OF_NOBODY = "a-job-that-does-not-exist"
RECENT = timedelta(days=2)
"""A list that reaches back from now shows what ended within this time; the provider lists few days at once."""
REMEDIES: Remedies = {
    AuthenticationFailed: "correct keys or clock, and wait five minutes before you check again: the provider locks a "
    "key that goes on trying",
    PermissionDenied: "let an administrator give the IAM user DataArts Studio User and a role in the workspace; "
    "viewer should do for a check",
}


class DataArtsFactory(Cloud):
    remedies = REMEDIES
    # https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-001.html
    clock_window_seconds = 900.0
    execution_word = "instance"
    job_read = "view", "viewed job"
    jobs_field, executions_field = "jobs", "instances"
    total_field = "total"
    execution_id_field = "instanceId"

    def __init__(self, connection: HuaweiConnection, transport: Transport, clock: Clock) -> None:
        self._connection, self._transport, self._clock = connection, transport, clock
        token = connection.security_token
        keys = HuaweiKeys(
            connection.access_key.get_secret_value(),
            connection.secret_key.get_secret_value(),
            token.get_secret_value() if token else None,
        )
        workspace = {} if connection.workspace is None else {"workspace": connection.workspace}
        headers = {"Content-Type": "application/json", "X-Project-Id": connection.project_id, **workspace}
        self._jobs_url = f"{connection.endpoint}/v1/{connection.project_id}/jobs"
        self.raw = RawReader(transport, clock, lambda sending_clock: HuaweiAuth(keys, sending_clock, headers))

    def jobs(self) -> Record:
        return self._list_jobs(0, PAGE_LIMIT)

    def job(self, job: str) -> Record:
        return self._get(f"{self._jobs_url}/{path_segment(job, 'job')}", Operation.GET_JOB)

    def executions(self, job: Job) -> Record:
        return self._list_instances(job, 0, PAGE_LIMIT)

    def execution(self, job: str, execution_id: str) -> Record:
        url = f"{self._jobs_url}/{path_segment(job, 'job')}/instances/{path_segment(execution_id, 'instance')}"
        return self._get(url, Operation.GET_EXECUTION)

    def created_at(self, execution: Record) -> datetime | None:
        planned = execution.get("planTime")
        return datetime.fromtimestamp(planned / 1000, UTC) if isinstance(planned, int) else None

    def durations(self, execution: Record) -> list[str]:
        return [f"executeTime counts {execute_time_unit(execution)}"]

    def check_jobs(self, report: Report, records: Sequence[Record], jobs: Sequence[Job]) -> None:  # noqa: ARG002
        self._check_generation(report, jobs[0].job if jobs else JOB_OF_NOBODY)
        pages = report.attempt("offset of jobs", lambda: [self._list_jobs(offset, 2) for offset in (0, 1)])
        if pages is not None:
            report.ok("offset of jobs", offset_meaning(*(_values(page, "jobs", "name") for page in pages)))

    def _check_generation(self, report: Report, job: str) -> None:
        try:
            self.execution(job, IMPOSSIBLE_INSTANCE)
        except (ExecutionNotFound, JobNotFound) as rejected:
            report.ok("generation", code_generation(rejected.said.code if rejected.said else None))
        except AuthenticationFailed:
            raise
        except FarsyncError as error:
            report.failed("generation, read an instance that does not exist", error)
        else:
            report.note("generation", "cannot be known: an instance that cannot exist was found")

    def check_list(self, report: Report, topic: str, job: Job, executions: Sequence[Record]) -> None:
        if len(executions) < 2:
            return
        topic = f"{topic}, offset"
        pages = report.attempt(topic, lambda: [self._list_instances(job, offset, 2) for offset in (0, 1)])
        if pages is not None:
            report.ok(topic, offset_meaning(*(_values(page, "instances", "instanceId") for page in pages)))

    def check_newest(self, report: Report, execution: Record) -> None:
        report.ok("its nodes", nodes_in_words(records_in(execution.get("nodes"))))

    def check_all(self, report: Report, seen: Seen) -> None:
        last_words = [job.get("lastInstanceStatus") for job in seen["job"]]
        words = [*last_words, *(instance.get("status") for instance in seen["instance"])]
        report.ok("status words", words_met(words))
        report.ok("success flags", success_flags_met(seen["instance"]))

    def check_last(self, report: Report) -> None:
        """The provider may reject a request that names no workspace."""
        if self._connection.workspace is None:
            report.ok("workspace", "not needed: without one the provider answers for the workspace named default")
            return
        anywhere = self._connection.model_copy(update={"workspace": None})
        try:
            DataArtsFactory(anywhere, self._transport, self._clock)._list_jobs(0, 1)
        except AuthenticationFailed:
            raise
        except (ConnectionInvalid, PermissionDenied) as rejected:
            report.ok("workspace", f"needed: without it the provider rejects ({type(rejected).__name__})")
        except FarsyncError as error:
            report.failed("workspace, list jobs without it", error)
        else:
            report.ok("workspace", "sent; without it the provider answers too, for the workspace named default")

    def _list_jobs(self, offset: int, limit: int) -> Record:
        return self._get(jobs_url(self._jobs_url, None, offset, limit), Operation.LIST_JOBS)

    def _list_instances(self, job: Job, offset: int, limit: int) -> Record:
        """Of the days before now, or before the job's last execution where that is long ago."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        last = job.last_execution_at
        latest = (last if last and last < now - RECENT else now) + WINDOW_MARGIN
        window = ListWindow(latest - LONGEST_WINDOW, latest)
        url = instances_url(f"{self._jobs_url}/instances/detail", job.job, window, offset, limit)
        return self._get(url, Operation.LIST_EXECUTIONS)

    def _get(self, url: str, operation: Operation) -> Record:
        return self.raw.get(url, lambda reply: rejection(reply, operation))


check_of = DataArtsFactory


def _values(page: Record, field: str, key: str) -> list[object]:
    return [record.get(key) for record in records_in(page.get(field))]
