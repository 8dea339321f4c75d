"""The JSONata functions that Step Functions adds to the language, and the one that it takes away.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

import hashlib
import json
import math
import random
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws.moto_patches.jsonata_text import from_json, json_text

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def partition(array: list[Any] | None = None, chunk_size: float | None = None) -> list[list[Any]] | None:
    if array is None:
        return None
    if not chunk_size or chunk_size < 1:
        raise ValueError("$partition: the chunk size must be a positive number")
    size = int(chunk_size)
    return [list(array[start : start + size]) for start in range(0, len(array), size)]


def number_range(first: float, last: float, step: float) -> list[float]:
    """Unlike Python's range, the last number belongs to it."""
    if not step:
        raise ValueError("$range: the step must not be 0")
    count = math.floor((last - first) / step) + 1
    return [first + index * step for index in range(max(count, 0))]


def content_hash(data: Any = None, algorithm: str | None = None) -> str | None:
    """Hexadecimal digest of a text, or of the JSON of anything else."""
    if data is None:
        return None
    if algorithm not in _HASHES:
        raise ValueError(f"$hash: the algorithm must be one of {', '.join(_HASHES)}")
    text = data if isinstance(data, str) else json_text(data)
    return hashlib.new(_HASHES[algorithm], text.encode()).hexdigest()


def random_number(seed: float | None = None) -> float:
    return random.random() if seed is None else random.Random(seed).random()


def new_uuid() -> str:
    return str(uuid.uuid4())


def parse(text: str | None = None) -> Any:
    return None if text is None else from_json(json.loads(text))


def evaluate(*_: Any) -> Any:
    raise ValueError("$eval is not supported by Step Functions")


STEP_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "partition": partition,
    "range": number_range,
    "hash": content_hash,
    "random": random_number,
    "uuid": new_uuid,
    "parse": parse,
    "eval": evaluate,
}
