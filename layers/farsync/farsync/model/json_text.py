"""JSON that people write, read strictly; JSON that AWS hands back, read leniently."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import NamedTuple

from farsync.model.texts import HALF_A_PAIR, writable

_MAY_HOLD_HALVES = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")
"""A whole pair may be escaped, too."""
MOST_LEVELS = 50
"""Of arrays and objects inside each other; parsers of other programs give up somewhere."""

Step = str | int


class Flaw(NamedTuple):
    """What is wrong with a value: the way to it by names and indices, and the remedy."""

    steps: tuple[Step, ...]
    remedy: str


class JsonInvalid(ValueError):
    """The text is no JSON, or holds what nobody else would read as we do."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(flaws[0].remedy)
        self.flaws = flaws


class _Members(dict[str, object]):
    """An object, and the names that stand twice in it: parsers keep the first value, the last, or none (RFC 8259 4)."""

    twice: tuple[str, ...] = ()


def read_json(text: str | bytes) -> object:
    """Raises JsonInvalid for text that is no JSON in UTF-8, and for all flaws in it."""
    try:
        # Editors of Windows put a byte order mark before the text.
        decoded = (text.decode() if isinstance(text, bytes) else text).removeprefix("\ufeff")
        content = json.loads(decoded, object_pairs_hook=_members)
    except json.JSONDecodeError as error:
        remedy = f"is no JSON at line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError:
        remedy = "is not in UTF-8"
    except (ValueError, RecursionError):
        remedy = "is no JSON that can be read; its numbers are too long, or it is nested too deep"
    else:
        flaws = tuple(flaws_in(content))
        if flaws:
            raise JsonInvalid(*flaws)
        return content
    raise JsonInvalid(Flaw((), remedy))


def read_json_leniently(text: str) -> object:
    """With U+FFFD for halves of surrogate pairs. Raises ValueError and RecursionError."""
    content: object = json.loads(text)
    if not _MAY_HOLD_HALVES.search(text):
        return content
    return json.loads(writable(json.dumps(content, ensure_ascii=False)))


def flaws_in(content: object) -> Iterator[Flaw]:
    """What no other program would read as it was meant, the outermost first."""
    left = deque[tuple[tuple[Step, ...], object]]([((), content)])
    while left:
        steps, value = left.popleft()
        if len(steps) > MOST_LEVELS:
            yield Flaw(steps[:MOST_LEVELS], f"is nested more than {MOST_LEVELS} levels deep; hand it over as a text")
            return
        match value:
            case str() if HALF_A_PAIR.search(value):
                yield Flaw(steps, "holds half of a surrogate pair, which is no character; write the whole character")
            case float() if not isfinite(value):
                yield Flaw(steps, "is a number that JSON cannot write; give a finite one")
            case Mapping():
                twice = value.twice if isinstance(value, _Members) else ()
                yield from (Flaw((*steps, name), "is given twice; remove one of them") for name in twice)
                for name, member in value.items():
                    if not isinstance(name, str):
                        yield Flaw((*steps, str(name)), "has a name that is no text; put the name in quotes")
                    elif HALF_A_PAIR.search(name):
                        yield Flaw((*steps, name), "has half of a surrogate pair in its name; write whole characters")
                    left.append(((*steps, str(name)), member))
            case list() | tuple():
                left.extend(((*steps, index), member) for index, member in enumerate(value))
            case None | str() | int() | float():
                pass
            case _:
                yield Flaw(steps, "is nothing that JSON can write; put it in quotes")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = _Members(pairs)
    if len(members) < len(pairs):
        times = Counter(name for name, _ in pairs)
        members.twice = tuple(name for name, number in times.items() if number > 1)
    return members
