"""What is asked of a function, and what it answers, whoever is calling."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from farsync.model.errors import InvalidRequest
from farsync.model.execution import WireModel

Trigger = Literal["http", "schedule", "state_machine"]


class Invocation(NamedTuple):
    """What was asked, whoever asked it."""

    trigger: Trigger
    payload: Mapping[str, object]
    route: str | None = None
    """The HTTP API's route key, `GET /runs/{name}`; None for other triggers."""
    caller: str = ""
    """The IAM principal or token subject behind an HTTP call; empty for other triggers."""
    idempotency_key: str | None = None

    @property
    def is_of_run(self) -> bool:
        """Whether a run asks. Over HTTP nobody may speak for a run: it could be one of another connection."""
        return self.trigger != "http" and "run" in self.payload

    @property
    def run_in_path(self) -> object:
        """Which run an HTTP call is about, where its path says so."""
        return self.payload.get("name") if "/runs/{name}" in (self.route or "") else None


class Answer(NamedTuple):
    """A function's result, with what an HTTP caller needs beside the body."""

    body: WireModel
    http_status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


def object_in(event: Mapping[str, object], member: str, name: str | None = None) -> Mapping[str, object]:
    """A member that is an object; an empty one where an HTTP API leaves it out. Raises InvalidRequest."""
    return as_object(event.get(member) or {}, name or member)


def as_object(value: object, name: str) -> Mapping[str, object]:
    """Raises InvalidRequest, which calls it by the name."""
    if not isinstance(value, dict):
        raise InvalidRequest(f"{name}: must be a JSON object", field=name)
    return value
