"""A log file that a run writes into a bucket, line by line."""

from collections.abc import Callable
from pathlib import Path


class ConsoleLog:
    """`stamp` gives the date at the head of a line, as the provider spells it."""

    def __init__(self, file: Path, stamp: Callable[[], str]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._stamp = stamp

    def write(self, line: str) -> None:
        with self._file.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{self._stamp()} {line}\n")
