"""Names of runs and events, which stand in for a database.

Step Functions keeps execution names for 90 days and rejects a second execution of the same name and another input.
`start_once` builds the same names in JSONata: `$hash($join(part, "\\n"), "SHA-256")`, cut, for each part.
"""

import re
from hashlib import sha256

NAME_PATTERN = r"""^[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]{1,80}$"""
"""What Step Functions takes as the name of an execution; callers of `run_job` choose what they like of it.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""
PART_LENGTH = 24
"""Three parts and two hyphens fit into the 80 characters of a name."""
NAME_OF_A_RUN = re.compile(rf"[0-9a-f]{{{PART_LENGTH}}}(-[0-9a-f]{{{PART_LENGTH}}}){{2}}")


def digest(*parts: str) -> str:
    """SHA-256 of the parts, joined by line feeds, which none of them may contain; 64 hexadecimal digits."""
    return sha256("\n".join(parts).encode()).hexdigest()


def execution_name(*name_parts: tuple[str, ...]) -> str:
    """The name that `start_once` gives for the same `nameParts`: one digest a part, at most three parts."""
    return "-".join(digest(*part)[:PART_LENGTH] for part in name_parts)


def run_name(connection: str, job: str, *intent: str) -> str:
    """Runs of one job share a prefix, whatever their connection; one intent (a key, a time) is one run."""
    return execution_name((job,), (connection,), intent)


def job_prefix(job: str) -> str:
    """What the names of all runs of a job begin with, unless their caller named them."""
    return f"{execution_name((job,))}-"


def connection_and_job_prefix(connection: str, job: str) -> str:
    """What the names of a job's runs over one connection begin with, unless their caller named them."""
    return f"{execution_name((job,), (connection,))}-"


def execution_event_id(provider: str, account: str, job: str, execution_id: str, attempt: str = "") -> str:
    """One id per execution and attempt, whoever emits its end, and however its times are corrected later."""
    return digest("execution", provider, account, job, execution_id, attempt)


def attention_event_id(run: str, execution_id: str, provider_status: str) -> str:
    """One id per run and state that waits for a person."""
    return digest("attention", run, execution_id, provider_status)


def backfill_event_id(execution_arn: str) -> str:
    """One id for each execution of `run_backfill`."""
    return digest("backfill", execution_arn)


def closing_name(run: str, redrive_count: int) -> str:
    """The name under which a run is closed once, by an execution of `start_once` that emits its execution's end."""
    return digest("closing", run, str(redrive_count))


def run_event_id(run: str, redrive_count: int) -> str:
    """The id of an event about a run itself: it has no execution, or its execution's end is not known."""
    return digest("run", run, str(redrive_count))
