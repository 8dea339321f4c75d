"""JSONata expressions with the functions that Step Functions adds."""

import re
import time
from typing import Any

import pytest

from sandbox.aws.moto_patches.jsonata_evaluation import QueryFailed, evaluate

DIGESTS = {
    "MD5": "900150983cd24fb0d6963f7d28e17f72",
    "SHA-1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
}


@pytest.mark.parametrize(("algorithm", "digest"), DIGESTS.items())
def test_hash_gives_the_published_digest_of_abc(algorithm: str, digest: str) -> None:
    assert evaluate(f"$hash('abc', '{algorithm}')", {}) == digest


@pytest.mark.parametrize(("algorithm", "length"), [("SHA-384", 96), ("SHA-512", 128)])
def test_hash_knows_the_long_algorithms(algorithm: str, length: int) -> None:
    assert len(evaluate(f"$hash('abc', '{algorithm}')", {})) == length


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


def test_now_and_millis_tell_the_same_present_time() -> None:
    millis, parsed = evaluate("[$millis(), $toMillis($now())]", {})
    assert millis == parsed
    assert abs(millis / 1000 - time.time()) < 5


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


def test_a_result_is_no_window_into_the_variables() -> None:
    variables = {"given": {"list": [1]}}
    evaluate("$given", variables)["list"].append(2)
    assert variables == {"given": {"list": [1]}}
