"""What a process and all that it started use. Nothing where there is no /proc."""

import os
from collections.abc import Iterator
from pathlib import Path


def resident_bytes(process_id: int) -> int:
    """Of memory; what processes share counts for each."""
    return sum(_resident_bytes(folder) for folder in _family(process_id))


def processor_seconds(process_id: int) -> float:
    """Used until now, those of children that have ended included."""
    return sum(_processor_seconds(folder) for folder in _family(process_id))


def _family(process_id: int) -> Iterator[Path]:
    parents = {folder: int(fields[1]) for folder, fields in _stats()}
    for folder in parents:
        ancestor = int(folder.name)
        while ancestor and ancestor != process_id:
            ancestor = parents.get(folder.with_name(str(ancestor)), 0)
        if ancestor:
            yield folder


def _stats() -> Iterator[tuple[Path, list[str]]]:
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _fields(folder):
            yield folder, fields


def _fields(folder: Path) -> list[str]:
    """Of proc_pid_stat(5) after the name, which may hold anything: state, parent and so on. Empty once it has ended."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _resident_bytes(folder: Path) -> int:
    fields = _fields(folder)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def _processor_seconds(folder: Path) -> float:
    """In user and kernel mode, its own and those of the children that it has waited for."""
    return sum(map(int, _fields(folder)[11:15])) / os.sysconf("SC_CLK_TCK")
