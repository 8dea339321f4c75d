"""What moto 5.2.5 lacks of AWS, patched one subject a file: each file that has an `apply`, in the order of their names.

moto keeps its state and its code per process, and so do the patches: they are applied once, and `connect` points
them at the sandbox that runs now. One sandbox of AWS at a time can run in a process.
"""

import functools
import importlib
import pkgutil

from sandbox.aws.moto_patches.wiring import AlreadyRunning, Wiring, connect, disconnect

__all__ = ["AlreadyRunning", "Wiring", "apply_all", "connect", "disconnect"]


@functools.cache
def apply_all() -> None:
    """Patches moto in this process; a second call changes nothing."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if hasattr(module, "apply"):
            module.apply()
