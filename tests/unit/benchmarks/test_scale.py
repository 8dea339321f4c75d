import os
import subprocess
import sys

from benchmarks.scale import resident_bytes


def test_memory_is_that_of_a_process_and_of_all_that_it_started() -> None:
    alone = resident_bytes(os.getpid())
    holding_50_megabytes = "held = bytearray(b'x' * 50_000_000); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding_50_megabytes], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        together = resident_bytes(os.getpid())
        of_the_child = resident_bytes(child.pid)
        child.kill()
    assert alone > 0
    assert together - alone > 50_000_000
    assert 50_000_000 < of_the_child < together
