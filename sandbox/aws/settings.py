"""What a sandbox of AWS is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REGION = "ap-northeast-2"
ACCOUNT_ID = "123456789012"  # moto's default account
ACCESS_KEY_ID = "AKIASANDBOX000000000"
SECRET_ACCESS_KEY = "sandbox-secret-access-key"
SESSION_TOKEN = "sandbox-session-token"


@dataclass(frozen=True)
class AwsSettings:
    """`folder` receives logs; `secrets` are created by name; `speed` divides the waits of state machines.

    `has_token_issuer`: the sandbox issues tokens, and the template's parameters JwtIssuer and JwtAudience, unless
    given, say so.
    """

    template: Path
    folder: Path
    stack_name: str = "farsync"
    parameters: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    speed: float = 1.0
    schedules: Path | None = None
    """The template of a stack of schedules, as `make schedules` writes it."""
    processes_per_function: int = 2
    has_token_issuer: bool = False
    wait_seconds: float = 30.0
    """How long a call waits for a free process of its function, until it is throttled."""
