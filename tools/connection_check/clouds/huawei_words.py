"""Conclusions from DataArts Factory's replies. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tools.connection_check.cloud import fields_in_words
from tools.connection_check.vocabulary import Record, legible

OLDER_WORDS = frozenset({"waiting", "running", "success", "fail", "running-exception", "pause", "manual-stop"})
NEWER_WORDS = frozenset({"forceSuccess", "ignoreSuccess", "freeze", "skip-by-depend", "waiting-confirm"})
MILLISECONDS_PER_MINUTE = 60_000
OLDER_CODES = frozenset({"DLF.0100", "DLF.0137"})
NEWER_CODES = frozenset({"DLF.30100", "DLF.30137"})


def code_generation(code: str | None) -> str:
    """By the code with which an unknown instance was rejected."""
    if code in OLDER_CODES:
        return f"older codes ({code})"
    return f"newer codes ({code})" if code in NEWER_CODES else "cannot be known: rejected with another code"


def offset_meaning(at_0: Sequence[object], at_1: Sequence[object]) -> str:
    """By the keys of the first two entries of a list at the offsets 0 and 1, asked for two at a time."""
    if len(at_0) < 2:
        return "cannot be known: fewer than two entries"
    if at_1 and at_1[0] == at_0[1]:
        return "counts entries"
    return "counts pages" if set(at_0).isdisjoint(at_1) else "cannot be known: the list moved meanwhile"


def words_met(words: Iterable[object]) -> str:
    """Which generation of the status words the service must speak at least."""
    met = {word for word in words if isinstance(word, str)} & (OLDER_WORDS | NEWER_WORDS)
    if not met:
        return "none met"
    newer = ", ".join(sorted(met & NEWER_WORDS))
    older = ", ".join(sorted(met & OLDER_WORDS))
    if newer:
        return f"the twelve: met {newer}{f', and of the older seven {older}' if older else ''}"
    return f"none beyond the older seven: met {older}"


def success_flags_met(instances: Iterable[Record]) -> str:
    """How a success that was none at first is shown: by a flag beside `success`, or by a word of its own."""
    flags = ("forceSuccess", "ignoreSuccess")
    met = {name for instance in instances for name in flags if instance.get(name) is True}
    return f"met {', '.join(sorted(met))}" if met else "none met"


def execute_time_unit(raw: Record) -> str:
    start, end, measured = (raw.get(name) for name in ("startTime", "endTime", "executeTime"))
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(measured, int | float)):
        return "nothing: it or one of the times is missing"
    took = end - start
    if abs(measured - took) <= 1:
        return "milliseconds"
    # The examples of the provider's pages are rounded to a tenth.
    is_minutes = abs(measured - took / MILLISECONDS_PER_MINUTE) <= 0.1
    return "minutes" if is_minutes else "neither milliseconds nor minutes"


def nodes_in_words(nodes: Sequence[Record]) -> str:
    """How many ended how, and their fields, without their names."""
    if not nodes:
        return "none shown"
    counts = Counter(legible(str(node.get("status"))) for node in nodes)
    statuses = ", ".join(f"{word} {count}" for word, count in sorted(counts.items()))
    together: dict[str, object] = {name: None for node in nodes for name in node}
    return f"{len(nodes)} ({statuses}); {fields_in_words(together)}"
