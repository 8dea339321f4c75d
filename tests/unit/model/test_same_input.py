"""Whether two inputs ask for the same."""

from typing import Any

import pytest

from farsync.model.same_input import differing_fields


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": {"b": 1, "c": [{"d": 1, "e": 2}]}}, {"a": {"c": [{"e": 2, "d": 1}], "b": 1}}),
        ({"a": 60}, {"a": 60.0}),
        ({"a": {"b": 60}}, {"a": {"b": 60.0}}),
        ({"a": 0.1}, {"a": 0.1}),
    ],
)
def test_the_same_is_the_same_however_it_is_written(given: dict[str, Any], known: dict[str, Any]) -> None:
    assert differing_fields(given, known) == ()


@pytest.mark.parametrize(
    ("value", "other"), [(1, True), (0, False), (1, "1"), (None, 0), ([1, 2], [2, 1]), ({}, []), (0.1, 0.2), ("", None)]
)
def test_other_values_are_another_request(value: object, other: object) -> None:
    assert differing_fields({"a": value, "same": 1}, {"a": other, "same": 1}) == ("a",)


def test_a_field_that_one_lacks_differs_though_the_other_holds_null() -> None:
    assert differing_fields({"a": None}, {"b": 1}) == ("a", "b")


def test_no_more_is_named_than_fits_a_sentence() -> None:
    named = differing_fields({f"{number}{'x' * 5000}": 1 for number in range(9)}, {})
    assert [len(name) for name in named] == [40] * 5
