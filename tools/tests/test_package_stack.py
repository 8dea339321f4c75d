"""The package of `make package`, made of the sources: what `sam build` puts in their place only differs in content."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.package_stack import files_of, package

ROOT = Path(__file__).parents[2]
BUILT = {"Runtime": "python3.12", "Architecture": "x86_64"}


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(ROOT / "template.yaml", tmp_path_factory.mktemp("package"), BUILT)


@pytest.fixture(scope="module")
def document(packaged: Path) -> Any:
    return json.loads(packaged.read_text())


def test_every_file_that_the_template_names_is_in_the_package_and_no_other(packaged: Path, document: Any) -> None:
    there = {file.name for file in packaged.parent.iterdir()} - {packaged.name}
    assert set(files_of(document)) == there
    assert sum(name.endswith(".zip") for name in there) == len(list((ROOT / "functions").glob("*/app.py"))) + 1
    assert sum(name.endswith(".asl.yaml") for name in there) == len(list((ROOT / "statemachines").glob("*")))
    assert any(name.startswith("operations-") for name in there)


def test_no_path_of_this_machine_is_left(document: Any) -> None:
    text = json.dumps(document)
    assert "AWS::Include" not in text
    assert str(ROOT) not in text


def test_its_defaults_are_those_that_were_built_for(document: Any) -> None:
    assert {name: document["Parameters"][name]["Default"] for name in BUILT} == BUILT


def test_a_zip_holds_the_handler_at_its_top(packaged: Path, document: Any) -> None:
    handler = document["Globals"]["Function"]["Handler"]
    (name,) = [name for name in files_of(document) if name.startswith("prepare_execution-")]
    with zipfile.ZipFile(packaged.parent / name) as archive:
        assert f"{handler.partition('.')[0]}.py" in archive.namelist()


def test_the_same_sources_give_the_same_package(packaged: Path, tmp_path: Path) -> None:
    again = package(ROOT / "template.yaml", tmp_path, BUILT)
    assert {file.name: file.read_bytes() for file in again.parent.iterdir()} == {
        file.name: file.read_bytes() for file in packaged.parent.iterdir()
    }


def test_the_template_is_valid(packaged: Path) -> None:
    command = [str(Path(sys.executable).parent / "cfn-lint"), str(packaged)]
    linted = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (linted.returncode, linted.stdout) == (0, "")
