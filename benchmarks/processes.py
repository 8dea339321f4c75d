"""The memory of a process and of all that it started."""

import subprocess


def resident_bytes(process_id: int) -> int:
    """Memory that processes share counts for each."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [[int(cell) for cell in line.split()] for line in listed.splitlines()]
    family = {process_id}
    while found := {process for process, parent, _ in rows if parent in family} - family:
        family |= found
    return 1024 * sum(kilobytes for process, _, kilobytes in rows if process in family)
