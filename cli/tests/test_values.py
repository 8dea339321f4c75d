"""Values as people read and write them."""

from datetime import UTC, datetime

import pytest
import typer
from rich.text import Text

from cli.tests.support.records import GOING_ON
from farsync_cli.exit_codes import exit_code_of_state
from farsync_cli.moments import moment
from farsync_cli.near_names import near_names
from farsync_cli.options import pairs
from farsync_cli.rendering.run import step_functions_console
from farsync_cli.rendering.sparkline import sparkline
from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import clock_time, dollars, duration, short_name

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _utc(environ: object) -> None:
    """The zone of the machine."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", "2026-11-22T05:00"),
        ("2h", "2026-11-22T04:30"),
        ("7D", "2026-11-15T06:30"),
        ("today", "2026-11-22T00:00"),
        ("yesterday", "2026-11-21T00:00"),
        ("2026-11-20", "2026-11-20T00:00"),
        ("2026-11-22T06:00+09:00", "2026-11-21T21:00"),
    ],
)
def test_a_moment_is_read(text: str, expected: str) -> None:
    assert moment(text, NOW) == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize("text", ["noon", "", "-1d", "999999w", "2026-13-01", "1.5h"])
def test_what_is_no_moment_is_a_fault_of_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no moment; write 90m"):
        moment(text, NOW)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, ""), (0, "0:00"), (59.6, "1:00"), (244, "4:04"), (3723, "1:02:03"), (97_440, "1d 03:04"), (-3, "0:00")],
)
def test_a_duration(seconds: float | None, expected: str) -> None:
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T05:04:03Z", "05:04"),
        ("2026-11-21T05:04:03Z", "Nov 21 05:04"),
        ("2025-11-21T05:04:03Z", "2025-11-21 05:04"),
    ],
)
def test_a_time_has_its_day_unless_it_is_today(text: str, expected: str) -> None:
    assert clock_time(datetime.fromisoformat(text), NOW) == expected


@pytest.mark.parametrize(("cost", "expected"), [(None, ""), (0.000214, "$0.000214"), (1234.5, "$1,234.50")])
def test_dollars(cost: float | None, expected: str) -> None:
    assert dollars(cost) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (GOING_ON, "8fdd7432"),
        ("8fdd74", "8fdd74"),
        ("my-own-name", "my-own-name"),
        (f"{'0' * 32}-{'a' * 32}", "aaaaaaaa"),
    ],
)
def test_a_short_name_is_what_the_api_takes_for_the_run(name: str, expected: str) -> None:
    assert short_name(name) == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [("night_lode", ["night_load"]), ("NIGHT", ["night_load"]), ("load", ["night_load"]), ("zzz", []), ("", [])],
)
def test_near_names(wrong: str, expected: list[str]) -> None:
    assert near_names(wrong, ["night_load", "orders_hourly", ""]) == expected


@pytest.mark.parametrize(
    ("state", "code"),
    [("SUCCEEDED", 0), ("FAILED", 1), ("CANCELED", 1), ("TIMED_OUT", 3), ("UNOBSERVABLE", 4), ("A_NEW_WORD", 4)],
)
def test_the_exit_code_is_the_outcome(state: str, code: int) -> None:
    assert exit_code_of_state(state) == code


@pytest.mark.parametrize(
    ("values", "expected"), [([1.0, 8.0, None, 4.0], "▂█·▅"), ([], ""), ([0.0], "▁"), ([None], "·")]
)
def test_a_sparkline(values: list[float | None], expected: str) -> None:
    assert sparkline(values) == expected


@pytest.mark.parametrize("text", ["novalue", "=1", "a=1 a=2"])
def test_a_wrong_pair_is_a_fault_of_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        pairs(text.split(), "--parameter")


def test_a_value_may_hold_any_sign() -> None:
    assert pairs(["$a=b=c", "d="], "-p") == {"$a": "b=c", "d": ""}


class TestTable:
    COLUMNS = (Column("NAME", is_flexible=True), Column("EMPTY"), Column("TOOK", is_right=True))

    def lines(self, *rows: Row, width: int | None) -> list[str]:
        return [line.plain for line in table(self.COLUMNS, rows, width)]

    def test_piped_nothing_is_cut_and_the_note_stands_behind(self) -> None:
        row = Row(["n" * 100, "", "4:05"], "why\nin two lines")
        assert self.lines(row, width=None)[1] == f"{'n' * 100}  4:05  why in two lines"

    def test_on_a_terminal_names_are_cut_and_the_note_stands_below(self) -> None:
        assert self.lines(Row(["n" * 100, "", "4:05"], "why " * 20), width=20) == [
            "NAME            TOOK",
            f"{'n' * 13}…  4:05",
            "  why why why why w…",
        ]

    def test_signs_of_two_columns_count_as_two(self) -> None:
        lines = self.lines(Row(["월말_정산", "", "4:05"]), Row([Text("a"), "", "1:00:00"]), width=80)
        assert [Text(line).cell_len for line in lines] == [18, 18, 18]


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("", ""),
        (
            "arn:aws:states:eu-west-1:1:stateMachine:f-run_job",
            "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/"
            "arn:aws:states:eu-west-1:1:execution:f-run_job:n",
        ),
        (
            "arn:aws-cn:states:cn-north-1:1:stateMachine:f-run_job",
            "https://console.amazonaws.cn/states/home?region=cn-north-1#/v2/executions/details/"
            "arn:aws-cn:states:cn-north-1:1:execution:f-run_job:n",
        ),
    ],
)
def test_the_page_of_a_run_in_the_console(arn: str, expected: str) -> None:
    assert step_functions_console("n", arn) == expected
