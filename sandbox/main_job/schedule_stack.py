"""A user's own schedule: a file, which farsync's tool writes as a CloudFormation stack."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from sandbox.main_job.failure import MainJobFailed
from sandbox.settings import TEMPLATE

SCHEDULE = "night-airports"


def write_schedule_stack(folder: Path, run_request: Mapping[str, object]) -> Path:
    """One schedule, `SCHEDULE`, that is not enabled: it is fired by hand, and not once more at its own time.

    Gives the template. Raises MainJobFailed.
    """
    entry = {
        "name": SCHEDULE,
        "expression": "cron(0 3 * * ? *)",
        "timezone": "Asia/Seoul",
        "enabled": False,
        "request": dict(run_request),
    }
    file, template = folder / "schedules.yaml", folder / "schedules.template.json"
    file.write_text(yaml.safe_dump({"schedules": [entry]}, sort_keys=False, allow_unicode=True))
    command = [sys.executable, "-m", "tools.write_schedules", str(file), str(template)]
    done = subprocess.run(command, cwd=TEMPLATE.parent, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MainJobFailed(f"make schedules: {done.stderr.strip()}")
    return template
