"""Texts that JSON allows and nobody after us can write: half of a surrogate pair is in no UTF-8 (RFC 8259 8.2)."""

import re

HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """With U+FFFD for each half of a surrogate pair."""
    return HALF_A_PAIR.sub("\ufffd", text)
