"""Builds the template, deploys it to MiniStack, uses it, and deletes it; the exit code is 1 when something was wrong.

python -m tools.deploy_check
"""

import sys
import tempfile
from pathlib import Path

from tools.deploy_check.checking import check
from tools.deploy_check.emulator import Emulator, EmulatorFailed
from tools.deploy_check.findings import Findings
from tools.deploy_check.patches import PATCHES
from tools.deploy_check.sam import SamFailed
from tools.deploy_check.stack import eventually


def main() -> int:
    print("Deploying template.yaml to MiniStack, which is not AWS:")
    for patch in PATCHES:
        print(f"  - {patch}")
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="farsync-deploy-check-") as name:
        emulator = Emulator(Path(name))
        try:
            check(Path(name), emulator, findings)
        except (SamFailed, EmulatorFailed) as failure:
            findings.report("the check was completed", [str(failure)], "the check could not go on")
        is_gone = eventually(lambda: not emulator.is_alive(), 10)
        findings.report(
            "no process is left", [] if is_gone else ["some process of MiniStack still lives"], "a process is left"
        )
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
