"""Mutants chosen by hand: faults that a user would feel, each with the tests that must notice it.

Each is tried in a process of its own, forked from one that has loaded what does not change; so it takes about as long
as its tests.
"""

import importlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tools.states_language import ROOT

PACKAGE = ROOT / "layers" / "farsync" / "farsync"
COPY = ROOT / "build" / "mutants" / "chosen" / PACKAGE.name
TABLE = Path(__file__).with_name("chosen_mutants.yaml")
LOADED_ONCE = (
    "aws_lambda_powertools.metrics",
    "hypothesis",
    "pydantic",
    "requests",
    "sandbox.huawei_dataarts",
    "sandbox.naver_dataflow",
)
LONGEST_SECONDS = 300
"""A mutant that never ends is noticed."""


class Chosen(NamedTuple):
    """One change of the code. `old` stands in its file once; `noticed_by` names tests as pytest does."""

    fault: str
    file: str
    """Under the package."""
    old: str
    new: str
    noticed_by: tuple[str, ...]


class ChosenFailed(Exception):
    """The mutants cannot be tried; the message says why."""


def read_chosen() -> list[Chosen]:
    entries = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [Chosen(**{**entry, "noticed_by": tuple(entry["noticed_by"])}) for entry in entries]


def survivors_of(chosen: Sequence[Chosen]) -> Iterator[Chosen]:
    """Those that pass the tests which must fail. Raises ChosenFailed."""
    every_test = sorted({test for mutant in chosen for test in mutant.noticed_by})
    _copy_package()
    if _passes(every_test) is not True:
        raise ChosenFailed("these tests do not pass without any mutant, or are not there:\n" + "\n".join(every_test))
    for mutant in chosen:
        _copy_package()
        file = COPY / mutant.file
        file.write_text(changed(file.read_text(encoding="utf-8"), mutant), encoding="utf-8")
        passes = _passes(mutant.noticed_by)
        if passes is None:
            raise ChosenFailed(f"{mutant.fault}: its tests cannot be run: {', '.join(mutant.noticed_by)}")
        if passes:
            yield mutant


def changed(source: str, mutant: Chosen) -> str:
    """Raises ChosenFailed where the code has moved on."""
    if source.count(mutant.old) != 1:
        raise ChosenFailed(f"{mutant.fault}: its old text stands {source.count(mutant.old)} times in {mutant.file}")
    return source.replace(mutant.old, mutant.new)


def _copy_package() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(PACKAGE, COPY, ignore=shutil.ignore_patterns("__pycache__"))


def _passes(tests: Sequence[str]) -> bool | None:
    """Whether they pass with the copy in the place of the package; None where pytest could not run them."""
    for module in LOADED_ONCE:
        importlib.import_module(module)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _run(tests)
    _, status = os.waitpid(child, 0)
    results = {int(pytest.ExitCode.OK): True, int(pytest.ExitCode.TESTS_FAILED): False, -signal.SIGALRM: False}
    return results.get(os.waitstatus_to_exitcode(status))


def _run(tests: Sequence[str]) -> None:
    """In a child, which never returns."""
    signal.alarm(LONGEST_SECONDS)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.dont_write_bytecode = True
    for loaded in [name for name in sys.modules if name.partition(".")[0] in (PACKAGE.name, "tests")]:
        del sys.modules[loaded]
    sys.path.insert(0, str(COPY.parent))
    os.chdir(ROOT)
    os._exit(pytest.main(["-x", "-p", "no:cacheprovider", *tests]))
