"""Ids and dates as Data Flow spells them."""

import secrets
import string
from datetime import datetime, timedelta, timezone

KOREA = timezone(timedelta(hours=9))
ID_LETTERS = string.ascii_letters + string.digits
ID_LENGTH = 12


def new_id() -> str:
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def wire_date(epoch_seconds: float) -> str:
    """Seconds are the finest unit, and the offset is always Korea's."""
    return datetime.fromtimestamp(int(epoch_seconds), KOREA).isoformat()


def log_timestamp(epoch_seconds: float) -> str:
    """Korean local time without offset, as in the names of console logs."""
    return datetime.fromtimestamp(int(epoch_seconds), KOREA).replace(tzinfo=None).isoformat()
