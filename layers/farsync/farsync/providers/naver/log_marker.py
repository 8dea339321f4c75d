"""The folder of its own into which a marked execution logs; the provider repeats it with the run settings.

https://api.ncloud-docs.com/docs/en/analytics-dataflow-executejob
"""

from collections.abc import Mapping

from farsync.model.errors import InvalidRequest
from farsync.model.execution import Execution


def with_log_marker(condition: Mapping[str, object] | None, marker: str) -> dict[str, object]:
    """The run settings with a folder of the marker's name below their `logPath`. Raises InvalidRequest without one."""
    log_path = (condition or {}).get("logPath")
    if not isinstance(log_path, str) or not log_path:
        raise InvalidRequest(
            "condition.logPath: is missing, and the connection marks runs by it; save the job's run settings with a "
            "log path, or take runMarker out of the connection",
            field="condition.logPath",
        )
    return {**(condition or {}), "logPath": f"{log_path.rstrip('/')}/{_folder(marker)}/"}


def has_log_marker(execution: Execution, marker: str) -> bool | None:
    """Whether the execution logs there; None where its log path is not given."""
    log_path = (execution.condition or {}).get("logPath")
    if not isinstance(log_path, str) or not log_path:
        return None
    return log_path.rstrip("/").endswith(f"/{_folder(marker)}")


def _folder(marker: str) -> str:
    return f"farsync-{marker}"
