"""A job by its id or, where a provider's jobs have both, by its name, if no other job has it."""

from farsync.model.errors import InvalidRequest, JobNotFound
from farsync.model.execution import Job
from farsync.providers.base import Provider

MOST_NAMED = 5


def find_job(provider: Provider, job: str, *, is_timeout_needed: bool = True) -> Job:
    """An id is searched for first. Raises JobNotFound, and InvalidRequest where several jobs have the name."""
    try:
        return provider.get_job(job, is_timeout_needed=is_timeout_needed)
    except JobNotFound:
        found = [listed.job for listed in provider.list_jobs(name=job).items if listed.name == job != listed.job]
        if not found:
            raise
    if len(found) > 1:
        ids = ", ".join(sorted(found)[:MOST_NAMED])
        raise InvalidRequest(f"job: {len(found)} jobs have this name; give an id: {ids}", field="job")
    return provider.get_job(found[0], is_timeout_needed=is_timeout_needed)
