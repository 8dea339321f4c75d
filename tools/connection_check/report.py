"""Findings, a line each, without keys, names or ids."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from farsync.model.errors import (
    AuthenticationFailed,
    ConnectionInvalid,
    FarsyncError,
    PermissionDenied,
    ProviderReply,
    ProviderUnavailable,
    QuotaExceeded,
    Throttled,
)

T = TypeVar("T")

Remedies = Mapping[type[FarsyncError], str]
REMEDIES: Remedies = {
    AuthenticationFailed: "copy both keys anew from the console, and set this machine's clock if it is off",
    PermissionDenied: "let an administrator give the keys' user the right to read jobs",
    ConnectionInvalid: "correct the field in the file, then check again",
    QuotaExceeded: "wait for the quota to be renewed, then check again",
    Throttled: "wait a minute, then check again",
    ProviderUnavailable: "check the network and the endpoint, then try again",
}


@dataclass(frozen=True)
class Finding:
    mark: Literal["ok", "note", "FAILED"]
    """`note`: nothing is wrong, but whoever reads the report should know."""
    topic: str
    text: str


@dataclass
class Report:
    """`remedies` go before those that hold for every cloud."""

    remedies: Remedies = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        return any(finding.mark == "FAILED" for finding in self.findings)

    def ok(self, topic: str, text: str) -> None:
        self.findings.append(Finding("ok", topic, text))

    def note(self, topic: str, text: str) -> None:
        self.findings.append(Finding("note", topic, text))

    def failed(self, topic: str, error: FarsyncError) -> None:
        self.findings.append(Finding("FAILED", topic, meaning_and_remedy(error, self.remedies)))

    def attempt(self, topic: str, action: Callable[[], T]) -> T | None:
        """The action's result; None, and a finding, when it fails. Raises `AuthenticationFailed`, since after
        that nothing is to be sent.
        """
        try:
            return action()
        except AuthenticationFailed:
            raise
        except FarsyncError as error:
            self.failed(topic, error)
            return None

    def render(self) -> str:
        return "".join(f"{finding.mark:<6}  {finding.topic}: {finding.text}\n" for finding in self.findings)


def meaning_and_remedy(error: FarsyncError, remedies: Remedies) -> str:
    """The error's name and text, what the provider's status and code were, and what to do."""
    said = error.said
    shown = f" (HTTP {said.http_status}{_code(said)})" if said and said.http_status else ""
    remedy = {**REMEDIES, **remedies}.get(type(error), "show this report to whoever runs farsync")
    return f"{type(error).__name__}{shown}: {error} Remedy: {remedy}."


def _code(said: ProviderReply) -> str:
    is_plain = re.fullmatch(r"[\w.-]{1,40}", said.code or "", re.ASCII)
    return f", code {said.code}" if is_plain else ""


def nameless(number: int, text: str) -> str:
    """One of several by its number, with as much of its id or name as gives nobody away."""
    is_plain = re.fullmatch(r"[A-Za-z0-9]+", text, re.ASCII)
    kind = "letters and digits" if is_plain else "characters" if text.isascii() else "characters, not all ASCII"
    return f"{number} ({len(text)} {kind})"
