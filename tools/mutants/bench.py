"""Where mutmut works: a folder of its own per group, since it takes a module's name from its path under `src`."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.mutants.groups import Group
from tools.mutants.verdicts import Mutant, read_mutants

ROOT = Path(__file__).resolve().parents[2]
MUTMUT = Path(sys.executable).parent / "mutmut"
PLACES = {"src": "layers/farsync", "tests": "tests", "events": "events", "tools": "tools"}
"""Names in the folder, and where they lead."""
CAPTURE_NOTHING = "-s"
"""mutmut runs pytest more than once in its process, and a logger keeps writing to what the first run captured with."""


class MutmutFailed(Exception):
    """It came to no verdict; the message is the end of what it said."""


class Bench:
    """One group's folder, made anew: mutmut would keep a verdict where only a test has changed."""

    def __init__(self, group: Group, folder: Path, root: Path = ROOT) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, place in PLACES.items():
            (folder / name).symlink_to(root / place)
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
        project = (root / "pyproject.toml").read_text(encoding="utf-8")
        (folder / "pyproject.toml").write_text("\n".join([project, *lines, ""]), encoding="utf-8")

    def judge(self, max_children: int) -> list[Mutant]:
        """Every mutant with its verdict. Raises MutmutFailed."""
        self._mutmut("run", "--max-children", str(max_children))
        return read_mutants(self._mutmut("results", "--all", "true"))

    def change(self, mutant: Mutant) -> str:
        """What the mutant differs in: the lines of a diff, without indentation."""
        with contextlib.chdir(self._folder):
            # `mutmut show` would start a process for each. Its settings are read from the folder as it is imported.
            from mutmut.__main__ import get_diff_for_mutant

            diff = get_diff_for_mutant(mutant.key, path=f"src/farsync/{mutant.module}.py")
        changed = (line for line in diff.splitlines()[2:] if line.startswith(("+", "-")))
        return "\n".join(f"{line[0]} {line[1:].strip()}" for line in changed)

    def _mutmut(self, *arguments: str) -> str:
        done = subprocess.run(
            [MUTMUT, *arguments],
            cwd=self._folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).replace("\r", "\n").splitlines()
            raise MutmutFailed("\n".join(said[-40:]))
        return done.stdout
