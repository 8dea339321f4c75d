"""What `make check` concludes from replies."""

from datetime import UTC, datetime, timedelta

import pytest

from farsync.model.errors import AuthenticationFailed, ProviderReply
from farsync.providers.naver.connection import NaverConnection
from tools.connection_check.checking import has_check
from tools.connection_check.clouds.naver.inspecting import dialect, is_echoing_parameters
from tools.connection_check.clouds.naver.vocabulary import VOCABULARY
from tools.connection_check.inspecting import order
from tools.connection_check.report import meaning_and_remedy, nameless
from tools.connection_check.vocabulary import unknown_to_the_pages

DAY = datetime(2025, 3, 20, tzinfo=UTC)
DAYS = [DAY + timedelta(days=n) for n in range(3)]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (DAYS[::-1], "newest first"),
        (DAYS, "oldest first"),
        ([DAYS[1], DAYS[0], DAYS[2]], "unordered"),
        ([DAYS[2], None, DAYS[1], DAYS[1]], "newest first"),
        ([DAY, DAY], "too few to tell"),
        ([], "too few to tell"),
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
        ([{"type": "NEW"}], "cannot be known"),
        ([{"type": ["SCRIPT"], "status": {}}, {"status": None}], "cannot be known"),
        ([], "cannot be known"),
    ],
)
def test_the_dialect_is_guessed_from_the_words_of_the_jobs(jobs: list[dict[str, object]], expected: str) -> None:
    assert dialect(jobs).startswith(expected)


def test_fields_and_words_that_no_page_names_are_listed_once() -> None:
    execution = {"status": "PAUSED", "priority": 1, "jobCondition": {"workerType": "GPU", "spark": "4"}}

    assert unknown_to_the_pages(VOCABULARY, "execution", [execution, execution]) == [
        "condition.spark",
        "condition.workerType = GPU",
        "execution.priority",
        "execution.status = PAUSED",
    ]


def test_an_unknown_word_that_looks_like_data_is_not_repeated() -> None:
    assert unknown_to_the_pages(VOCABULARY, "job", [{"status": "kim@example.com"}]) == [
        "job.status = (not a plain word)"
    ]


def test_parameters_count_as_echoed_when_any_execution_shows_some() -> None:
    assert is_echoing_parameters([{"parsedParameters": []}, {"parsedParameters": {"$day": "1"}}])
    assert not is_echoing_parameters([{"parsedParameters": []}, {}])


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
