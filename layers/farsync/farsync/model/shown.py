"""Texts of others within our own: on one line, and no longer than a reader needs."""

import unicodedata

LONGEST_NAME = 100
"""Of a field that somebody sent: it may be as long as a request."""
LONGEST_ERROR = 8_000
NOT_ON_A_LINE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that end a line, steer a terminal, turn the direction of reading, or cannot be written."""


def shown(text: str, longest: int = LONGEST_NAME) -> str:
    """Cut, and with U+FFFD for each character that would let it pass for more than it is."""
    cut = text[:longest]
    if cut.isprintable():
        return cut
    return "".join("\ufffd" if unicodedata.category(character) in NOT_ON_A_LINE else character for character in cut)
