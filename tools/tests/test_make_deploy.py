"""`make deploy` asks nothing: it names what was built and what you name, and a stack keeps the rest."""

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


def test_what_was_built_is_deployed_without_a_question(checkout: Path) -> None:
    words = sam_deploy(checkout, "RUNTIME=python3.12", "ARCHITECTURE=x86_64")
    assert words[words.index("--stack-name") + 1] == "farsync"
    assert "--guided" not in words
    assert words[words.index("--parameter-overrides") + 1 :] == ["Runtime=python3.12", "Architecture=x86_64"]


def test_stack_region_and_parameters_are_those_that_are_named(checkout: Path) -> None:
    words = sam_deploy(checkout, "STACK=night", "REGION=eu-west-1", "PARAMETERS=LogLevel=DEBUG RolePath=/jobs/")
    assert words[words.index("--stack-name") + 1] == "night"
    assert words[words.index("--region") + 1] == "eu-west-1"
    assert words[-2:] == ["LogLevel=DEBUG", "RolePath=/jobs/"]


def test_questions_are_asked_on_request(checkout: Path) -> None:
    words = sam_deploy(checkout, "GUIDED=1")
    assert "--guided" in words
    assert "--stack-name" not in words


def test_a_stack_of_schedules_is_given_its_parameters_beside_farsyncs_name(checkout: Path) -> None:
    variables = ("STACK=night", "PARAMETERS=RolePath=/jobs/", "OPTIONS=--region eu-west-1")
    words = sam_deploy(checkout, *variables, target="deploy-schedules")
    given = words[words.index("--parameter-overrides") + 1 :]
    assert given == ["FarsyncStack=night", "RolePath=/jobs/", "--region", "eu-west-1"]
