"""Moments as people write them."""

import re
from datetime import datetime, time, timedelta

import typer

_AGO = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS_BACK = {"today": 0, "yesterday": 1}
_EXAMPLES = "write 90m, 2h, 7d, today, yesterday, 2026-11-22 or 2026-11-22T06:00"


def period(since: str | None) -> str:
    """In words: without a word of the caller's, what the API takes."""
    return f"since {since}" if since else "in the last 24 hours"


def moment(text: str | None, now: datetime, option: str = "--since") -> datetime | None:
    """A time without an offset is of this machine's zone. Raises BadParameter."""
    if text is None:
        return None
    written = text.strip().lower()
    try:
        if ago := _AGO.fullmatch(written):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        if written in _DAYS_BACK:
            day = now.astimezone().date() - timedelta(days=_DAYS_BACK[written])
            return datetime.combine(day, time()).astimezone()
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is no moment; {_EXAMPLES}", param_hint=option) from None
