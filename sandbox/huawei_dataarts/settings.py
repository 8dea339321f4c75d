"""How a DataArts Factory service is started. Most switches are points in which the provider's pages disagree."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Settings:
    """Everything a service needs. Without keys, random ones are made on first start and kept in the folder."""

    folder: Path
    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    """Makes the keys temporary ones: every request must carry it as `X-Security-Token`."""
    project_id: str | None = None
    workspace: str | None = None
    """Id of the default workspace, which serves requests without a `workspace` header."""
    other_workspaces: tuple[str, ...] = ()

    queue_seconds: float = 1.0
    run_seconds: float = 3.0
    """How long an instance is running at least, all nodes together."""
    speed: float = 1.0
    """Queue and run durations, time-outs, retry intervals and the lock on a key are divided by this."""

    maximum_running_instances: int | None = 5
    """Of one job at a time; further ones wait. None: no limit."""
    calls_per_second: int | None = 30
    """Per operation; None: no limit. Not changed by `speed`."""
    job_detail_calls_per_second: int | None = 10
    throttle_retry_after_seconds: int | None = None
    """Sent as `Retry-After` with a 429 of the call limit."""
    is_locking_keys: bool = True

    provider_host: Literal["dayu-dlf", "dayu"] = "dayu-dlf"
    """Which of the provider's hosts this is: `dayu` serves V2 and knows none of the job routes here."""
    error_codes: Literal["0100", "30100"] = "0100"
    """Which generation of Factory codes: DLF.0100 and DLF.0137, or DLF.30100 and DLF.30137."""
    error_keys: Literal["error_code", "errorCode"] = "error_code"
    gateway_prefix: Literal["APIGW", "APIG"] = "APIGW"
    clock_skew_code: Literal["0301", "0303"] = "0303"
    status_words: Literal[7, 12] = 12
    special_success: Literal["flags", "words"] = "flags"
    """A forced or ignored success is `success` with a flag, or a word of its own (of the twelve)."""
    offset_unit: Literal["page", "record"] = "page"
    default_window: Literal["today", "none"] = "today"
    """Which plan times the instance list covers when a request names no bound."""
    maximum_window_days: int | None = 7
    window_on: Literal["planTime", "startTime"] = "planTime"
    has_precise_query: bool = True
    """Whether the instance list knows `preciseQuery`; else it finds a job's name by a part of it in any case."""
    execute_time_unit: Literal["milliseconds", "minutes"] = "milliseconds"
    stoppable: Literal["unfinished", "running"] = "unfinished"
    """Which instances can be stopped: all that have not ended, as at the console, or only `running` ones."""
    is_job_id_text: bool = False
    missing_start_time: Literal["absent", "null", "zero"] = "absent"
    """How an instance that waits tells that it has not started."""
    has_queue: bool = True
    """Whether DLI SQL nodes tell their queue."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any free port."""

    def __post_init__(self) -> None:
        if self.speed <= 0:
            raise ValueError(f"speed must be above 0, got {self.speed}")
        if self.queue_seconds < 0 or self.run_seconds < 0:
            raise ValueError("queue_seconds and run_seconds must not be negative")
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key belong together: give both or neither")
        if self.status_words == 7 and self.special_success == "words":
            raise ValueError("special_success 'words' needs status_words 12: the seven have no such words")

    @property
    def buckets_folder(self) -> Path:
        return self.folder / "buckets"
