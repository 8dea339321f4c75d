"""What a check found: one line each, OK or what to do."""

from collections.abc import Callable
from typing import NamedTuple

from farsync_client import Farsync, FarsyncError


class Finding(NamedTuple):
    topic: str
    is_ok: bool
    text: str
    remedy: str = ""


def found(topic: str, ask: Callable[[], str]) -> Finding:
    """What the question was answered with, or how it failed."""
    try:
        return Finding(topic, True, ask())
    except FarsyncError as error:
        return Finding(topic, False, f"{error.name}: {error.message}", error.remedy)


def check_connection(client: Farsync, name: str) -> Finding:
    """As the deployed functions see it: its secret is read, its keys are accepted, its jobs can be listed."""

    def ask() -> str:
        job = next(client.jobs(name, limit=1), None)
        return "secret read, keys accepted, jobs listed" if job else "secret read, keys accepted; there is no job yet"

    return found(name, ask)
