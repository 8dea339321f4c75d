"""The `.sync` of AWS Step Functions for jobs that live in another cloud."""

import gc
import os

__version__ = "0.1.0"

LARGEST_REUSED_BYTES = 16 * 1024 * 1024


def imports_are_done() -> None:
    """Each function says so: what it has imported lives as long as its environment, and is not looked at again."""
    gc.freeze()
    gc.enable()
    # glibc keeps for later what is freed, up to twice the largest block that it has seen freed (mallopt(3)). The memory
    # of a page of 1000 jobs would go back to the kernel and come anew, filled with zeros, for each page.
    bytes(LARGEST_REUSED_BYTES)


if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
    # Nearly all that an import makes stays: looking for garbage among it would be a twentieth of a cold start. Whoever
    # deploys a function of their own on this layer says `imports_are_done` too.
    gc.disable()
