"""The sandbox as a part of a bigger one."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.aws.moto_patches import AlreadyRunning
from sandbox.aws.settings import AwsSettings
from sandbox.aws.world import AwsSandbox


def test_a_second_sandbox_in_one_process_is_rejected(world: dict[str, Any], fixtures: Path, tmp_path: Path) -> None:
    assert world["endpoint"]
    second = AwsSandbox(AwsSettings(fixtures / "template.yaml", tmp_path, stack_name="t"))
    with pytest.raises(AlreadyRunning, match="another process"):
        second.start()


def test_state_machines_go_by_their_names_without_the_stack(world: dict[str, Any]) -> None:
    assert set(world["stateMachines"]) == {"flow", "listener_state_machine"}
    assert world["queueUrl"] == f"{world['endpoint']}/123456789012/t-completions.fifo"
