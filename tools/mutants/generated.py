"""Mutants that mutmut makes of a group's modules, and what became of them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tools.mutants.groups import Group
from tools.states_language import ROOT

BUILD = ROOT / "build" / "mutants"
PLACES = {"src": "layers/farsync", "tests": "tests", "events": "events", "tools": "tools"}
"""Names in the group's folder, and where they lead: mutmut takes a module's name from its path under `src`."""
CAPTURE_NOTHING = "-s"
"""mutmut runs pytest more than once in its process, and a logger keeps writing to what the first run captured with."""


class MutmutFailed(Exception):
    """It came to no result; the message is the end of what it said."""


class Mutant(NamedTuple):
    """`name` as mutmut has it: module, function and number. `status` in its words."""

    name: str
    status: str

    @property
    def module(self) -> str:
        """Path under the package, without suffix."""
        return self.name.rpartition(".")[0].removeprefix("farsync.").replace(".", "/")

    @property
    def is_noticed(self) -> bool:
        """A mutant that never ends is; one that no test reaches, or that ends oddly, is not."""
        return self.status in ("killed", "timeout")


def run_mutants(group: Group, max_children: int) -> list[Mutant]:
    """In a folder made anew: mutmut would keep a result where only a test has changed. Raises MutmutFailed."""
    folder = BUILD / group.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, place in PLACES.items():
        (folder / name).symlink_to(ROOT / place)
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/farsync/{module}.py" for module in group.modules],
        "also_copy": ["events", "tools"],
        "pytest_add_cli_args": ["-p", "tools.mutants.node_ids", "-p", "no:cacheprovider", CAPTURE_NOTHING],
        "pytest_add_cli_args_test_selection": group.tests,
        "use_git_change_detection": False,
    }
    # These values are the same in JSON and in TOML.
    lines = ["[tool.mutmut]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text("\n".join([project, *lines, ""]), encoding="utf-8")
    _mutmut(folder, "run", "--max-children", str(max_children))
    results = (line.strip().partition(": ") for line in _mutmut(folder, "results", "--all", "true").splitlines())
    return [Mutant(name, status) for name, _, status in results if name.startswith("farsync.")]


def shown(group: Group, mutant: Mutant) -> str:
    """Its name and status, and the lines that differ."""
    return _mutmut(BUILD / group.name, "show", mutant.name)


def _mutmut(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [Path(sys.executable).parent / "mutmut", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).replace("\r", "\n").splitlines()
        raise MutmutFailed("mutmut came to no result; the end of what it said:\n" + "\n".join(said[-40:]))
    return done.stdout
