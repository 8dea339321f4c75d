"""The steps that look at instances, of the few jobs that ran last."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from farsync.model.execution import Job
from farsync.providers.base import Provider
from tools.connection_check.checking import JOBS_LOOKED_AT, PAGE_LIMIT, Seen, records_in
from tools.connection_check.clouds.huawei import inspecting
from tools.connection_check.clouds.huawei.reading import FactoryReader
from tools.connection_check.inspecting import order, ran_last
from tools.connection_check.report import Report, nameless
from tools.connection_check.vocabulary import Record

RECENT = timedelta(days=2)
"""A list that reaches back from now shows what ended within this time; the provider lists few days at once."""


def check_instances(
    report: Report,
    jobs: Sequence[Job],
    reader: FactoryReader,
    provider: Provider,
    clock: Callable[[], float],
    seen: Seen,
) -> None:
    now = datetime.fromtimestamp(clock(), UTC)
    found: list[tuple[str, Record]] = []
    for number, job in enumerate(ran_last(jobs, JOBS_LOOKED_AT), 1):
        topic = f"job {nameless(number, job.job)}"
        _check_job(report, topic, job.job, reader, provider, seen)
        instances = _check_instances_of(report, f"{topic}, instances", job, reader, now, seen)
        found += [(job.job, instance) for instance in instances]
    if not found:
        report.note("newest instance", "none was found; run a job once and check again to learn more")
        return
    job_name, newest = max(found, key=lambda pair: _plan_time(pair[1]) or datetime.min.replace(tzinfo=UTC))
    _check_newest(report, job_name, str(newest.get("instanceId")), reader, provider, seen)
    last_words = [job.get("lastInstanceStatus") for job in seen["job"]]
    words = [*last_words, *(instance.get("status") for instance in seen["instance"])]
    report.ok("status words", inspecting.words_met(words))
    report.ok("success flags", inspecting.success_flags_met(seen["instance"]))


def _check_job(report: Report, topic: str, job: str, reader: FactoryReader, provider: Provider, seen: Seen) -> None:
    viewed = report.attempt(f"{topic}, view", lambda: reader.job(job))
    if viewed is not None:
        seen["viewed job"].append(viewed)
    report.attempt(f"{topic}, decode instances", lambda: provider.list_executions(job))


def _check_instances_of(
    report: Report, topic: str, job: Job, reader: FactoryReader, now: datetime, seen: Seen
) -> tuple[Record, ...]:
    latest = job.last_execution_at if job.last_execution_at and job.last_execution_at < now - RECENT else now
    listing = report.attempt(topic, lambda: reader.instances(job.job, latest, 0, PAGE_LIMIT))
    if listing is None:
        return ()
    instances = records_in(listing.get("instances"))
    seen["listing"].append(listing)
    seen["instance"] += instances
    planned = order([_plan_time(instance) for instance in instances])
    report.ok(topic, f"{len(instances)}, {inspecting.total(listing)}, {planned}")
    if len(instances) > 1:
        pages = report.attempt(
            f"{topic}, offset", lambda: [reader.instances(job.job, latest, offset, 2) for offset in (0, 1)]
        )
        if pages is not None:
            at_0, at_1 = ([one.get("instanceId") for one in records_in(page.get("instances"))] for page in pages)
            report.ok(f"{topic}, offset", inspecting.offset_meaning(at_0, at_1))
    return tuple(instances)


def _check_newest(
    report: Report, job: str, instance_id: str, reader: FactoryReader, provider: Provider, seen: Seen
) -> None:
    record = report.attempt("newest instance, read", lambda: reader.instance(job, instance_id))
    if record is None:
        return
    seen["instance"].append(record)
    execution = report.attempt("newest instance, decode", lambda: provider.get_execution(job, instance_id))
    if execution is not None:
        report.ok("newest instance", inspecting.instance_in_words(record, execution))
        report.ok("its nodes", inspecting.nodes_in_words(records_in(record.get("nodes"))))


def _plan_time(instance: Record) -> datetime | None:
    told = instance.get("planTime")
    return datetime.fromtimestamp(told / 1000, UTC) if isinstance(told, int) else None
