"""`python .../child_process.py MODULE ...`: a module as a process that ends with its parent, even by SIGKILL.

Run as a file, so that nothing of the sandbox becomes importable for a function.
"""

import os
import runpy
import signal
import sys
import threading


def end_with_parent() -> None:
    # The parent holds the other end of standard input and never writes: it closes when the parent is gone.
    # Not through sys.stdin, whose lock would be held when the interpreter ends.
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    del sys.path[0]  # this file's folder
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
