"""Searches everything that came out for keys, signatures and secret parameters, and logs for bugs."""

import builtins
import re
from collections import Counter
from collections.abc import Iterator

from tests.chaos.evidence import Evidence

SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=|SDK-HMAC-SHA256 Access=|Signature=[0-9a-f]{16}|"
    r"x-ncp-apigw-signature-v2\W{1,8}[A-Za-z0-9+/]{16}|x-ncp-iam-access-key\W{1,8}\w{8}|x-amz-security-token\W{1,8}\w{8}",
    re.IGNORECASE,
)
CONSUMERS = ("PollExecutionFunction.log", "CloseRunFunction.log")
"""Functions that raise nothing, whatever AWS or a provider answers."""
RAISED = re.compile(r"\[ERROR\] *(\w+)")
BUGS = frozenset(name for name, kind in vars(builtins).items() if isinstance(kind, type)) | {"ValidationError"}
"""No function raises these on purpose."""


def find_secrets(evidence: Evidence) -> Iterator[str]:
    """A line each: what was found in which file. Never the secret itself."""
    for path in evidence.outputs:
        found = set[str]()
        with path.open(errors="replace") as lines:
            for line in lines:
                found.update(title for title, secret in evidence.secrets.items() if secret in line)
                if SIGNATURE.search(line):
                    found.add("a signature or an authorization header")
        yield from (f"{title} in {path.name}" for title in sorted(found))


def find_exceptions(evidence: Evidence) -> Iterator[str]:
    for path in evidence.outputs:
        if path.suffix == ".log":
            with path.open(errors="replace") as lines:
                raised = Counter(match[1] for match in map(RAISED.search, lines) if match)
            for name, times in raised.items():
                if path.name in CONSUMERS or name in BUGS:
                    yield f"{name} in {path.name}, {times} times"
