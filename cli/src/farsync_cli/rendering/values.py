"""Single values as people read them."""

from datetime import datetime

from rich.text import Text

STYLES = {
    "PENDING": "cyan",
    "RUNNING": "cyan",
    "STOPPING": "yellow",
    "SUCCEEDED": "green",
    "FAILED": "bold red",
    "CANCELED": "yellow",
    "TIMED_OUT": "red",
    "UNOBSERVABLE": "magenta",
}
DAY_SECONDS = 86_400


def state_text(state: str) -> Text:
    return Text().append(state, STYLES.get(state, ""))


def duration(seconds: float | None) -> str:
    """`4:05`, `1:02:03`, `2d 03:04`; nothing for None."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    if whole >= DAY_SECONDS:
        days, rest = divmod(whole, DAY_SECONDS)
        return f"{days}d {rest // 3600:02}:{rest % 3600 // 60:02}"
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def clock_time(moment: datetime | None, now: datetime, *, with_seconds: bool = False) -> str:
    """In this machine's zone; with the day unless it is today, with the year unless it is this one."""
    if moment is None:
        return ""
    local, today = moment.astimezone(), now.astimezone()
    written = f"{local:%H:%M:%S}" if with_seconds else f"{local:%H:%M}"
    if local.date() == today.date():
        return written
    day = f"{local:%b} {local.day:2}" if local.year == today.year else f"{local:%Y-%m-%d}"
    return f"{day} {written}"


def dollars(cost: float | None) -> str:
    """Runs cost fractions of a cent; sums more."""
    if cost is None:
        return ""
    return f"${cost:,.2f}" if cost >= 1 else f"${cost:.6f}"


def short_name(run: str) -> str:
    """What stands for a run in lists, and is taken for it: the beginning of its name's last part.

    A name that its caller chose stays whole.
    """
    parts = run.split("-")
    is_ours = len(parts) > 1 and len({len(part) for part in parts}) == 1 and len(parts[-1]) >= 24
    return parts[-1][:8] if is_ours else run
