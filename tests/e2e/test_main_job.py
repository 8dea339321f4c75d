import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.sandbox_process import PROGRAM

RUNS = (
    ("naver", "schedule", "COMPLETED", "RUNNING"),
    ("naver", "HTTP API", "COMPLETED", "RUNNING"),
    ("naver", "state machine", "COMPLETED", "RUNNING"),
    ("huawei", "HTTP API", "success", "running"),
)


def run_main_job(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "run", "--plain", "--folder", str(folder), *options],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, "COLUMNS": "80"},
    )


def executions_reported(main_job: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    """Cloud and id, from the table of events."""
    return re.findall(r"^execution\.succeeded +(\w+) +(\S+)", main_job.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("main_job")


@pytest.fixture(scope="module")
def main_job(folder: Path) -> subprocess.CompletedProcess[str]:
    return run_main_job(folder)


def test_the_main_job_succeeds_and_plain_output_has_no_escape_codes(main_job: subprocess.CompletedProcess[str]) -> None:
    assert (main_job.returncode, main_job.stderr) == (0, ""), main_job.stdout
    assert "\x1b" not in main_job.stdout


@pytest.mark.parametrize(("cloud", "trigger", "succeeded", "running"), RUNS)
def test_every_run_is_followed_to_its_success(
    main_job: subprocess.CompletedProcess[str], cloud: str, trigger: str, succeeded: str, running: str
) -> None:
    lines = [line for line in main_job.stdout.splitlines() if re.search(rf" s  {cloud} +{trigger} ", line)]

    assert "SUCCEEDED" in lines[-1]
    assert f"provider says {succeeded}" in lines[-1]
    assert any(f"provider says {running}" in line for line in lines)
    assert any("Follow" in line for line in lines)


def test_four_events_of_four_executions_on_two_clouds_stood_on_the_queue(
    main_job: subprocess.CompletedProcess[str],
) -> None:
    assert "4 completion events stood on the queue" in main_job.stdout
    reported = executions_reported(main_job)
    assert sorted(cloud for cloud, _ in reported) == ["huawei", "naver", "naver", "naver"]
    assert len(set(reported)) == 4


def test_nodes_and_the_first_rows_of_the_results_are_shown(main_job: subprocess.CompletedProcess[str]) -> None:
    assert re.search(r"^begin +Dummy +SUCCEEDED +0$", main_job.stdout, re.MULTILINE)
    assert re.search(r"^count_airports +DLI SQL +SUCCEEDED +2\d,\d{3}$", main_job.stdout, re.MULTILINE)
    assert re.search(r"^PE +Laguna Choclococha Airport +14965 ", main_job.stdout, re.MULTILINE)
    assert re.search(r"^PE +31 +14965$", main_job.stdout, re.MULTILINE)


def test_each_run_wrote_a_result_of_its_own_and_the_files_that_the_report_names_are_there(
    main_job: subprocess.CompletedProcess[str], folder: Path
) -> None:
    results = folder / "naver" / "buckets" / "open-data" / "highest-airports"
    rows = {result.parent.name: len(result.read_text().splitlines()) - 1 for result in results.glob("*/*.csv")}

    assert set(rows) == {"above-5000-feet", "above-8000-feet", "above-10000-feet"}
    assert rows["above-5000-feet"] > rows["above-8000-feet"] > rows["above-10000-feet"] > 0


def test_the_last_line_sums_it_up_and_stands_on_one_screen_with_the_events(
    main_job: subprocess.CompletedProcess[str],
) -> None:
    screen = main_job.stdout.splitlines()[-23:]
    assert re.fullmatch(r"OK: 4 runs on 2 clouds succeeded, each with one event, \d+\.\d s late at most\.", screen[-1])
    assert "4 completion events stood on the queue" in screen
    assert max(len(line.rstrip()) for line in screen[screen.index("4 completion events stood on the queue") :]) < 80


def commands_printed(main_job: subprocess.CompletedProcess[str]) -> list[str]:
    return re.findall(r"^  ((?:cat|ls|\S*farsync-sandbox) .*)$", main_job.stdout, re.MULTILINE)


def test_every_file_that_a_printed_command_shows_is_there(main_job: subprocess.CompletedProcess[str]) -> None:
    commands = [command for command in commands_printed(main_job) if command.startswith(("cat", "ls"))]
    assert len(commands) == 5
    for command in commands:
        assert subprocess.run(command, shell=True, capture_output=True, check=True).stdout  # noqa: S602 - as printed


def test_the_printed_command_runs_again_in_the_same_folder_on_one_cloud_and_shows_a_whole_event(
    main_job: subprocess.CompletedProcess[str],
) -> None:
    (command,) = [command for command in commands_printed(main_job) if " run " in command]
    again = subprocess.run([*shlex.split(command), "--plain"], capture_output=True, text=True, timeout=180, check=False)
    assert again.returncode == 0, again.stdout + again.stderr
    assert [cloud for cloud, _ in executions_reported(again)] == ["huawei"]
    assert set(executions_reported(again)).isdisjoint(executions_reported(main_job))
    assert '"specversion": "1.0"' in again.stdout
    assert '"specversion"' not in main_job.stdout


def test_the_printed_command_serves_the_same_folder_and_answers_ctrl_c_at_once(
    main_job: subprocess.CompletedProcess[str],
) -> None:
    (command,) = [command for command in commands_printed(main_job) if " up " in command]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        shlex.split(command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as serving:
        assert serving.stdout is not None
        assert serving.stderr is not None
        assert any(line.startswith("Ctrl-C") for line in serving.stdout)
        serving.send_signal(signal.SIGINT)
        assert serving.stderr.read(len("\nStopping ...\n")) == "\nStopping ...\n"
        assert serving.poll() is None, "it answered before it had stopped"


def test_make_passes_the_cloud_on() -> None:
    command = ["make", "--no-print-directory", "--dry-run", "run", "CLOUD=huawei"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])

    assert shown.stdout.splitlines()[-1].startswith("farsync-sandbox run --cloud huawei")


def test_a_folder_that_cannot_be_used_is_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    failed = run_main_job(tmp_path / "file" / "folder")

    assert failed.returncode == 1
    assert "It did not work: --folder:" in failed.stdout
    assert "Traceback" not in failed.stdout + failed.stderr
