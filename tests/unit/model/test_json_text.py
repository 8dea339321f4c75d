"""What is rejected in JSON that people write, and mended in JSON that AWS hands back."""

import json

import pytest

from farsync.model.json_text import MOST_LEVELS, JsonInvalid, flaws_in, read_json, read_json_leniently


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    ("text", "steps", "remedy"),
    [
        ('{"a": 1, "a": 1}', ("a",), "given twice"),
        ('{"a": [{"b": 1, "c": 2, "b": 3}]}', ("a", 0, "b"), "given twice"),
        ('{"\\u0061": 1, "a": 2}', ("a",), "given twice"),
        ('{"a": "cut \\ud83d"}', ("a",), "half of a surrogate pair"),
        ('{"a": ["\\ude00\\ud83d"]}', ("a", 0), "half of a surrogate pair"),
        ('{"\\ud83d": 1}', ("\ud83d",), "half of a surrogate pair in its name"),
        ('{"a": -1e999}', ("a",), "a finite one"),
        ('{"a": NaN}', ("a",), "a finite one"),
        (nested(MOST_LEVELS + 1), ("a",) * MOST_LEVELS, "more than 50 levels"),
        ("[" * 100_000, (), "nested too deep"),
        ("9" * 5000, (), "numbers are too long"),
        ('{"a": 1,\n "b" 2}', (), "is no JSON at line 2, column 6"),
        (b'{"a": "\xff"}', (), "not in UTF-8"),
        ('"\udcff"', (), "half of a surrogate pair"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_others_would_read_in_another_way_is_rejected_with_its_place(
    text: str, steps: tuple[str | int, ...], remedy: str
) -> None:
    with pytest.raises(JsonInvalid) as rejected:
        read_json(text)
    (flaw,) = rejected.value.flaws
    assert flaw.steps == steps
    assert remedy in flaw.remedy


@pytest.mark.parametrize(
    "text", ['{"a": "\\ud83d\\ude00"}', '\ufeff{"a": "\U0001f600"}', '{"a": {}, "b": {"a": 1}}', nested(50)]
)
def test_whole_characters_and_names_that_differ_or_stand_apart_are_read(text: str) -> None:
    assert read_json(text) == read_json(text.encode()) == json.loads(text.removeprefix("\ufeff"))


def test_all_that_is_wrong_with_a_value_is_found_at_once() -> None:
    wrong = {"a": "\ud83d", "b": [float("inf"), {"c": "\udc00", "\udc00": "fine"}]}
    assert [flaw.steps for flaw in flaws_in(wrong)] == [("a",), ("b", 0), ("b", 1, "\udc00"), ("b", 1, "c")]


def test_what_aws_hands_back_is_read_with_a_mark_for_each_half_of_a_pair() -> None:
    text = r'{"\ud83d": ["cut \udc00", "\ud83d\ude00", "\\ud83d"]}'
    assert read_json_leniently(text) == {"\ufffd": ["cut \ufffd", "\U0001f600", "\\ud83d"]}
