"""Names of runs and events: the ledger that stands in for a database.

Step Functions keeps execution names for 90 days and refuses a second execution of the same name and another
input. The state machines build the same names in JSONata: `$hash($join(parts, "\\n"), "SHA-256")`.
"""

from datetime import UTC, datetime
from hashlib import sha256

NAME_PATTERN = r"^[0-9A-Za-z_-]{1,80}$"
PART_LENGTH = 32


def digest(*parts: str) -> str:
    """SHA-256 of the parts, joined by line feeds, which none of them may contain; 64 hexadecimal digits."""
    return sha256("\n".join(parts).encode()).hexdigest()


def execution_name(*name_parts: tuple[str, ...]) -> str:
    """The name that `start_once` gives for the same `nameParts`: one digest a part, at most two parts."""
    return "-".join(digest(*part)[:PART_LENGTH] for part in name_parts)


def run_name(connection: str, job: str, *intent: str) -> str:
    """Runs of one job share a prefix; one intent (a key, a scheduled time) is one name, hence one run."""
    return execution_name((connection, job), intent)


def execution_event_id(provider: str, account: str, job: str, execution_id: str, ended_at: datetime | None) -> str:
    """One id per execution and end, whoever tells it."""
    end = ended_at.astimezone(UTC).isoformat() if ended_at else ""
    return digest("execution", provider, account, job, execution_id, end)


def attention_event_id(run: str, execution_id: str, vendor_status: str) -> str:
    """One id per run and state that waits for a person."""
    return digest("attention", run, execution_id, vendor_status)


def run_event_id(run: str) -> str:
    """The id of an event about a run that has no execution, or whose execution went out of sight."""
    return digest("run", run)
