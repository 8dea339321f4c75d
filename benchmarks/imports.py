"""The price of our imports in a cold start, against the libraries that they stand on."""

import os
import subprocess
import sys
import tempfile
from operator import truediv
from pathlib import Path
from statistics import median

ROUNDS = 21
LIMIT = 1.35
OF_A_RUN = frozenset({"prepare_execution", "trigger_execution", "find_execution", "poll_execution", "cancel_execution"})
"""Handlers that a run waits for. Nobody waits for the import of the others, which are measured all the same."""
FUNCTIONS = Path(__file__).parents[1] / "functions"
# `import pydantic` alone is lazy and loads nothing that a model needs, so the measure defines one.
LIBRARIES = """
import requests
from pydantic import BaseModel
from aws_lambda_powertools import Logger, Metrics
class Model(BaseModel):
    field: str
"""
TIMED = "import time\nbegun = time.process_time()\n{statements}\nprint(time.process_time() - begun)"


def seconds_of(statements: str, folder: Path, bytecode: str) -> float:
    """Processor time of the statements in a fresh interpreter; its own start is not counted.

    Bytecode of all modules, the libraries' and ours alike, is read from and kept in the folder of that name.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(statements=statements)],
        cwd=folder,
        env={
            **environment,
            "PYTHONPYCACHEPREFIX": bytecode,
            "PYDANTIC_DISABLE_PLUGINS": "__all__",
            "AWS_LAMBDA_FUNCTION_NAME": folder.name,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def main() -> int:
    folders = sorted(path.parent for path in FUNCTIONS.glob("*/app.py"))
    ours: dict[str, list[float]] = {folder.name: [] for folder in folders}
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as bytecode:
        for folder in folders:
            seconds_of("import app", folder, bytecode)
        for _ in range(ROUNDS):
            bare.append(seconds_of(LIBRARIES, FUNCTIONS, bytecode))
            for folder in folders:
                ours[folder.name].append(seconds_of("import app", folder, bytecode))
    # A machine changes its pace over minutes: each import is held against that of the libraries in the same round.
    ratios = {name: median(map(truediv, seconds, bare)) for name, seconds in ours.items()}
    for name, ratio in ratios.items():
        limit = f" limit={LIMIT:.2f}" if name in OF_A_RUN else ""
        ours_ms, bare_ms = 1000 * median(ours[name]), 1000 * median(bare)
        print(f"import {name:<18} ours={ours_ms:.0f}ms bare={bare_ms:.0f}ms ratio={ratio:.2f}{limit}")
    return 0 if max(ratios[name] for name in OF_A_RUN) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
