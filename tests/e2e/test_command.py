"""The installed `farsync` command against the sandbox: everyday tasks, none of which takes more than two commands, and
calls that are wrong.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

FARSYNC = Path(sys.executable).with_name("farsync")
IN_PYTHON = """
from farsync_client import Farsync
run = Farsync(stack="farsync").run("night_load", labels={"from": "python"}).wait()
print(run.state, run.job_name, run.labels)
"""


class Command:
    """Calls as a user makes them, each in a process of its own."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "FARSYNC_"))}
        self.variables = {
            **inherited,
            **sandbox.environment_variables(),
            "AWS_CONFIG_FILE": str(folder / "aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "aws-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "XDG_CONFIG_HOME": str(folder),
        }

    def __call__(self, *arguments: str, code: int = 0, **variables: str) -> str:
        """What it writes: standard output where it succeeds, else standard error too."""
        done = subprocess.run(
            [FARSYNC, *arguments],
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, f"{arguments}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr

    def short_name(self, shown: str) -> str:
        """Of the run that is shown as JSON."""
        return str(first_document(shown)["name"]).rpartition("-")[2][:8]


def first_document(text: str) -> dict[str, Any]:
    """What follows was written to standard error."""
    read: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return read


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """With jobs of three kinds, twenty times as fast as real clouds."""
    sandbox = Sandbox("naver", "G1", speed=20)
    sandbox.emulator.make_job(name="night_load")
    sandbox.emulator.make_job(source="nowhere", name="broken_load")
    sandbox.emulator.make_job(run_seconds=12_000, name="slow_load")
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def farsync(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Of somebody who has chosen the stack."""
    command = Command(sandbox, tmp_path_factory.mktemp("user"))
    command("use", "--stack", "farsync")
    return command


@pytest.fixture(scope="module")
def failed_run(farsync: Command) -> str:
    """Its short name."""
    return farsync.short_name(farsync("run", "broken_load", "--label", "team=night", "--watch", "--json", code=1))


@pytest.fixture(scope="module")
def open_run(farsync: Command) -> str:
    """Its short name. Its execution is known: what is stopped before is searched for first, for minutes."""
    run = farsync.short_name(farsync("run", "slow_load", "--json"))
    eventually(lambda: "execution" in json.loads(farsync("show", run, "--json")), every_seconds=1)
    return run


def test_run_a_job_and_watch_it(farsync: Command) -> None:
    shown = farsync("run", "night_load", "-p", "$table_name=sales", "--watch")
    assert shown.startswith("SUCCEEDED  night_load")
    assert "cost        $0.000" in shown


def test_see_what_is_running(farsync: Command, open_run: str) -> None:
    line = next(line for line in farsync("ls", "--running").splitlines() if line.startswith(open_run))
    assert line.split()[1:4] == ["RUNNING", "slow_load", "default"]
    assert open_run in farsync("ls", "--job", "slow_load", "-c", "default")
    assert "deadline" in farsync("show", open_run)


def test_see_what_failed_and_why(farsync: Command, failed_run: str) -> None:
    line = next(line for line in farsync("ls", "--failed").splitlines() if line.startswith(failed_run))
    assert "ExecutionFailed: " in line
    assert "run again   farsync rerun" in farsync("show", failed_run)


def test_read_the_log(farsync: Command, failed_run: str) -> None:
    assert "nowhere" in farsync("logs", failed_run)


def test_run_it_again(farsync: Command, failed_run: str) -> None:
    shown = first_document(farsync("rerun", failed_run, "--watch", "--json", code=1))
    assert shown["labels"]["rerunOf"].rpartition("-")[2].startswith(failed_run)


def test_run_what_failed_again_once(farsync: Command, failed_run: str) -> None:
    begun = json.loads(farsync("rerun", "--failed", "--job", "broken_load", "--json"))["runs"]
    assert [run["rerunOf"].rpartition("-")[2].startswith(failed_run) for run in begun] in ([True], [False])
    assert "jobs: " not in farsync("rerun", "--failed", "--dry-run")


def test_stop_a_run(farsync: Command, open_run: str) -> None:
    assert farsync("abort", open_run) == f"Run {open_run} is being stopped.\n"
    assert farsync("watch", open_run, code=1).splitlines()[0].startswith("CANCELED  slow_load")


def test_add_a_connection_that_is_checked(farsync: Command, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "lake.json"
    file.write_text(json.dumps(sandbox.emulator.secret()))
    shown = farsync("connections", "add", "lake", "--file", str(file))
    assert "FAIL" not in shown
    assert "lake" in farsync("connections", "ls")


def test_wrong_keys_are_named_with_the_remedy(farsync: Command, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps({**sandbox.emulator.secret(), "secretKey": "wrong"}))
    assert "AuthenticationFailed: " in farsync("connections", "add", "old", "--file", str(file), code=1)


def test_add_a_schedule_and_run_a_time_of_it(farsync: Command, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "schedules.yaml"
    job = json.loads(farsync("job", "night_load", "--json"))["job"]
    entry = {"name": "nightly", "expression": "cron(0 3 * * ? *)", "request": {"job": job}}
    file.write_text(json.dumps({"schedules": [entry]}))  # JSON is YAML too
    shown = farsync("schedules", "deploy", str(file))
    assert shown == "added    nightly\nStack farsync-schedules is deployed.\n"
    assert farsync("schedules", "diff", str(file)) == "Nothing would change.\n"
    assert job in farsync("schedules", "ls")
    fired = [json.loads(farsync("schedules", "fire", "nightly", "--at", "2026-11-21T03:00", "--json")) for _ in "12"]
    assert fired[0] == fired[1]
    assert farsync("watch", fired[0]["name"]).startswith("SUCCEEDED  night_load")


def test_see_the_cost_and_the_events(farsync: Command, failed_run: str) -> None:
    assert "broken_load" in farsync("cost", "--by", "job")
    assert failed_run in farsync("events", "tail", "--type", "failed", "--job", "broken_load")


def test_see_a_job_and_its_last_executions(farsync: Command, failed_run: str) -> None:
    assert failed_run
    assert "FAILED" in farsync("job", "broken_load")
    assert "night_load" in farsync("jobs")


def test_run_a_job_for_each_day(farsync: Command) -> None:
    days = ("--param", "day", "--from", "2026-01-01", "--to", "2026-01-02")
    assert "2026-01-02" in farsync("backfill", "night_load", *days, "--plan")
    shown = json.loads(farsync("backfill", "night_load", *days, "--parallel", "2", "--watch", "--json"))
    assert (shown["state"], shown["succeeded"]) == ("SUCCEEDED", 2)


def test_from_python(farsync: Command) -> None:
    script = [sys.executable, "-c", IN_PYTHON]
    done = subprocess.run(script, env=farsync.variables, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == "SUCCEEDED night_load {'from': 'python'}\n", done.stderr


def test_check_everything(farsync: Command) -> None:
    shown = farsync("doctor", "--json", code=1 if "old" in farsync("connections", "ls") else 0)
    findings = {finding["topic"]: finding for finding in first_document(shown)["findings"]}
    assert [topic for topic, finding in findings.items() if not finding["is_ok"]] in ([], ["connection old"])
    assert findings["settings"]["text"] == "as the stack has them"


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "words"),
    [
        (("run", "night_lode"), {}, 2, "JobNotFound: .*Did you mean night_load"),
        (("ls", "--job", "night_lode", "-c", "default"), {}, 2, "did you mean night_load"),
        (("jobs", "-c", "defualt"), {}, 2, "ConnectionNotFound: .*Did you mean default"),
        (("use", "--stack", "farsink"), {}, 2, "StackNotFound: There is no stack farsink in ap-northeast-2"),
        (("show", "ffffff"), {}, 2, "RunNotFound: "),
        (("ls",), {"AWS_ACCESS_KEY_ID": ""}, 2, "NoCredentials: "),
        (("ls",), {"AWS_SECRET_ACCESS_KEY": "wrong"}, 2, "Forbidden: "),
        (("ls",), {"AWS_ACCESS_KEY_ID": "AKIANOBODY"}, 2, "Forbidden: "),
        (("run", "night_load", "--timeout", "99999999"), {}, 2, "InvalidRequest: timeoutSeconds: "),
    ],
    ids=[
        "wrong job",
        "wrong job of a list",
        "wrong connection",
        "wrong stack",
        "no such run",
        "no credentials",
        "wrong secret key",
        "unknown access key",
        "a field out of its range",
    ],
)
def test_a_wrong_call_says_what_to_correct(
    farsync: Command, arguments: tuple[str, ...], variables: dict[str, str], code: int, words: str
) -> None:
    assert re.search(words, " ".join(farsync(*arguments, code=code, **variables).split()))


def test_two_runs_whose_names_begin_alike_are_both_named(farsync: Command, sandbox: Sandbox) -> None:
    names = [f"{24 * digit}-{24 * digit}-abcdef{18 * digit}" for digit in "01"]
    for name in names:
        sandbox.start("run_job", {"connection": "default", "job": "nobody"}, name)

    def shown() -> str | None:
        text = farsync("show", "abcdef", code=2)
        return text if "InvalidRequest" in text else None

    assert all(name in eventually(shown, 30, every_seconds=1) for name in names)
