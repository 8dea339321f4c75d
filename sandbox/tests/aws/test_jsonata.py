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
        ("$hash('abc', 'MD5')", "900150983cd24fb0d6963f7d28e17f72"),
        ("$substring($hash('abc', 'SHA-256'), 0, 8)", "ba7816bf"),
        ("[$exists($given.empty), $exists($given.missing)]", [True, False]),
        ("[$type($given.list[0]), $count($given.list[$ = null])]", ["null", 1]),
        ("{'a': $given.missing, 'b': 1}", {"b": 1}),
    ],
)
def test_an_expression_gives_its_value(expression: str, value: Any) -> None:
    assert evaluate(expression, {"given": {"empty": None, "list": [None, 1]}}) == value


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
