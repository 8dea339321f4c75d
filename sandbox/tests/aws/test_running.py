"""The sandbox as a part of a bigger one."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.aws.moto_patches import AlreadyRunning
from sandbox.aws.running import AwsSandbox
from sandbox.aws.settings import AwsSettings


def test_a_second_sandbox_in_one_process_is_rejected(sandbox: dict[str, Any], fixtures: Path, tmp_path: Path) -> None:
    assert sandbox["endpoint"]
    second = AwsSandbox(AwsSettings(fixtures / "template.yaml", tmp_path, stack_name="t"))
    with pytest.raises(AlreadyRunning, match="another process"):
        second.start()


def test_state_machines_go_by_their_names_without_the_stack(sandbox: dict[str, Any]) -> None:
    assert set(sandbox["stateMachines"]) == {"flow", "listener_state_machine"}
    assert sandbox["queueUrl"] == f"{sandbox['endpoint']}/123456789012/t-completions.fifo"
