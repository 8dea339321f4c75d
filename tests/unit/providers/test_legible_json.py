"""What JSON allows, or a provider takes for JSON, and a reader of ours or AWS would stumble over."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.providers.legible_json import legible
from farsync.providers.replies import fields_in, first_text

NINES = b"9" * 20


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "\\ud83d", "b": "\\ude00\\ud83d"}', {"a": "\ufffd", "b": "\ufffd\ufffd"}),
        (b'{"\\uD83D": "\\uD83D\\uDE00 \\\\ud83d"}', {"\ufffd": "\U0001f600 \\ud83d"}),
        (b'{"a": "\\ufffe\xef\xbf\xbf\xef\xbf\xbe"}', {"a": "\ufffd" * 3}),
        (b'{"a": "1\\u0000\\u001f\\b\\f2\\t\\n\\r\\\\u0000"}', {"a": "1\ufffd\ufffd\ufffd\ufffd2\t\n\r\\u0000"}),
        (b'{"a": "cut amid \xea\xb0"}', {"a": "cut amid \ufffd"}),
        (b'{"a": NaN, "b": [Infinity, -Infinity, 1e400, -1E+400, 1e-400]}', {"a": None, "b": [None] * 4 + [0.0]}),
        (b'{"a": %b, "b": -%b, "c": %b}' % (NINES, NINES, b"9" * 5000), dict.fromkeys("abc")),
        (b'{"a": 9223372036854775807, "b": -9223372036854775808}', {"a": 2**63 - 1, "b": -(2**63)}),
        (b'{"a": 0.12345678901234567890}', {"a": 0.12345678901234568}),
        (b'{"a": "NaN \\"\\/\\u00e9", "a": "NaN"}', {"a": "NaN"}),
    ],
    ids=[
        *(
            "byte order mark",
            "halves of pairs",
            "pairs",
            "no characters",
            "control characters",
            "cut text",
            "no numbers",
        ),
        *("long numbers", "a Long", "a long fraction", "a key twice"),
    ],
)
def test_what_stumbles_is_replaced_and_the_rest_stays(body: bytes, content: object) -> None:
    assert json.loads(legible(body)) == content


@pytest.mark.parametrize("body", [b"", b"<html>\xff", b'{"a": "\\ud83d"', b"[" * 100_000 + b"NaN"])
def test_what_is_no_json_stays_none(body: bytes) -> None:
    assert legible(body) == body


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"))
NUMBERS = st.integers(1 - 10**19, 10**19 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=10,
)


@given(JSON, st.booleans())
def test_what_aws_takes_stays_as_it_is(content: object, is_ascii: bool) -> None:
    assert json.loads(legible(json.dumps(content, ensure_ascii=is_ascii).encode())) == content


def test_the_words_of_a_rejection_are_as_legible() -> None:
    fields = fields_in(b'\xef\xbb\xbf{"error": {"code": 1e400, "message": "half \\ud83d"}}', "error")
    assert (first_text(fields, "code"), first_text(fields, "message")) == (None, "half \ufffd")
