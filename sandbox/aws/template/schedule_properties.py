"""Properties of schedules: how a failed time is tried again, and between which dates a schedule fires."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.aws.template.model import Retries
from sandbox.aws.template.yaml_document import TemplateError


def read_retries(properties: Mapping[str, Any]) -> Retries:
    policy = properties.get("RetryPolicy") or {}
    return Retries(
        max_attempts=int(policy.get("MaximumRetryAttempts", Retries.max_attempts)),
        max_age_seconds=int(policy.get("MaximumEventAgeInSeconds", Retries.max_age_seconds)),
        dead_letter_arn=(properties.get("DeadLetterConfig") or {}).get("Arn"),
    )


def parse_time(text: object, where: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise TemplateError(f"{where}: {text!r} is no ISO 8601 time") from error
    if moment.tzinfo is None:
        raise TemplateError(f"{where}: {text!r} has no offset; end it with Z")
    return moment
