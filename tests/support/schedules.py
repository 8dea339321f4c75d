"""Schedules beside the sandbox's own, made as a user makes them."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.sandbox import Sandbox
from tools import write_schedules


def deploy_schedules(sandbox: Sandbox, folder: Path, *entries: dict[str, Any]) -> str:
    """A stack of its own for these entries of a schedule file; gives its name."""
    stack = f"s-{uuid.uuid4().hex}"
    file, template = folder / f"{stack}.yaml", folder / f"{stack}.template.json"
    file.write_text(json.dumps({"schedules": entries}, ensure_ascii=False))  # JSON is YAML too
    assert write_schedules.main([str(file), str(template)], datetime.now(UTC)) == 0
    sandbox.put_stack(stack, json.loads(template.read_text()))
    return stack
