"""Two sandboxes on one folder would write over each other's jobs and keys."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.folder_lock import LOCK_FILE, FolderInUse, locked_folder
from sandbox.settings import MODULES

WIDE = {**os.environ, "COLUMNS": "400"}


def test_a_folder_is_made_and_free_again_after_its_holder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        with locked_folder(folder):
            assert (folder / LOCK_FILE).exists()


def test_who_comes_second_learns_who_was_first_and_what_to_do(tmp_path: Path) -> None:
    with (
        locked_folder(tmp_path),
        pytest.raises(FolderInUse, match=r"in use by process \d+, since .* UTC; stop that one, or name another"),
        locked_folder(tmp_path, wait_seconds=0.1),
    ):
        pass


@pytest.mark.parametrize("module", ["sandbox.aws", *MODULES.values()])
def test_every_command_that_keeps_files_leaves_anothers_folder_alone(tmp_path: Path, module: str) -> None:
    template = ["--template", "template.yaml"] if module == "sandbox.aws" else []
    command = [sys.executable, "-m", module, "--folder", str(tmp_path), *template]
    with locked_folder(tmp_path):
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=WIDE, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "is in use by process" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_FILE]
