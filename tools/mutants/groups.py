"""Modules that mutmut mutates together, and the tests that must notice it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import yaml


class Group(NamedTuple):
    name: str
    modules: Sequence[str]
    """Under the package, without suffix."""
    tests: Sequence[str]
    """As pytest names them."""


def read_groups() -> list[Group]:
    groups = yaml.safe_load(Path(__file__).with_name("groups.yaml").read_text(encoding="utf-8"))
    return [
        Group(name, group["modules"], [f"tests/unit/{test}" for test in group["tests"]])
        for name, group in groups.items()
    ]
