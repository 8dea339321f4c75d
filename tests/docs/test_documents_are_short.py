"""A newcomer reads the README in a minute, a maintainer the rest in an hour."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from farsync.model import errors
from tests.support.markdown import DOCUMENTS, ROOT, code_blocks, quoted, rows, without_code

README, DOCS = ROOT / "README.md", ROOT / "docs"
SCREENS = ROOT / "cli" / "tests" / "screens"
FOR_CONTRIBUTORS = [page for page in DOCUMENTS if page.is_relative_to(DOCS / "dev")]
FOR_USERS = [page for page in DOCUMENTS if page.is_relative_to(DOCS) and page not in FOR_CONTRIBUTORS]


def words(*pages: Path) -> int:
    """Of prose and tables: as `wc -w` counts them, without code to be copied and without the bars of tables."""
    return sum(bool(re.search(r"\w", word)) for page in pages for word in without_code(page).split())


def test_the_readme_has_600_words_at_most() -> None:
    assert len(README.read_text().split()) <= 600


@pytest.mark.parametrize("pages", [FOR_USERS, FOR_CONTRIBUTORS], ids=["users", "contributors"])
def test_the_pages_for_users_and_for_contributors_have_15_000_words_each_at_most(pages: Sequence[Path]) -> None:
    assert len(pages) >= 10
    assert words(*pages) <= 15_000


@pytest.mark.parametrize(
    ("page", "screens"),
    [(README, ["run_watch"]), (DOCS / "operations.md", ["watch_failed", "logs", "rerun"])],
    ids=["README", "operations"],
)
def test_a_screen_is_shown_as_the_command_prints_it(page: Path, screens: Sequence[str]) -> None:
    """cli/tests/test_screens.py holds the files against the command."""
    shown = [block.text for block in code_blocks(page, "text") if block.text.startswith("$ farsync")]
    assert shown == [(SCREENS / f"{name}.txt").read_text() for name in screens]


def test_the_readme_compares_seven_events_in_five_other_ways() -> None:
    compared = rows(README, "What happens when")
    assert [len(row) for row in compared] == [7] * 7
    assert all(cell for row in compared for cell in row)


def test_every_error_has_its_remedy() -> None:
    """So has each that a state machine catches, or that HTTP has as a problem."""
    named = {
        name
        for name, error in vars(errors).items()
        if isinstance(error, type) and issubclass(error, errors.FarsyncError) and error is not errors.FarsyncError
    }
    assert {name for cell, *_ in rows(DOCS / "operations.md", "Troubleshooting") for name in quoted(cell)} == named
