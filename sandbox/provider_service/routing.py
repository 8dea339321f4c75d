"""Which request asks for which operation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from sandbox.provider_service.http_messages import Request


class Route(NamedTuple):
    """`path` has `{job}`, `{execution}` or `{project}` where a request has a segment of its own."""

    method: str
    path: str
    operation: str


@dataclass(frozen=True)
class Call:
    """One request to an operation, with the job and the execution that it names; empty where it names none."""

    request: Request
    operation: str
    job: str
    execution: str
    hidden_seconds: float = 0
    """For how long lists do not show an execution that this starts."""


def find_call(routes: Sequence[Route], request: Request) -> Call | None:
    """A list may name its job in the query."""
    segments = request.target.partition("?")[0].split("/")
    for route in routes:
        values = _match(route.path.split("/"), segments) if route.method == request.method else None
        if values is not None:
            job = values.get("{job}") or request.query.get("jobName", "")
            return Call(request, route.operation, job, values.get("{execution}", ""))
    return None


def _match(pattern: Sequence[str], segments: Sequence[str]) -> dict[str, str] | None:
    """The values of the segments in braces. Segments are split before they are decoded: a name may hold a slash."""
    if len(pattern) != len(segments):
        return None
    values = {}
    for name, segment in zip(pattern, segments, strict=True):
        if name.startswith("{") and segment:
            values[name] = unquote(segment)
        elif name != segment:
            return None
    return values
