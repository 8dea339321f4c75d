"""Values of fields, as they are spelled in JSON, and objects of them: what is documented, and what is nasty."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
POSTED_AT = NOW - timedelta(minutes=3)
"""When the start was posted that a search is about."""
OLD = NOW - timedelta(days=2)

Value = bytes | None
"""JSON text; None for a field that is left out."""
Fields = dict[bytes, st.SearchStrategy[Value]]


def quoted(text: str) -> bytes:
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode(errors="surrogatepass") + b'"'


NUMBERS: list[Value] = [
    *(b"0", b"1", b"-0", b"-1", b"2.5", b"1e15", b"1e300", b"1e400", b"-1e400", b"1E+999", b"0.1e-999"),
    *(b"NaN", b"Infinity", b"-Infinity", b'"NaN"', b'"Infinity"', b'"0"', b'"12"', b'"1e400"', b'"-7"'),
    *(b"9007199254740993", b"9223372036854775807", b"9223372036854775808", b"9" * 30, b"-" + b"9" * 5000),
]
TEXTS: list[Value] = [
    *(b'""', b'" "', b'"a/b"', b'".."', b'"%2e"', b'"a\\r\\nSet-Cookie: b"', b'"\\u0000\\u001b[31m\\u007f\\u0085"'),
    *(b'"\\ud83d"', b'"\\udE00\\uD83D"', b'"\\ud83d\\ude00"', b'"\\\\ud83d"', b'"\\ufffe\\uffff"', b'"\\ufeff"'),
    *(b'"\xef\xbf\xbe\xef\xbf\xbf"', b'"\xed\xa0\xbd"', b'"\xff\xfe"', b'"cut \xea\xb0"', b'"\xf0\x9f\xbf\xbe"'),
    *(quoted("야간 배치"), quoted('"\\' * 40), quoted("x" * 300), quoted("\u2028 NaN \u202e")),
    *(quoted("야" * 2500), quoted('"' * 2500), quoted("NULL"), quoted("hunter2")),
]
LARGE: list[Value] = [quoted('"' * 30_000), quoted("야" * 30_000), b'["x\\u0001"' + b', "x"' * 20_000 + b"]"]
ODD: list[Value] = [
    *(None, b"null", b"[]", b"{}", b"true", b"false", b"[null]", b'{"a": {"b": [1e400]}}', b'[["x"]]'),
    *(b"[" * 150 + b"]" * 150, b'{"a": 1, "a": null}'),
]
NEVER: list[Value] = [
    *(b'"0001-01-01T00:00:00"', b'"0001-01-01T00:00:00+09:00"', b'"9999-12-31T23:59:59.999999-23:59"', b'"1970-01-01"'),
    *(b'"9999-12-31"', b'"2026-02-30T00:00:00Z"', b'"0000-00-00 00:00:00"', b"253402300799999", b"-62135596800000"),
    *(b'"+275760-09-13T00:00:00Z"', b'"2099-01-01T00:00:00Z"', b"4070908800000", b"0", b'"0"', b'"-"', b"1e400"),
]
"""Dates that stand for none."""

ANY = st.sampled_from([*NUMBERS, *TEXTS, *ODD, *NEVER]) | st.text(max_size=30).map(
    lambda text: quoted("".join(character for character in text if character >= " "))
)


def rather(good: list[Value], *nasty: list[Value]) -> st.SearchStrategy[Value]:
    """As often one of the good values as one of the others."""
    others = [value for values in nasty for value in values]
    return st.sampled_from([*good * max(1, len(others) // len(good)), *others])


TEXT = rather([b'"a text"', quoted("야간")], TEXTS, ODD, NUMBERS)
NUMBER = rather([b"2", b"360"], NUMBERS, ODD, TEXTS)
PATH = rather([b'"bucket/logs/"', b'"obs://bucket/a.job"'], TEXTS, ODD, [quoted('"' * 1600)])


def date(cloud: str, moment: datetime) -> bytes:
    if cloud == "huawei":
        return str(round(moment.timestamp() * 1000)).encode()
    return quoted(moment.astimezone(UTC).isoformat())


def json_object(fields: Mapping[bytes, Value], doubled: Value = None) -> bytes:
    """Of keys that come twice the last counts; `doubled` is what the first of them has before."""
    there = [(name, value) for name, value in fields.items() if value is not None]
    if doubled is not None:
        there = [*((name, doubled) for name, _ in there[:1]), *there]
    return b"{" + b", ".join(b'"' + name + b'": ' + value for name, value in there) + b"}"


doubled = st.none() | ANY


@st.composite
def fields_of(draw: st.DrawFn, fields: Fields) -> bytes:
    return json_object({name: draw(field) for name, field in fields.items()})
