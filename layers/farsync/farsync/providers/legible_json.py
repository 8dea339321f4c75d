"""Replies as JSON that every reader of ours understands, whatever JSON allows or a provider takes for JSON.

https://www.rfc-editor.org/rfc/rfc8259: section 8.2 allows half of a surrogate pair in a text, section 8.1 a byte order
mark to be ignored, and section 6 numbers of any length.
"""

import json
import re

from farsync.model.texts import REPLACEMENT, queue_text

LARGEST_BODY_BYTES = 4 * 1024 * 1024
"""A page of a thousand entries has a quarter of it."""
MOST_PARTS = 100_000
"""Objects and lists: read, each of them fills some 150 bytes of a function's memory, and one of two bytes does too."""
LONGEST_NUMBER = 19
"""Digits of a whole number: a Long, as ids and times may be, has no more, and EventBridge takes no larger ones:
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

_ODD_TEXTS = (b"\\u", b"\xef\xbb\xbf", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"NaN", b"Infinity")
_ODD_NUMBERS = (b"0" * (LONGEST_NUMBER + 1), b"0e000")
_SHAPES = bytes.maketrans(b"123456789E", b"000000000e")
"""Makes every digit a zero, so that a long number or exponent is the same text everywhere."""
_CONTROL_CHARACTER = re.compile(r"\\(?:u00[01]|[bf])")
"""Or, rarely, the same after a backslash."""
_ESCAPE = re.compile(r"\\(?:u00[01][0-9a-f]|.)")
_LINE_ESCAPES = frozenset('"\\nrt')


def legible(body: bytes) -> bytes:
    """The same content, without a byte order mark. In place of characters that SQS rejects where they stand for
    themselves, and of bytes that are no UTF-8, stands U+FFFD; in place of NaN, Infinity and numbers beyond a Long or a
    double null.

    A body that is no JSON comes back as it is. Of keys that come twice the last counts. Raises ValueError for a body
    that would not fit into a function's memory.
    """
    if len(body) > LARGEST_BODY_BYTES or body.count(b"{") + body.count(b"[") > MOST_PARTS:
        raise ValueError("too large")
    if not _is_odd(body):
        return body
    try:
        content = json.loads(
            body.decode("utf-8-sig", "replace"), parse_int=_whole, parse_float=_finite, parse_constant=_nothing
        )
        text = queue_text(json.dumps(content, ensure_ascii=False))
    except (ValueError, RecursionError):
        return body
    if _CONTROL_CHARACTER.search(text):
        text = _ESCAPE.sub(_without_control_character, text)
    return text.encode()


def _is_odd(body: bytes) -> bool:
    """Far cheaper than reading it twice: a list may hold thousands of entries."""
    if any(sign in body for sign in _ODD_TEXTS):
        return True
    shapes = body.translate(_SHAPES, b"+")
    if any(sign in shapes for sign in _ODD_NUMBERS):
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return False


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits.lstrip("-")) <= LONGEST_NUMBER else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) < float("inf") else None


def _nothing(_: str) -> None:
    return None


def _without_control_character(escape: re.Match[str]) -> str:
    return escape[0] if escape[0][1] in _LINE_ESCAPES else REPLACEMENT
