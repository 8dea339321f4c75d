"""moto, of which one process holds one."""

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
