"""Durations as a row of bars."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"


def sparkline(values: Sequence[float | None]) -> str:
    """A bar for each, the tallest for the greatest; a dot where there is no value."""
    known = [value for value in values if value is not None]
    top = max(known, default=0.0)
    return "".join(UNKNOWN if value is None else _bar(value, top) for value in values)


def _bar(value: float, top: float) -> str:
    return BARS[min(len(BARS) - 1, int(value / top * len(BARS)))] if top > 0 else BARS[0]
