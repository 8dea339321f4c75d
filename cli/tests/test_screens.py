"""What a terminal of 80 columns and 24 lines, a wide one, or a pipe is shown.

Screens are kept in screens/, and are read by people before they are changed.

FARSYNC_WRITE_SCREENS=1 writes them anew.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.tests.support.fake_api import FakeStack
from cli.tests.support.playing import play

SCREENS = Path(__file__).with_name("screens")
BACKFILL = "backfill night_load --param day --from 2026-01-01 --to 2026-01-31"
COMMANDS = {
    "use": (0, "use --stack farsync"),
    "run": (0, "run night_load -p $table_name=sales --key night"),
    "run_watch": (0, "run night_load --watch"),
    "watch_failed": (1, "watch 51c2d5"),
    "show_running": (0, "show 8fdd7432"),
    "show_failed": (0, "show 51c2d5"),
    "show_timed_out": (0, "show 51c2aa"),
    "abort": (0, "abort 8fdd7432"),
    "abort_over": (0, "abort 51c2d5"),
    "ls": (0, "ls --since 2d"),
    "ls_wide": (0, "ls --since 2d"),
    "ls_piped": (0, "ls --since 2d"),
    "show_failed_piped": (0, "show 51c2d5"),
    "ls_failed": (0, "ls --failed --since yesterday"),
    "ls_none": (0, "ls --state stopping"),
    "rerun": (0, "rerun 51c2d5 -p hour=13"),
    "rerun_plan": (0, "rerun --failed --since yesterday --dry-run"),
    "rerun_failed": (0, "rerun --failed --since yesterday --yes"),
    "logs": (0, "logs 51c2d5"),
    "jobs": (0, "jobs"),
    "job": (0, "job night_load"),
    "job_never_run": (0, "job orders_hourly -c huawei"),
    "events": (0, "events tail --type failed --type succeeded"),
    "cost": (0, "cost --since 30d --by job"),
    "backfill_plan": (0, f"{BACKFILL} --parallel 3 --plan"),
    "backfill_watch": (1, f"{BACKFILL} --name reload --watch"),
    "error_backfill": (2, "backfill night_load --param day --from 2026-01-02 --to 2026-01-01 --plan"),
    "connections": (0, "connections ls"),
    "check": (0, "connections check default"),
    "check_failed": (1, "connections check old"),
    "doctor": (1, "doctor"),
    "error_job": (2, "run night_lode"),
    "error_connection": (2, "jobs -c defualt"),
    "error_run": (2, "show ffffff"),
    "error_ambiguous": (2, "show 9e03b7"),
    "error_option": (2, "ls --since noon"),
    "error_stack": (2, "use --stack farsink"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_is_as_it_was_read(name: str, stack: FakeStack, environ: Mapping[str, str]) -> None:
    code, line = COMMANDS[name]
    columns = {"piped": None, "wide": 120}.get(name.rpartition("_")[2], 80)
    played = play(*line.split(), environ=environ, columns=columns)
    shown = f"$ farsync {line}\n{played.output}{played.errors}".replace(stack.url, "http://127.0.0.1:4566")
    path = SCREENS / f"{name}.txt"
    if os.environ.get("FARSYNC_WRITE_SCREENS"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
    assert played.code == code


@pytest.mark.parametrize("path", sorted(SCREENS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_screen_fits_80_columns_and_24_lines(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    assert [line for line in lines if cell_len(line) > 80 and not path.stem.endswith(("_piped", "_wide"))] == []
    assert len(lines) <= 24


def test_every_screen_is_of_a_command() -> None:
    assert {path.stem for path in SCREENS.glob("*.txt")} == set(COMMANDS)
