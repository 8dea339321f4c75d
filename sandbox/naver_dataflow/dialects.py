"""The two generations of the provider's published pages, which disagree with each other.

G1: https://api.ncloud-docs.com/docs/en/analytics-dataflow-executejob
G2: https://api.ncloud-docs.com/docs/en/analytics-dataflow-executejob.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dialect:
    update_method: str
    job_types: tuple[str, ...]
    required_at_creation: set[str]
    is_condition_required: bool
    """Whether a start must bring its own run settings, with role and paths; else the job's stored ones fill in."""
    has_worker_type: bool
    has_status_filter: bool
    has_draft_jobs: bool
    has_concurrency_limit: bool
    minimum_job_list_limit: int
    minimum_timeout_minutes: int
    ready_job_word: str
    running_job_word: str

    def shown_run_settings(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in settings.items() if name != "workerType" or self.has_worker_type}


DIALECTS: Mapping[str, Dialect] = {
    "G1": Dialect(
        update_method="PUT",
        job_types=("DATAFLOW",),
        required_at_creation={"name", "nodes"},
        is_condition_required=True,
        has_worker_type=True,
        has_status_filter=True,
        has_draft_jobs=True,
        has_concurrency_limit=False,
        minimum_job_list_limit=0,
        minimum_timeout_minutes=0,
        ready_job_word="RUNNABLE",
        running_job_word="RUNNING",
    ),
    "G2": Dialect(
        update_method="PATCH",
        job_types=("VISUAL", "SCRIPT"),
        required_at_creation={"name", "type"},
        is_condition_required=False,
        has_worker_type=False,
        has_status_filter=False,
        has_draft_jobs=False,
        has_concurrency_limit=True,
        minimum_job_list_limit=1,
        minimum_timeout_minutes=1,
        ready_job_word="READY",
        running_job_word="READY",
    ),
}
