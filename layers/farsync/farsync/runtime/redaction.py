"""Values of secret parameters: what a provider repeats of them reaches neither a log nor the text of an error."""

import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from farsync.model.errors import FarsyncError

HIDDEN = "***"
"""What stands in the place of a value."""
_SHORTEST_HIDDEN_ANYWHERE = 4
"""What is shorter stands in other words by chance, and hidden there the gaps would give it away."""


@contextmanager
def keeping_out(secrets: Collection[str]) -> Iterator[None]:
    """No error raised inside repeats one of the values: a provider may repeat what it was sent."""
    try:
        yield
    except FarsyncError as error:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        if spellings:
            _hide(error, spellings)
        raise


@contextmanager
def keeping_words_out() -> Iterator[None]:
    """No error raised inside has a message of the provider's: nobody here knows the values that it may repeat."""
    try:
        yield
    except FarsyncError as error:
        if error.said and not error.said.is_measured:
            error.said = error.said._replace(message=None)
        raise


def _spellings(secret: str) -> set[str]:
    """As it stands, in JSON and in a URL; without the white space around it, which a provider may have cut off."""
    bare = secret.strip()
    in_json = {json.dumps(bare, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}
    return {bare, quote(bare, safe="", errors="replace"), *in_json} - {""}


def without_values(text: str, secrets: Collection[str], *, is_cut: bool) -> str:
    """A text with each value hidden; `is_cut` where its beginning is missing, maybe amid a value."""
    spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
    if not spellings:
        return text
    return _hiding(spellings)(_without_value_cut_before(text, spellings) if is_cut else text)


def _hiding(spellings: Collection[str]) -> Callable[[str], str]:
    # The longest first: another may be a part of it.
    any_spelling = "|".join(map(_pattern, sorted(spellings, key=len, reverse=True)))
    return lambda text: re.sub(any_spelling, HIDDEN, text, flags=re.IGNORECASE)


def _hide(error: FarsyncError, spellings: Collection[str]) -> None:
    hidden = _hiding(spellings)
    error.args = (hidden(str(error.args[0])),)
    if error.said:
        code, message = error.said.code, error.said.message
        error.said = error.said._replace(
            code=code and hidden(code), message=message and hidden(_without_cut_value(message, spellings))
        )


def _pattern(spelling: str) -> str:
    pattern = re.escape(spelling)
    return pattern if len(spelling) >= _SHORTEST_HIDDEN_ANYWHERE else rf"(?<![^\W_]){pattern}(?![^\W_])"


def _without_cut_value(text: str, spellings: Collection[str]) -> str:
    """Long messages are cut, maybe amid the value."""
    cut = max(
        (
            length
            for spelling in spellings
            for length in range(_SHORTEST_HIDDEN_ANYWHERE, min(len(spelling), len(text)) + 1)
            if text.endswith(spelling[:length])
        ),
        default=0,
    )
    return text[:-cut] + HIDDEN if cut else text


def _without_value_cut_before(text: str, spellings: Collection[str]) -> str:
    cut = max(
        (
            length
            for spelling in spellings
            for length in range(_SHORTEST_HIDDEN_ANYWHERE, len(spelling))
            if text.startswith(spelling[-length:])
        ),
        default=0,
    )
    return HIDDEN + text[cut:] if cut else text
