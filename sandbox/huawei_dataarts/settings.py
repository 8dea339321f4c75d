"""How a DataArts Factory service is started. Most switches are points in which the provider's pages disagree."""

from dataclasses import dataclass
from typing import Literal

from sandbox.provider_service.settings import ServiceSettings


@dataclass(frozen=True)
class Settings(ServiceSettings):
    """`run_seconds` is for all nodes together."""

    security_token: str | None = None
    """Makes the keys temporary ones: every request must carry it as `X-Security-Token`."""
    project_id: str | None = None
    workspace: str | None = None
    """Id of the default workspace, which serves requests without a `workspace` header."""
    other_workspaces: tuple[str, ...] = ()

    maximum_running_instances: int | None = 5
    """Of one job at a time; further ones wait. None: no limit."""
    calls_per_second: int | None = 30
    """Per operation; None: no limit."""
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
    status_words: Literal[7, 12] = 12
    special_success: Literal["flags", "words"] = "flags"
    """A forced or ignored success is `success` with a flag, or a word of its own (of the twelve)."""
    offset_unit: Literal["page", "record"] = "page"
    window_on: Literal["planTime", "startTime"] = "planTime"
    has_precise_query: bool = True
    """Whether the instance list knows `preciseQuery`; else it finds a job's name by a part of it in any case."""
    execute_time_unit: Literal["milliseconds", "minutes"] = "milliseconds"
    stoppable: Literal["unfinished", "running"] = "unfinished"
    """Which instances can be stopped: all that have not ended, as at the console, or only `running` ones."""
    is_job_id_text: bool = False
    missing_start_time: Literal["absent", "zero"] = "absent"
    """How an instance that waits shows that it has not started."""
    has_queue: bool = True
    """Whether DLI SQL nodes show their queue."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.status_words == 7 and self.special_success == "words":
            raise ValueError("special_success 'words' needs status_words 12: the seven have no such words")
