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


def console_log_path(log_path: str, job_id: str, execution_id: str, running_at: float) -> str:
    """`{logPath}console/{jobId}/{executionId}_{local time}.log`, colons kept, as the provider's example has it."""
    moment = datetime.fromtimestamp(int(running_at), KOREA).replace(tzinfo=None).isoformat()
    return f"{log_path.rstrip('/')}/console/{job_id}/{execution_id}_{moment}.log"
