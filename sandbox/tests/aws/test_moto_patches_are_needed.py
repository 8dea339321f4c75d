"""Plain moto, in a process without our patches, still lacks what each of them brings."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import sandbox.aws.moto_patches as patches

# The speed is the sandbox's own: no release of moto will bring it.
_STAY = {"task_time_limits", "waiting"}
NAMES = sorted(fix.__name__.rpartition(".")[2] for fix in patches.PATCHES)


@pytest.fixture(scope="module")
def plain_moto_can(fixtures: Path) -> dict[str, bool]:
    ended = subprocess.run(
        [sys.executable, str(fixtures / "plain_moto.py")], capture_output=True, text=True, timeout=60, check=True
    )
    can: dict[str, bool] = json.loads(ended.stdout)
    return can


@pytest.mark.parametrize("name", [name for name in NAMES if name not in _STAY])
def test_moto_cannot_do_this_by_itself(plain_moto_can: dict[str, bool], name: str) -> None:
    assert plain_moto_can[name] is False, f"moto can do this now: remove fix {name}"
