"""What Data Flow's replies tell about an account. Pure functions."""

from collections.abc import Iterable

from farsync.model.execution import Execution
from tools.connection_check.clouds.naver.vocabulary import (
    G1_JOB_STATUSES,
    G1_JOB_TYPES,
    G2_JOB_STATUSES,
    G2_JOB_TYPES,
)
from tools.connection_check.inspecting import fields_in_words, status_in_words
from tools.connection_check.vocabulary import Record


def dialect(jobs: Iterable[Record]) -> str:
    """Which generation of the provider's pages the service speaks, by the words of its jobs."""
    types = {word for job in jobs if isinstance(word := job.get("type"), str)}
    statuses = {word for job in jobs if isinstance(word := job.get("status"), str)}
    is_g1 = bool(types & G1_JOB_TYPES or statuses & G1_JOB_STATUSES)
    is_g2 = bool(types & G2_JOB_TYPES or statuses & G2_JOB_STATUSES)
    match is_g1, is_g2:
        case True, False:
            return "G1 (pages of 2025: type DATAFLOW, status RUNNABLE)"
        case False, True:
            return "G2 (pages of 2026: type VISUAL or SCRIPT, status READY)"
        case True, True:
            return "words of G1 and of G2 side by side"
    return "cannot be known: there is no job with a type or status that the pages know"


def count(listing: Record) -> str:
    """How many items the provider says there are; a number, or nothing that a report should repeat."""
    told = listing.get("count")
    return f"count {told}" if isinstance(told, int) else "no count"


def is_echoing_parameters(executions: Iterable[Record]) -> bool:
    return any(execution.get("parsedParameters") for execution in executions)


def execution_in_words(raw: Record, execution: Execution) -> str:
    """Status, durations and the fields that were there."""
    durations = [f"{name} {raw[name]}" for name in ("runningTime", "waitingTime") if isinstance(raw.get(name), int)]
    return "; ".join([", ".join([status_in_words(execution), *durations]), fields_in_words(raw)])
