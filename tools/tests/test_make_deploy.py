"""`make deploy` asks for parameters once; an upgrade keeps them."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from samcli.cli.main import cli
from samcli.commands.deploy import command
from samcli.commands.deploy.deploy_context import DeployContext

from sandbox.aws.template.yaml_document import load_document
from tests.support.markdown import ROOT

SAVED = """\
version = 0.1
[default.deploy.parameters]
stack_name = "night"
parameter_overrides = "Runtime=\\"python3.12\\" Architecture=\\"arm64\\" LogLevel=\\"DEBUG\\""
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of one as `make -n` looks at."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "requirements/sandbox.txt", "requirements/checks.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def sam_deploy(folder: Path, *variables: str, target: str = "deploy") -> list[str]:
    """The words of the command that deploys."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    told = subprocess.run(
        ["make", "-n", target, *variables], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    _, found, words = told.stdout.replace("\\\n", " ").rpartition("sam deploy ")
    assert found
    return words.split()


def test_the_first_deployment_asks_and_goes_with_what_was_built(checkout: Path) -> None:
    words = sam_deploy(checkout, "RUNTIME=python3.12")
    assert "--guided" in words
    assert words[words.index("--parameter-overrides") + 1 :] == ["Runtime=python3.12", "Architecture=arm64"]


def test_an_upgrade_does_not_ask_and_goes_with_what_was_built(checkout: Path) -> None:
    (checkout / "samconfig.toml").write_text(SAVED)
    words = sam_deploy(checkout, "RUNTIME=python3.13", "ARCHITECTURE=x86_64")
    assert "--guided" not in words
    assert words[words.index("--parameter-overrides") + 1 :] == ["Runtime=python3.13", "Architecture=x86_64"]


def test_sam_keeps_the_values_of_parameters_that_an_upgrade_does_not_name(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "samconfig.toml").write_text(SAVED)
    shutil.copy(ROOT / "template.yaml", checkout)
    deployed: list[tuple[Any, ...]] = []
    monkeypatch.setattr(command, "do_cli", lambda *arguments: deployed.append(arguments))
    monkeypatch.setenv("SAM_CLI_TELEMETRY", "0")
    monkeypatch.chdir(checkout)
    done = CliRunner().invoke(cli, ["deploy", *sam_deploy(checkout)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (arguments,) = deployed
    assert "night" in arguments
    (named,) = [one for one in arguments if isinstance(one, dict) and "Runtime" in one]
    template = load_document(checkout / "template.yaml")
    parameters = {one.pop("ParameterKey"): one for one in DeployContext.merge_parameters(template, named)}
    assert parameters.pop("Runtime") == {"ParameterValue": "python3.13"}
    assert parameters.pop("Architecture") == {"ParameterValue": "arm64"}
    assert "LogLevel" in parameters
    assert [name for name, one in parameters.items() if one != {"UsePreviousValue": True}] == []


def test_a_stack_of_schedules_is_given_its_parameters_beside_farsyncs_name(checkout: Path) -> None:
    variables = ("STACK=night", "PARAMETERS=RolePath=/jobs/", "OPTIONS=--region eu-west-1")
    words = sam_deploy(checkout, *variables, target="deploy-schedules")
    given = words[words.index("--parameter-overrides") + 1 :]
    assert given == ["FarsyncStack=night", "RolePath=/jobs/", "--region", "eu-west-1"]
