"""First code of a function's process: ends it with its parent, then hands over to Lambda's runtime client.

Run as a file, so that nothing of the sandbox becomes importable for the function.
"""

import os
import sys
import threading


def _exit_with_parent() -> None:
    # The parent holds the other end of standard input open and never writes: it ends when the parent does,
    # even by SIGKILL.
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    sys.path.pop(0)  # this file's folder
    from awslambdaric.__main__ import main

    main(["awslambdaric", sys.argv[1]])
