"""`make deploy` asks for parameters once; an upgrade keeps them, as it names no others than what was built."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.markdown import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as `make -n` reads."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "cli/pyproject.toml", "requirements/sandbox.txt", "requirements/checks.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def sam_deploy(folder: Path, *variables: str, target: str = "deploy") -> list[str]:
    """The words of the command that deploys."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "-n", target, *variables], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    _, found, words = done.stdout.replace("\\\n", " ").rpartition("sam deploy ")
    assert found
    return words.split()


@pytest.mark.parametrize("is_upgrade", [False, True], ids=["the first deployment", "an upgrade"])
def test_parameters_are_asked_for_once_and_what_was_built_is_deployed(checkout: Path, is_upgrade: bool) -> None:
    if is_upgrade:
        (checkout / "samconfig.toml").write_text("version = 0.1\n")
    words = sam_deploy(checkout, "RUNTIME=python3.12", "ARCHITECTURE=x86_64")
    assert ("--guided" in words) is not is_upgrade
    assert words[words.index("--parameter-overrides") + 1 :] == ["Runtime=python3.12", "Architecture=x86_64"]


def test_a_stack_of_schedules_is_given_its_parameters_beside_farsyncs_name(checkout: Path) -> None:
    variables = ("STACK=night", "PARAMETERS=RolePath=/jobs/", "OPTIONS=--region eu-west-1")
    words = sam_deploy(checkout, *variables, target="deploy-schedules")
    given = words[words.index("--parameter-overrides") + 1 :]
    assert given == ["FarsyncStack=night", "RolePath=/jobs/", "--region", "eu-west-1"]
