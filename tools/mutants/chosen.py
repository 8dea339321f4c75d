"""Mutants chosen by hand: faults that a user would feel, each with the tests that must notice it.

Each is judged in a process of its own, forked from one that has loaded what does not change; so it takes about as long
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

PACKAGE = Path("layers") / "farsync" / "farsync"
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


class ChosenMisjudged(Exception):
    """The tests came to no verdict; the message says which."""


def read_chosen(table: Path = TABLE) -> list[Chosen]:
    entries = yaml.safe_load(table.read_text(encoding="utf-8"))
    return [Chosen(**{**entry, "noticed_by": tuple(entry["noticed_by"])}) for entry in entries]


def unnoticed(chosen: Sequence[Chosen], root: Path, folder: Path) -> Iterator[Chosen]:
    """Those that pass the tests which must fail. `folder` is made anew for each. Raises ChosenMisjudged."""
    every_test = sorted({test for mutant in chosen for test in mutant.noticed_by})
    if _passes(every_test, _copied(root, folder), root) is not True:
        raise ChosenMisjudged("these tests do not pass without any mutant, or are not there:\n" + "\n".join(every_test))
    for mutant in chosen:
        file = _copied(root, folder) / mutant.file
        file.write_text(changed(file.read_text(encoding="utf-8"), mutant), encoding="utf-8")
        passes = _passes(mutant.noticed_by, file.parents[len(Path(mutant.file).parts) - 1], root)
        if passes is None:
            raise ChosenMisjudged(f"{mutant.fault}: its tests cannot be run: {', '.join(mutant.noticed_by)}")
        if passes:
            yield mutant


def changed(source: str, mutant: Chosen) -> str:
    """Raises ChosenMisjudged where the code has moved on."""
    if source.count(mutant.old) != 1:
        raise ChosenMisjudged(f"{mutant.fault}: its old text stands {source.count(mutant.old)} times in {mutant.file}")
    return source.replace(mutant.old, mutant.new)


def _copied(root: Path, folder: Path) -> Path:
    """The package as it is, in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    return Path(shutil.copytree(root / PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__")))


def _passes(tests: Sequence[str], package: Path, root: Path) -> bool | None:
    """Whether they pass with this package in the place of the real one; None where pytest could not run them."""
    for module in LOADED_ONCE:
        importlib.import_module(module)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _run(tests, package, root)
    _, status = os.waitpid(child, 0)
    verdicts = {int(pytest.ExitCode.OK): True, int(pytest.ExitCode.TESTS_FAILED): False, -signal.SIGALRM: False}
    return verdicts.get(os.waitstatus_to_exitcode(status))


def _run(tests: Sequence[str], package: Path, root: Path) -> None:
    """In a child, which never returns."""
    signal.alarm(LONGEST_SECONDS)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.dont_write_bytecode = True
    for loaded in [name for name in sys.modules if name.partition(".")[0] in (package.name, "tests")]:
        del sys.modules[loaded]
    sys.path.insert(0, str(package.parent))
    os.chdir(root)
    os._exit(pytest.main(["-x", "-p", "no:cacheprovider", *tests]))
