"""Conclusions of `make check` from replies."""

from datetime import UTC, datetime, timedelta

import pytest

from farsync.model.errors import AuthenticationFailed, ProviderReply
from farsync.providers.naver.connection import NaverConnection
from tools.connection_check.checking import has_check
from tools.connection_check.cloud import order
from tools.connection_check.clouds.huawei_words import (
    execute_time_unit,
    offset_meaning,
)
from tools.connection_check.clouds.naver import dialect
from tools.connection_check.report import meaning_and_remedy, nameless
from tools.connection_check.vocabulary import Record, read_vocabulary, unknown_to_the_pages

DAYS = [datetime(2025, 3, 20, tzinfo=UTC) + timedelta(days=n) for n in range(3)]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (DAYS, "oldest first"),
        ([DAYS[1], DAYS[0], DAYS[2]], "unordered"),
        ([DAYS[2], None, DAYS[1], DAYS[1]], "newest first"),
        ([DAYS[0], DAYS[0]], "too few to know"),
    ],
)
def test_the_order_of_a_list_is_read_from_its_creation_dates(moments: list[datetime | None], expected: str) -> None:
    assert order(moments) == expected


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ([{"type": "DATAFLOW", "status": "RUNNABLE"}], "G1"),
        ([{"type": "SCRIPT", "status": "READY"}], "G2"),
        ([{"type": "DATAFLOW", "status": "READY"}], "words of G1 and of G2"),
        ([{"type": ["SCRIPT"], "status": {}}, {"type": "NEW"}], "cannot be known"),
    ],
)
def test_the_dialect_of_data_flow_is_guessed_from_the_words_of_its_jobs(jobs: list[Record], expected: str) -> None:
    assert dialect(jobs).startswith(expected)


@pytest.mark.parametrize(
    ("at_0", "at_1", "expected"),
    [
        (["a", "b"], ["b", "c"], "counts entries"),
        (["a", "b"], ["c", "d"], "counts pages"),
        (["a", "b"], [], "counts pages"),
        (["a", "b"], ["a", "b"], "cannot be known: the list moved"),
        (["a"], [], "cannot be known: fewer than two"),
    ],
)
def test_offset_of_dataarts_is_read_from_the_entries_at_0_and_at_1(
    at_0: list[str], at_1: list[str], expected: str
) -> None:
    assert offset_meaning(at_0, at_1).startswith(expected)


@pytest.mark.parametrize(
    ("measured", "expected"), [(18000, "milliseconds"), (0.3, "minutes"), (20, "neither"), ("18000", "nothing")]
)
def test_the_unit_of_execute_time_is_read_from_start_and_end(measured: object, expected: str) -> None:
    instance = {"startTime": 1551671580000, "endTime": 1551671598000, "executeTime": measured}
    assert execute_time_unit(instance).startswith(expected)


EXECUTION = {"status": "PAUSED", "priority": 1, "jobCondition": {"workerType": "GPU", "spark": "4"}}
INSTANCE = {"status": "paused", "nodes": [{"nodeName": "a", "status": "skip"}, {"status": "lost", "colour": 1}]}


@pytest.mark.parametrize(
    ("provider", "kind", "record", "unknown"),
    [
        (
            "naver",
            "execution",
            EXECUTION,
            ["condition.spark", "condition.workerType = GPU", "execution.priority", "execution.status = PAUSED"],
        ),
        ("naver", "job", {"status": "kim@example.com"}, ["job.status = (not a plain word)"]),
        ("huawei", "instance", INSTANCE, ["instance.status = paused", "node.colour", "node.status = lost"]),
    ],
    ids=["fields and words", "a word that may be data", "records inside"],
)
def test_what_no_page_names_is_listed_once_and_without_data(
    provider: str, kind: str, record: Record, unknown: list[str]
) -> None:
    assert unknown_to_the_pages(read_vocabulary(provider), kind, [record, record]) == unknown


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("5Yns7JgRt25f", "1 (12 letters and digits)"),
        ("pay_roll", "1 (8 characters)"),
        ("급여", "1 (2 characters, not all ASCII)"),
    ],
)
def test_a_job_is_reported_by_its_number_and_the_shape_of_its_name_and_no_letter_of_it(text: str, shape: str) -> None:
    assert nameless(1, text) == shape


def test_a_rejection_shows_the_providers_code_but_not_its_text() -> None:
    said = ProviderReply(401, "200", "Client ID ncp_iam_X does not exist.", "trace")

    text = meaning_and_remedy(AuthenticationFailed("The keys were rejected.", said=said), {})

    assert "HTTP 401, code 200" in text
    assert "Remedy: copy both keys anew" in text
    assert "ncp_iam_X" not in text


def test_a_cloud_without_a_check_of_its_own_is_known_as_such() -> None:
    connection = NaverConnection.model_validate({"name": "n", "provider": "naver", "accessKey": "a", "secretKey": "s"})

    assert has_check(connection)
    assert not has_check(connection.model_copy(update={"provider": "toy"}))
