"""The log of a node, where its `logPath` says."""

from collections.abc import Callable

from sandbox.huawei_dataarts.instance_store import Instance
from sandbox.huawei_dataarts.wire_times import log_date, log_folder_date
from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected
from sandbox.provider_service.console_log import ConsoleLog


class NodeLogs:
    """`default_folder` is for jobs without a `logPath`; both look like `obs://bucket/folder`."""

    def __init__(self, buckets: BucketFiles, default_folder: str, clock: Callable[[], float]) -> None:
        self._buckets = buckets
        self._default_folder = default_folder
        self._clock = clock

    def path_of(self, instance: Instance, node_name: str) -> str:
        """`{logPath}/{job}/{plan time}/{node}/{node}.job`, as in the provider's example."""
        folder = (instance.definition.log_path or self._default_folder).rstrip("/")
        return f"{folder}/{instance.job_name}/{log_folder_date(instance.plan_time)}/{node_name}/{node_name}.job"

    def open(self, log_path: str) -> ConsoleLog:
        """Raises `BucketPathRejected` and `OSError`."""
        if not log_path.startswith("obs://"):
            raise BucketPathRejected(f"logPath {log_path} must begin with obs://")
        return ConsoleLog(self._buckets.path_of(log_path.removeprefix("obs://")), lambda: log_date(self._clock()))
