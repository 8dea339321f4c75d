"""What `make check` concludes from the replies of DataArts Factory."""

import pytest

from tools.connection_check.clouds.huawei.inspecting import (
    code_generation,
    execute_time_unit,
    nodes_in_words,
    offset_meaning,
    words_met,
)
from tools.connection_check.clouds.huawei.vocabulary import VOCABULARY
from tools.connection_check.vocabulary import unknown_to_the_pages


@pytest.mark.parametrize(
    ("at_0", "at_1", "expected"),
    [
        (["a", "b"], ["b", "c"], "counts entries"),
        (["a", "b"], ["b"], "counts entries"),
        (["a", "b"], ["c", "d"], "counts pages"),
        (["a", "b"], [], "counts pages"),
        (["a", "b"], ["a", "b"], "cannot be known: the list moved"),
        (["a"], [], "cannot be known: fewer than two"),
    ],
)
def test_what_offset_counts_is_seen_in_the_entries_at_0_and_at_1(
    at_0: list[str], at_1: list[str], expected: str
) -> None:
    assert offset_meaning(at_0, at_1).startswith(expected)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("DLF.0137", "older"), ("DLF.30137", "newer"), ("DLF.0100", "older"), ("DLF.30100", "newer"), (None, "cannot")],
)
def test_the_generation_is_that_of_the_code_for_an_unknown_instance(code: str | None, expected: str) -> None:
    assert code_generation(code).startswith(expected)


def test_a_code_that_is_no_known_one_is_not_repeated() -> None:
    assert "DLF.9999" not in code_generation("DLF.9999")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["success", "fail", None], "none beyond the older seven: met fail, success"),
        (["success", "freeze"], "the twelve: met freeze, and of the older seven success"),
        (["forceSuccess"], "the twelve: met forceSuccess"),
        (["NEW", None], "none met"),
    ],
)
def test_the_words_met_tell_which_vocabulary_is_spoken(words: list[str | None], expected: str) -> None:
    assert words_met(words) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [(18000, "milliseconds"), (0.3, "minutes"), (20, "neither"), (None, "nothing"), ("18000", "nothing")],
)
def test_what_execute_time_counts_is_seen_in_the_start_and_the_end(told: object, expected: str) -> None:
    instance = {"startTime": 1551671580000, "endTime": 1551671598000, "executeTime": told}
    assert execute_time_unit(instance).startswith(expected)


def test_nodes_are_counted_by_their_status_and_not_named() -> None:
    nodes = [{"nodeName": "payroll", "status": "success"}, {"nodeName": "tax", "status": "fail", "queue": "q"}]
    assert nodes_in_words(nodes) == "2 (fail 1, success 1); fields: nodeName, queue, status"


def test_unknown_fields_and_words_of_nodes_inside_an_instance_are_found() -> None:
    instance = {"status": "paused", "nodes": [{"nodeName": "a", "status": "skip"}, {"status": "lost", "colour": 1}]}

    assert unknown_to_the_pages(VOCABULARY, "instance", [instance]) == [
        "instance.status = paused",
        "node.colour",
        "node.status = lost",
    ]
