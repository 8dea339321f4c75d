"""The tables of statuses, as docs/dev/statuses.md shows them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tools.print_statuses import BEGIN, END, main, printed_errors, printed_statuses
from tools.statuses import read_aws_errors, read_statuses

ROW = "read: answer, start: {else: answer, naver: JobNotFound}, cancel: answer, why: so it is"


def table(folder: Path, rows: str) -> Path:
    path = folder / "statuses.yaml"
    path.write_text(f"statuses:\n{rows}")
    return path


def test_a_row_shows_each_outcome_with_its_providers(tmp_path: Path) -> None:
    path = table(
        tmp_path, f"  200: {{name: OK, aws: answer, {ROW}}}\n  227-299: {{name: none, aws: Throttled, {ROW}}}\n"
    )
    text = printed_statuses(read_statuses(path))
    start = "Data Flow: `JobNotFound`; DataArts, another provider: answer"
    assert f"| 200 | answer | {start} | answer | answer | so it is |\n" in text
    assert f"| 227-299 | answer | {start} | answer | `Throttled` | so it is |\n" in text


def test_statuses_that_come_to_the_same_for_the_same_reason_share_a_row(tmp_path: Path) -> None:
    rows = "".join(f"  {status}: {{name: any, aws: answer, {ROW}}}\n" for status in ("200", "202", "207-208"))
    assert "| 200, 202, 207-208 | answer | " in printed_statuses(read_statuses(table(tmp_path, rows)))


@pytest.mark.parametrize("row", [f"{{name: OK, {ROW}}}", f"{{name: OK, aws: answer, otherwise: no, {ROW}}}"])
def test_a_row_with_a_cell_too_few_or_too_many_is_rejected(tmp_path: Path, row: str) -> None:
    with pytest.raises(ValidationError):
        read_statuses(table(tmp_path, f"  200: {row}\n"))


def test_one_error_with_two_messages_has_two_rows() -> None:
    text = printed_errors(read_aws_errors())
    assert (
        "marked for deletion. | `ConnectionNotFound` | `InvalidRequest` | is marked for deletion; restore it |" in text
    )
    assert "| is managed elsewhere | `ConnectionInvalid` | `InvalidRequest` |" in text


def test_check_fails_where_the_page_differs_and_passes_once_it_is_written(tmp_path: Path) -> None:
    page = tmp_path / "statuses.md"
    page.write_text(f"# Before\n{BEGIN}old\n{END}After\n")

    assert [main(arguments, page) for arguments in (["--check"], [], ["--check"])] == [1, 0, 0]
