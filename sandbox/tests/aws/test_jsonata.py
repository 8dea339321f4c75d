"""JSONata expressions with the functions that Step Functions adds."""

import re
from typing import Any

import pytest

from sandbox.aws.moto_patches.jsonata_evaluation import QueryFailed, evaluate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$parse('{\"a\": [1, null]}')", {"a": [1, None]}),
        ("$toMillis('2026-01-31T09:00:00+09:00')", 1769817600000),
        ("$fromMillis(1769817600000)", "2026-01-31T00:00:00.000Z"),
        ("$map([1,2], function($v) { $v * 2 })", [2, 4]),
        ("null", None),
        ("$count(null)", 1),
        ("$type($parse('{\"a\": null}').a)", "null"),
        (
            "$string({'a': ['밤', 14.0, 0.0000001, 0.1 + 0.2, null], 'b': 100000 * 1e16})",
            '{"a":["밤",14,1e-7,0.3,null],"b":1e+21}',
        ),
        ("6 / 2", 3),
    ],
)
def test_an_expression_gives_its_value(expression: str, value: Any) -> None:
    assert evaluate(expression, {}) == value


def test_a_null_exists_and_a_missing_member_does_not() -> None:
    variables = {"given": {"empty": None}}
    assert evaluate("[$exists($given.empty), $exists($given.missing)]", variables) == [True, False]
    assert evaluate("$type($given.empty)", variables) == "null"


def test_a_null_in_a_list_is_an_item() -> None:
    assert evaluate("[$type($given[0]), $count($given[$ = null])]", {"given": [None, 1]}) == ["null", 1]


def test_a_missing_member_of_an_object_is_left_out() -> None:
    assert evaluate("{'a': $given.missing, 'b': 1}", {"given": {}}) == {"b": 1}


@pytest.mark.parametrize(
    "expression",
    [
        "$given.missing",
        "$nobody",
        "1 + 'a'",
        "$error('no')",
        "function($x) { $x }",
        "$eval('1')",
        "(",
        "$hash('a', 'MD4')",
    ],
)
def test_what_cannot_be_evaluated_is_an_error_that_quotes_the_expression(expression: str) -> None:
    with pytest.raises(QueryFailed, match=re.escape(expression)):
        evaluate(expression, {"given": {}})
