"""Run settings: `jobCondition` in requests and executions, `runCondition` on a job."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.rejections import bad_parameter
from sandbox.naver_dataflow.request_fields import read_whole_number

MAXIMUM_TIMEOUT_MINUTES = 1440
# The tables say DATAFLOW, every example says DEFAULT.
# https://api.ncloud-docs.com/docs/en/analytics-dataflow-executejob
WORKER_TYPES = ("DEFAULT", "DATAFLOW")
ROLE_AND_PATHS = ("nrn", "scriptPath", "logPath")

# As a new job has them: no role yet, and folders in the bucket that Data Flow keeps for the account.
# https://api.ncloud-docs.com/docs/en/analytics-dataflow-getjobbyid
INITIAL_RUN_SETTINGS: Mapping[str, Any] = {
    "workerType": "DEFAULT",
    "numWorker": 2,
    "timeout": 360,
    "nrn": "",
    "scriptPath": "dataflow-sandbox/scripts/",
    "logPath": "dataflow-sandbox/sparkHistoryLogs/",
}


def read_run_settings(
    fields: Mapping[str, Any], dialect: Dialect, stored: Mapping[str, Any], *, is_required: bool
) -> dict[str, Any]:
    """The run settings of a request, whole: what it leaves out comes from the job (G2) or the defaults (G1)."""
    condition = fields.get("jobCondition")
    if condition is None and not is_required:
        return dict(stored)
    if not isinstance(condition, dict):
        raise bad_parameter("jobCondition: an object is required")
    if dialect.is_condition_required:
        for name in ROLE_AND_PATHS:
            if name not in condition:
                raise bad_parameter(f"jobCondition.{name}: is required")
        stored = INITIAL_RUN_SETTINGS
    return {**stored, **_checked(condition, dialect)}


def shown_run_settings(settings: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != "workerType" or dialect.has_worker_type}


def _checked(condition: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if "workerType" in condition:
        if condition["workerType"] not in WORKER_TYPES:
            raise bad_parameter(f"jobCondition.workerType: must be one of {', '.join(WORKER_TYPES)}")
        checked["workerType"] = condition["workerType"]
    if "numWorker" in condition:
        checked["numWorker"] = read_whole_number(condition, "numWorker", 2, 10)
    if "timeout" in condition:
        checked["timeout"] = read_whole_number(
            condition, "timeout", dialect.minimum_timeout_minutes, MAXIMUM_TIMEOUT_MINUTES
        )
    for name in ROLE_AND_PATHS:
        if name in condition:
            if not isinstance(condition[name], str):
                raise bad_parameter(f"jobCondition.{name}: must be a string")
            checked[name] = condition[name]
    for name in ("scriptPath", "logPath"):
        if name in checked and not _is_bucket_path(checked[name]):
            raise bad_parameter(f"jobCondition.{name}: must be <bucket>/<folder>/, without '..'")
    return checked


def _is_bucket_path(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts and "\\" not in path and path.isprintable()
