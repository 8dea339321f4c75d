"""The installed command as a process of its own: exit codes, a real terminal, Ctrl-C, pipes."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cli.tests.support import records
from cli.tests.support.fake_api import FakeStack
from cli.tests.support.playing import as_seen, play

FARSYNC = str(Path(sys.executable).with_name("farsync"))


@pytest.fixture
def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the process: no terminal's size but that of the terminal."""
    inherited = {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    return {**inherited, **environ, "TERM": "xterm-256color"}


def on_terminal(variables: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and what stands on a terminal of 80 columns and 24 lines in the end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen([FARSYNC, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=dict(variables))
    os.close(theirs)
    shown = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody holds the terminal any more
            break
        if not read:
            break
        shown += read
    os.close(ours)
    return process.wait(), as_seen(shown.decode())


def piped(variables: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FARSYNC, *arguments], env=dict(variables), capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (records.SUCCEEDED, 0),
        (records.FAILED, 1),
        ("ffffff", 2),
        (records.TIMED_OUT, 3),
        (records.UNOBSERVABLE, 4),
    ],
    ids=["succeeded", "failed", "no such run", "timed out", "unobservable"],
)
def test_the_exit_code_of_watching_is_the_outcome(run: str, code: int, variables: Mapping[str, str]) -> None:
    done = piped(variables, "watch", run)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_the_help_fits_the_terminal(variables: Mapping[str, str]) -> None:
    code, shown = on_terminal(variables, "--help")
    assert code == 0
    assert len(shown.splitlines()) <= 32
    assert "..." not in shown.replace("ARGS]...", "")
    assert "0 succeeded, 1 failed, 2 usage, 3 timed out, 4 cannot be known" in shown


def test_a_terminal_shows_the_outcome_in_colour_within_its_columns(variables: Mapping[str, str]) -> None:
    code, shown = on_terminal(variables, "ls", "--failed")
    assert code == 0
    assert max(map(len, shown.splitlines())) <= 80
    assert "ExecutionFailed: The execution mY3275GiRXkm" in shown


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Whatever a shell starts in the background ignores Ctrl-C, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_leaves_the_run_alone(variables: Mapping[str, str], stack: FakeStack) -> None:
    watching = subprocess.Popen(
        [FARSYNC, "watch", "8fdd7432"], env=dict(variables), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert watching.stderr is not None
    assert watching.stderr.readline().startswith("RUNNING")
    watching.send_signal(signal.SIGINT)
    _, errors = watching.communicate(timeout=30)
    assert watching.returncode == 130
    assert "the run goes on. Follow it: farsync watch 8fdd7432" in errors
    assert {call.method for call in stack.calls} == {"GET"}


def test_a_reader_that_goes_away_is_no_fault(variables: Mapping[str, str]) -> None:
    shell = ["bash", "-o", "pipefail", "-c", f"{FARSYNC} ls --json | true; echo ${{PIPESTATUS[0]}}"]
    done = subprocess.run(shell, env=dict(variables), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_nothing_there_to_answer(variables: Mapping[str, str]) -> None:
    done = piped({**variables, "FARSYNC_STACK": "", "FARSYNC_API_URL": "http://127.0.0.1:9"}, "show", "8fdd7432")
    assert done.returncode == 4
    assert done.stderr.startswith("Unreachable: No answer from http://127.0.0.1:9 (connection refused).\n")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"FARSYNC_STACK": ""}, "NoStackChosen"),
        ({"AWS_ACCESS_KEY_ID": ""}, "NoCredentials"),
        ({"AWS_PROFILE": "nobody"}, "NoCredentials"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "NoRegion"),
        ({"XDG_CONFIG_HOME": "/dev/null"}, "SettingsUnreadable"),
    ],
    ids=["no stack", "no credentials", "no such profile", "no region", "no folder of settings"],
)
def test_what_is_missing_is_named_with_the_remedy(
    changed: Mapping[str, str], name: str, variables: Mapping[str, str]
) -> None:
    done = piped({**variables, **changed}, "ls")
    assert done.returncode == 2
    assert done.stderr.startswith(f"{name}: ")
    assert len(done.stderr.splitlines()) >= 2
    assert "Traceback" not in done.stderr


def test_the_version(variables: Mapping[str, str]) -> None:
    assert piped(variables, "--version").stdout.startswith("farsync 0.1.0 on Python 3.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete(shell: str, variables: Mapping[str, str]) -> None:
    done = piped({**variables, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}, "--show-completion", shell)
    assert done.returncode == 0
    assert "_FARSYNC_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("line", "offered"),
    [("farsync run nig", "night_load"), ("farsync watch 51c2d", "51c2d5"), ("farsync jobs -c hua", "huawei")],
    ids=["a job", "a run", "a connection"],
)
def test_a_shell_is_offered_names_of_the_stack(line: str, offered: str, variables: Mapping[str, str]) -> None:
    asked = {"_FARSYNC_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    assert piped({**variables, **asked}).stdout.startswith(offered)


def test_a_shell_is_offered_nothing_where_nobody_answers(variables: Mapping[str, str]) -> None:
    asked = {"_FARSYNC_COMPLETE": "complete_bash", "COMP_WORDS": "farsync run ", "COMP_CWORD": "2", "FARSYNC_STACK": ""}
    done = piped({**variables, **asked})
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_options_go_on_to_the_sandbox(variables: Mapping[str, str]) -> None:
    assert "Serve the whole sandbox until Ctrl-C" in piped(variables, "sandbox", "up", "--help").stdout


def test_a_sandbox_that_is_not_installed_is_named(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    played = play("sandbox", "up", environ=environ, columns=None)
    assert played.code == 2
    assert played.errors.startswith("SandboxMissing: farsync-sandbox is not installed here.\n")
