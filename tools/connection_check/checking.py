"""The steps of a check. One that fails says so, and the others go on where they can."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.model.errors import AuthenticationFailed, FarsyncError, PermissionDenied
from farsync.model.execution import Job
from farsync.providers import open_provider
from farsync.providers.base import Provider
from tools.connection_check.cloud import PAGE_LIMIT, Clock, Cloud, CloudMaker, Seen, order, records_in
from tools.connection_check.report import Report, nameless
from tools.connection_check.vocabulary import Record, read_vocabulary, unknown_to_the_pages

CLOUDS = "tools.connection_check.clouds"
JOBS_CHECKED = 3
"""So many are read, those first that ran last."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def has_check(connection: Connection) -> bool:
    return find_spec(f"{CLOUDS}.{connection.provider}") is not None


def check(connection: Connection, transport: Transport, clock: Clock) -> Report:
    """Sends nothing but GETs, and none after one whose keys were rejected: a provider may lock a key that goes on
    trying.
    """
    check_of: CloudMaker = import_module(f"{CLOUDS}.{connection.provider}").check_of
    cloud = check_of(connection, transport, clock)
    report = Report(cloud.remedies)
    try:
        _Check(cloud, open_provider(connection, transport, clock), report).run(connection.provider)
    except AuthenticationFailed as error:
        report.failed("keys", error)
    return report


class _Check:
    def __init__(self, cloud: Cloud, provider: Provider, report: Report) -> None:
        self._cloud = cloud
        self._provider = provider
        self._report = report
        self._seen: Seen = defaultdict(list)

    def run(self, provider: str) -> None:
        """Raises `AuthenticationFailed` when keys that were accepted are rejected later."""
        cloud, report = self._cloud, self._report
        listing = self._check_keys()
        if listing is None:
            return
        records = records_in(listing.get(cloud.jobs_field))
        self._seen["listing"].append(listing)
        self._seen["job"] += records
        report.ok("jobs", f"{len(records)} on the first page of {PAGE_LIMIT}, {cloud.total(listing)}")
        page = report.attempt("decode jobs", lambda: self._provider.list_jobs(limit=PAGE_LIMIT))
        jobs = page.items if page else ()
        cloud.check_jobs(report, records, jobs)
        self._check_executions(jobs)
        vocabulary = read_vocabulary(provider)
        unknown = [text for kind, seen in self._seen.items() for text in unknown_to_the_pages(vocabulary, kind, seen)]
        topic = "unknown to the provider's pages"
        if unknown:
            report.note(topic, ", ".join(dict.fromkeys(unknown)))
        else:
            report.ok(topic, "no field and no word")
        cloud.check_last(report)

    def _check_keys(self) -> Record | None:
        """The first request, the list of jobs: whether the keys are accepted, and how the clocks differ."""
        listing, report = None, self._report
        try:
            listing = self._cloud.jobs()
        except PermissionDenied as error:
            report.ok("keys", "accepted")
            report.failed("list jobs", error)
        except AuthenticationFailed as error:
            report.failed("keys", error)
        except FarsyncError as error:
            report.failed("list jobs", error)
        else:
            report.ok("keys", "accepted")
        self._report_clock(self._cloud.raw.clock_offset_seconds, self._cloud.clock_window_seconds)
        return listing

    def _report_clock(self, offset_seconds: float | None, window_seconds: float) -> None:
        if offset_seconds is None:
            self._report.note("clock", "not known, since no reply held a date")
            return
        side = "ahead of" if offset_seconds > 0 else "behind"
        text = f"the gateway is {abs(offset_seconds):.1f} s {side} this machine, give or take half a second"
        if abs(offset_seconds) < window_seconds / 2:
            self._report.ok("clock", text)
        else:
            self._report.note(
                "clock", f"{text}; set this machine's clock, from {window_seconds:.0f} s on nothing works"
            )

    def _check_executions(self, jobs: Sequence[Job]) -> None:
        cloud, report = self._cloud, self._report
        ran_last = sorted(jobs, key=lambda job: job.last_execution_at or LONG_AGO, reverse=True)
        found: list[tuple[str, Record]] = []
        for number, job in enumerate(ran_last[:JOBS_CHECKED], 1):
            found += [(job.job, record) for record in self._check_job(f"job {nameless(number, job.job)}", job)]
        topic = f"newest {cloud.execution_word}"
        if not found:
            report.note(topic, "none was found; run a job once and check again to learn more")
            return
        job_id, newest = max(found, key=lambda pair: cloud.created_at(pair[1]) or LONG_AGO)
        execution_id = str(newest.get(cloud.execution_id_field))
        record = report.attempt(f"{topic}, read", lambda: cloud.execution(job_id, execution_id))
        if record is not None:
            self._seen[cloud.execution_word].append(record)
            execution = report.attempt(f"{topic}, decode", lambda: self._provider.get_execution(job_id, execution_id))
            if execution is not None:
                report.ok(topic, cloud.in_words(record, execution))
                cloud.check_newest(report, record)
        cloud.check_all(report, self._seen)

    def _check_job(self, topic: str, job: Job) -> list[Record]:
        """The executions that are listed."""
        cloud, report = self._cloud, self._report
        reading, kind = cloud.job_read
        record = report.attempt(f"{topic}, {reading}", lambda: cloud.job(job.job))
        if record is not None:
            self._seen[kind].append(record)
        topic, decoding = f"{topic}, {cloud.execution_word}s", f"{topic}, decode {cloud.execution_word}s"
        listing = report.attempt(topic, lambda: cloud.executions(job))
        report.attempt(decoding, lambda: self._provider.list_executions(job.job, limit=PAGE_LIMIT))
        if listing is None:
            return []
        records = records_in(listing.get(cloud.executions_field))
        self._seen["listing"].append(listing)
        self._seen[cloud.execution_word] += records
        created = [cloud.created_at(record) for record in records]
        report.ok(topic, f"{len(records)}, {cloud.total(listing)}, {order(created)}")
        cloud.check_list(report, topic, job, records)
        return records
