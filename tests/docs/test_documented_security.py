"""What attackers can and cannot do: each line of the page names a test that exists, and says yes or no."""

import re

import pytest

from tests.docs.test_documents import NAMED_TEST, names_of_tests
from tests.support.markdown import ROOT, section

PAGE = ROOT / "docs" / "dev" / "security.md"
ROWS = [line for line in PAGE.read_text().splitlines() if re.match(r"\| (?!to |what |---)", line)]
PEOPLE = (
    "Who may start runs over one connection",
    "Who writes a job's SQL or settings at the provider",
    "Who sits between farsync and the provider",
    "Who uses the queues",
    "Who writes a connection's secret",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_line_says_yes_or_no_and_names_a_test_that_exists(row: str) -> None:
    _, can, _, tests = (cell.strip() for cell in row.strip("|").split("|"))
    named = NAMED_TEST.findall(tests)
    assert can in ("yes", "no")
    assert named
    assert [(file, name) for file, name in named if name not in names_of_tests(ROOT / file)] == []


@pytest.mark.parametrize("heading", PEOPLE)
def test_each_attacker_has_something_that_he_can_do_and_something_that_he_cannot(heading: str) -> None:
    assert {"| yes |", "| no |"} <= {found for found in ("| yes |", "| no |") if found in section(PAGE, heading)}


def test_the_page_is_short() -> None:
    text = re.sub(r"`tests/[^`]*`|[|-]", " ", PAGE.read_text())
    assert len(text.split()) <= 1200
