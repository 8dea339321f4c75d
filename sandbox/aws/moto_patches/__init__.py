"""What moto 5.2.5 lacks of AWS, fixed one subject a file; a test tells when a fix can go.

moto keeps its state and its code per process, and so do the patches: they are applied once, and `connect` points
them at the sandbox that runs now. One sandbox of AWS at a time can run in a process.
"""

from sandbox.aws.moto_patches import (
    abort,
    assignments,
    branch_failures,
    children,
    choices,
    clients,
    context_object,
    endings,
    error_names,
    execution_lists,
    execution_names,
    execution_output,
    fifo_deduplication,
    heartbeat_timeouts,
    history_pages,
    jsonata_evaluation,
    parameter_casing,
    parsing,
    queue_receives,
    redrive,
    request_limits,
    service_names,
    status_changes,
    task_time_limits,
    task_tokens,
    waiting,
)
from sandbox.aws.moto_patches.wiring import AlreadyRunning, Wiring, connect, disconnect

__all__ = ["PATCHES", "AlreadyRunning", "Wiring", "apply_all", "connect", "disconnect"]

PATCHES = (
    abort,
    assignments,
    branch_failures,
    children,
    choices,
    clients,
    context_object,
    endings,
    error_names,
    execution_lists,
    execution_names,
    execution_output,
    fifo_deduplication,
    heartbeat_timeouts,
    history_pages,
    jsonata_evaluation,
    parameter_casing,
    parsing,
    queue_receives,
    redrive,
    request_limits,
    service_names,
    status_changes,
    task_time_limits,
    task_tokens,
    waiting,
)
_applied: list[bool] = []


def apply_all() -> None:
    """Patches moto in this process; a second call changes nothing."""
    if not _applied:
        _applied.append(True)
        for fix in PATCHES:
            fix.apply()
