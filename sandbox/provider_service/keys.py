"""The keys that clients sign with, and what else a service keeps secret in its folder."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    access_key: str
    secret_key: str = field(repr=False)


def keep(file: Path, fresh: Mapping[str, str]) -> Mapping[str, str]:
    """What the file holds; `fresh` is written into it where there is none yet."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        # Created with its final mode: at no moment can others read it.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            json.dump(dict(fresh), opened)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
