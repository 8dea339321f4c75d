"""Every deed and its time, ISO 8601 by this machine's clock."""

from datetime import UTC, datetime
from typing import Any

from tests.chaos.runs import Run


class Record:
    def __init__(self) -> None:
        self.runs: list[Run] = []
        """In the order in which they began."""
        self.deeds: list[dict[str, Any]] = []

    def note(self, deed: str, **details: object) -> None:
        self.deeds.append({"at": now(), "deed": deed, **details})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
