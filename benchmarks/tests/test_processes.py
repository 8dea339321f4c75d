import os
import subprocess
import sys

from benchmarks.processes import processor_seconds, resident_bytes


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


def test_processor_time_of_a_child_counts_while_it_works_and_after_it_has_ended() -> None:
    before = processor_seconds(os.getpid())
    working = "import time\nwhile time.process_time() < 0.5: pass\nprint('worked', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", working], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"worked\n"
        during = processor_seconds(os.getpid())
        of_the_child = processor_seconds(child.pid)
        child.communicate(b"\n")
    assert 0.4 < of_the_child <= during - before
    assert processor_seconds(os.getpid()) >= during
