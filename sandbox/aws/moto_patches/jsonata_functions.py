"""The JSONata functions that Step Functions adds to the language, as far as state machines here use them, and the one
that it takes away.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws.moto_patches.jsonata_text import from_json, json_text

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def content_hash(data: Any = None, algorithm: str | None = None) -> str | None:
    """Hexadecimal digest of a text, or of the JSON of anything else."""
    if data is None:
        return None
    if algorithm not in _HASHES:
        raise ValueError(f"$hash: the algorithm must be one of {', '.join(_HASHES)}")
    text = data if isinstance(data, str) else json_text(data)
    return hashlib.new(_HASHES[algorithm], text.encode()).hexdigest()


def parse(text: str | None = None) -> Any:
    return None if text is None else from_json(json.loads(text))


def evaluate(*_: Any) -> Any:
    raise ValueError("$eval is not supported by Step Functions")


STEP_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "hash": content_hash,
    "parse": parse,
    "eval": evaluate,
}
