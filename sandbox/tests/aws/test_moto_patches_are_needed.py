"""Plain moto, in a process without our patches, still lacks what each of them brings."""

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import sandbox.aws.moto_patches as patches

# The speed is the sandbox's own: no release of moto will bring it.
STAY = {"task_time_limits", "waiting"}
MODULES = [
    importlib.import_module(f"{patches.__name__}.{found.name}") for found in pkgutil.iter_modules(patches.__path__)
]
NAMES = {module.__name__.rpartition(".")[2] for module in MODULES if hasattr(module, "apply")}


@pytest.fixture(scope="module")
def plain_moto_can(fixtures: Path) -> dict[str, bool]:
    ended = subprocess.run(
        [sys.executable, str(fixtures / "plain_moto.py")], capture_output=True, text=True, timeout=60, check=True
    )
    can: dict[str, bool] = json.loads(ended.stdout)
    return can


@pytest.mark.parametrize("name", sorted(NAMES - STAY))
def test_moto_cannot_do_this_by_itself(plain_moto_can: dict[str, bool], name: str) -> None:
    assert plain_moto_can[name] is False, f"moto can do this now: delete the patch {name}"
