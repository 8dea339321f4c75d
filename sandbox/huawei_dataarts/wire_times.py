"""Times as DataArts spells them: epoch milliseconds on the wire, China's local time in logs."""

from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def milliseconds(epoch_seconds: float) -> int:
    return round(epoch_seconds * 1000)


def log_date(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, CHINA).isoformat(timespec="milliseconds")


def log_folder_date(epoch_seconds: float) -> str:
    """As in the provider's `logPath`: `2019-03-04 11_53_00.000`."""
    moment = datetime.fromtimestamp(epoch_seconds, CHINA).replace(tzinfo=None)
    return moment.isoformat(" ", timespec="milliseconds").replace(":", "_")


def start_of_day(epoch_seconds: float) -> float:
    local = datetime.fromtimestamp(epoch_seconds, CHINA)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
