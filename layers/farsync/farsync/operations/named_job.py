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
        found = _ids_of_name(provider, job)
        if not found:
            raise
    if len(found) > 1:
        raise InvalidRequest(f"job: {len(found)} jobs have this name; give an id: {_listed(found)}", field="job")
    return provider.get_job(found[0], is_timeout_needed=is_timeout_needed)


def job_by_id(provider: Provider, job: str, *, is_timeout_needed: bool) -> Job:
    """For what other runs of the job are held against. Raises JobNotFound, which names the id where a name was given
    in its place.
    """
    try:
        return provider.get_job(job, is_timeout_needed=is_timeout_needed)
    except JobNotFound as unknown:
        found = _ids_of_name(provider, job)
        if not found:
            raise
        raise JobNotFound(
            f"job {job} is a name, and a run takes an id: write {_listed(found)} in its place", said=unknown.said
        ) from unknown


def _ids_of_name(provider: Provider, name: str) -> list[str]:
    """Sorted; none where a job's name is its id."""
    return sorted(listed.job for listed in provider.list_jobs(name=name).items if listed.name == name != listed.job)


def _listed(ids: list[str]) -> str:
    return " or ".join(ids[:MOST_NAMED])
