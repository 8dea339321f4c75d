"""The `.sync` of AWS Step Functions for jobs that live in another cloud."""

import gc
import os

__version__ = "0.1.0"


def imports_are_done() -> None:
    """Each function says so: what it has imported lives as long as its environment, and is not looked at again."""
    gc.freeze()
    gc.enable()


if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
    # Nearly all that an import makes stays: looking for garbage among it would be a twentieth of a cold start.
    gc.disable()
