"""Commands as readers type them, in the shells of this machine."""

import shutil
import subprocess
from collections.abc import Mapping

SHELLS: Mapping[str, tuple[str, ...]] = {
    "bash": ("bash", "--norc", "-s"),
    # In a terminal zsh knows no comments; without the files of its user.
    "zsh": ("zsh", "--no-rcs", "-i", "-s"),
}
"""zsh is the one of macOS, and not on every machine."""
FOUND = tuple(shell for shell in SHELLS if shutil.which(shell))


def typed(shell: str, command: str, environment: Mapping[str, str]) -> str:
    """What the command prints. Raises CalledProcessError."""
    ended = subprocess.run(
        SHELLS[shell], input=f"{command}\n", env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return ended.stdout
