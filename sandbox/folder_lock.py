"""One folder serves one process; the second learns which one holds it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

LOCK_FILE = "in-use-by"
_CHECK_SECONDS = 0.05


class FolderInUse(Exception):
    """The text says which process holds the folder, and what to do."""


@contextmanager
def locked_folder(folder: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Makes the folder where it is missing, and waits for a holder that is about to end.

    The kernel lets go of it when the process ends, even by SIGKILL. Raises FolderInUse and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("a+") as file:
        ends_at = time.monotonic() + wait_seconds
        while not _is_taken(file.fileno()):
            if time.monotonic() >= ends_at:
                file.seek(0)
                holder = file.read().strip() or "another process"
                raise FolderInUse(f"{folder} is in use by {holder}; stop that one, or name another folder")
            time.sleep(_CHECK_SECONDS)
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
