"""Requests to be signed, thousands of them: by a seed, since Hypothesis needs twenty milliseconds for each."""

import random
from typing import NamedTuple
from urllib.parse import quote

REQUESTS = 3000
RANGES = ((32, 126), (0, 0x2FF), (0xAC00, 0xD7A3), (0x4E00, 0x9FFF), (0xE000, 0x1FFFF))
"""Where characters come from: ASCII at least as often as all others, and no surrogates."""
PLAIN = "ABCXYZabcxyz019_.-"


class RandomRequest(NamedTuple):
    """Segments and query as they are meant, before anything is encoded."""

    method: str
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    body: bytes
    access_key: str
    secret_key: str
    now_seconds: int

    @property
    def encoded_path(self) -> str:
        return "/" + "/".join(quote(segment, safe="") for segment in self.segments)


def random_request(source: random.Random) -> RandomRequest:
    return RandomRequest(
        source.choice(("GET", "POST", "PUT", "DELETE")),
        tuple(random_text(source).replace("/", "") for _ in range(source.randrange(6))),
        tuple({_plain(source): random_text(source) for _ in range(source.randrange(6))}.items()),
        source.choice((b"", random_text(source).encode(), source.randbytes(40))),
        _printable(source),
        _printable(source),
        source.randrange(2**32),
    )


def random_text(source: random.Random) -> str:
    first, last = source.choice(((32, 126), source.choice(RANGES)))
    return "".join(chr(source.randint(first, last)) for _ in range(source.randrange(20)))


def _plain(source: random.Random) -> str:
    return "".join(source.choices(PLAIN, k=source.randint(1, 12)))


def _printable(source: random.Random) -> str:
    return "".join(chr(source.randint(33, 126)) for _ in range(source.randint(1, 40)))
