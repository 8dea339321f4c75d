"""What the sandbox needs to know of a SAM template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Function:
    logical_id: str
    name: str
    arn: str
    code_folder: Path
    layer_folders: tuple[Path, ...]
    handler: str
    timeout_seconds: int
    memory_mb: int
    reserved_concurrency: int | None
    environment: Mapping[str, str]


@dataclass(frozen=True)
class StateMachine:
    """`definition` is JSON text in which every substitution has been made."""

    logical_id: str
    name: str
    arn: str
    definition: str


@dataclass(frozen=True)
class Queue:
    """`attributes` as SQS' CreateQueue takes them: names to strings."""

    logical_id: str
    name: str
    url: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class QueueMapping:
    """An event source mapping: messages of `queue` go to `function`, both by name, `function_id` its logical id.

    `reports_failures`: the function's response names the messages that failed. `maximum_concurrency`: of calls.
    """

    name: str
    queue: str
    queue_arn: str
    function: str
    function_id: str
    batch_size: int
    reports_failures: bool
    maximum_concurrency: int | None
    is_enabled: bool


@dataclass(frozen=True)
class JwtAuthorizer:
    """`identity_source` is `$request.header.NAME` or `$request.querystring.NAME`."""

    issuer: str
    audience: tuple[str, ...]
    identity_source: str


@dataclass(frozen=True)
class Route:
    """A route of the HTTP API. `path` may hold `{name}` and, last, `{name+}`; `method` may be ANY.

    `function` is a name. `scopes`: a token needs one of them, if there are any. `is_permitted`: the template lets
    the API invoke the function.
    """

    method: str
    path: str
    function: str
    authorizer: JwtAuthorizer | Literal["AWS_IAM", "NONE"]
    scopes: tuple[str, ...] = ()
    timeout_seconds: float = 30
    is_permitted: bool = True


@dataclass(frozen=True)
class Throttling:
    """`rate` in requests a second, `burst` in requests."""

    rate: float
    burst: int


@dataclass(frozen=True)
class HttpApiDefinition:
    """Without `throttling` every request passes; without `access_log_format` none is logged."""

    routes: tuple[Route, ...] = ()
    throttling: Throttling | None = None
    access_log_format: str | None = None


@dataclass(frozen=True)
class LogStream:
    group: str
    name: str


@dataclass(frozen=True)
class Target:
    arn: str
    input: str | None
    input_transformer: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Retries:
    """How often and how long a schedule's target is tried again, and where a time goes that failed to the last."""

    max_attempts: int = 185
    max_age_seconds: int = 86400
    dead_letter_arn: str | None = None


@dataclass(frozen=True)
class Schedule:
    logical_id: str
    name: str
    arn: str
    expression: str
    timezone: str
    is_enabled: bool
    target: Target
    retries: Retries = Retries()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Rule:
    """An EventBridge rule on the default bus."""

    logical_id: str
    name: str
    pattern: Mapping[str, Any]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Template:
    stack_name: str
    functions: tuple[Function, ...]
    state_machines: tuple[StateMachine, ...]
    queues: tuple[Queue, ...]
    log_streams: tuple[LogStream, ...]
    http_api: HttpApiDefinition
    schedules: tuple[Schedule, ...]
    rules: tuple[Rule, ...]
    queue_mappings: tuple[QueueMapping, ...] = ()
    exports: Mapping[str, str] = field(default_factory=dict)
    """What other stacks import, by name."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
