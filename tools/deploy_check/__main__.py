"""Builds the template, deploys it to MiniStack, uses it, and deletes it; the exit code is 1 when something was wrong.

python -m tools.deploy_check
"""

import sys
import tempfile
from pathlib import Path

from tools.deploy_check.checking import check
from tools.deploy_check.emulator import EmulatorFailed
from tools.deploy_check.findings import Findings
from tools.deploy_check.patches import PATCHES
from tools.deploy_check.sam import SamFailed


def main() -> int:
    print("Deploying template.yaml to MiniStack, which is not AWS:")
    for patch in PATCHES:
        print(f"  - {patch}")
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="farsync-deploy-check-") as name:
        try:
            check(Path(name), findings)
        except (SamFailed, EmulatorFailed) as failure:
            findings.report("the check was completed", [str(failure)])
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
