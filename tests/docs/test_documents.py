"""What the documents name is there: promises, commands, links, examples."""

import ast
import json
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore import xform_name
from botocore.session import get_session

from farsync_schedules.reading import read_schedules
from tests.support.markdown import DOCUMENTS, ROOT, CodeBlock, anchors, code_blocks, commands, links, rows, section

GUARANTEES = ROOT / "docs" / "guarantees.md"
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
PROMISE = re.compile(r"^- (.+?) `test: ([\w/.]+)::(\w+)`$")
PROMISES = [line for line in section(GUARANTEES, "More promises").splitlines() if line.startswith("- ")]
BLOCKS = [(document, block) for document in DOCUMENTS for block in code_blocks(document)]


def title(value: object) -> str:
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix()
    return value.language if isinstance(value, CodeBlock) else ""


def names_of_tests(file: Path) -> set[str]:
    """Those of a class as pytest names them."""
    top = ast.parse(file.read_text()).body
    classes = [node for node in top if isinstance(node, ast.ClassDef)]
    of_classes = {
        f"{group.name}::{node.name}" for group in classes for node in group.body if isinstance(node, ast.FunctionDef)
    }
    return of_classes | {node.name for node in top if isinstance(node, ast.FunctionDef)}


def words(sentence: str) -> str:
    return re.sub(r"\W+", "_", sentence.replace("'", "").lower()).strip("_")


@pytest.mark.parametrize("line", PROMISES, ids=words)
def test_a_promise_names_a_test_that_exists_and_has_the_same_words(line: str) -> None:
    promise = PROMISE.fullmatch(line)
    assert promise, "a promise reads: - sentence `test: file::name`"
    sentence, file, name = promise.groups()
    assert name in names_of_tests(ROOT / file)
    assert name == f"test_{words(sentence)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=title)
def test_every_test_that_is_named_exists(document: Path) -> None:
    named = NAMED_TEST.findall(document.read_text())
    assert [(file, name) for file, name in named if name not in names_of_tests(ROOT / file)] == []


def test_the_guarantees_name_a_test_for_each_of_the_five_and_make_more_promises() -> None:
    assert len(PROMISES) >= 5
    promises = re.findall(r"^(\d)\. \*\*", GUARANTEES.read_text(), re.MULTILINE)
    shown = rows(GUARANTEES, "Guarantees")
    assert promises == [number for number, _ in shown] == list("12345")
    assert all("::test_" in tests for _, tests in shown)


def test_the_guarantees_answer_every_pain() -> None:
    answers = rows(GUARANTEES, "Pains")
    assert len(answers) == 22
    assert [pain for pain, _, answer in answers if "::test_" not in answer] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=title)
def test_every_make_command_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", commands(document))) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=title)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for link in links(document):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=title)
def test_every_path_that_is_named_exists(document: Path) -> None:
    named = re.findall(
        r"`((?:sandbox|tests|docs|examples|functions|layers|tools|statemachines)/[\w/.]+)`", document.read_text()
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def check_shell(text: str) -> object:
    return subprocess.run(["bash", "-n"], input=text, text=True, check=True, capture_output=True)


SPECIAL_IN_ZSH = r"\b(?:path|cdpath|fpath|manpath|argv|status|pipestatus|prompt|options|commands|functions|history)="
COMMANDS = [found for found in BLOCKS if found[1].language == "sh"]


@pytest.mark.parametrize(("document", "block"), COMMANDS, ids=title)
def test_a_command_may_be_pasted_into_a_terminal_with_zsh(document: Path, block: CodeBlock) -> None:
    """There a comment is no comment, `path` is PATH, and `$name:e` the ending of a name of a file.

    https://zsh.sourceforge.io/Doc/Release/Parameters.html#Parameters-Used-By-The-Shell
    https://zsh.sourceforge.io/Doc/Release/Expansion.html#Modifiers
    """
    assert re.findall(r"(?:^|\s)#.*", block.text) == []
    assert re.findall(r"\$\w+:\w", block.text) == []
    assert re.findall(SPECIAL_IN_ZSH, block.text) == []


AWS_COMMANDS = [
    (document, command)
    for document, block in COMMANDS
    for command in re.findall(r"^aws .*(?:\n .*)*", block.text, re.MULTILINE)
]
OF_THE_CLI_ALONE = {
    ("s3", "cp"): {"recursive"},
    ("cloudformation", "deploy"): {"stack-name", "template-file", "s3-bucket", "capabilities", "parameter-overrides"},
}
"""https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/index.html"""
OF_EVERY_COMMAND = {"endpoint-url", "query", "cli-binary-format", "cli-read-timeout"}


@pytest.mark.parametrize(("document", "command"), AWS_COMMANDS, ids=title)
def test_every_command_of_the_aws_cli_is_one_of_aws_with_all_that_it_needs(document: Path, command: str) -> None:
    """The CLI is made from the same models as botocore."""
    words = shlex.split(command)[1:]
    options = {word.removeprefix("--") for word in words if word.startswith("--")}
    first = 2 if words[0].startswith("--") else 0
    service, operation = words[first : first + 2]
    if (service, operation) in OF_THE_CLI_ALONE:
        assert options <= OF_THE_CLI_ALONE[service, operation]
        return
    model = get_session().get_service_model(service)
    called = {xform_name(name, "-"): name for name in model.operation_names}[operation]
    shape: Any = model.operation_model(called).input_shape
    assert options - OF_EVERY_COMMAND <= {xform_name(name, "-") for name in shape.members}
    assert options >= {xform_name(name, "-") for name in shape.required_members}
    for value in (words[words.index(f"--{name}") + 1] for name in options & {"input", "payload"}):
        assert json.loads(value)


PARSERS: Mapping[str, Callable[[str], object]] = {
    "json": json.loads,
    "yaml": yaml.safe_load,
    "python": ast.parse,
    "sh": check_shell,
}


@pytest.mark.parametrize(("document", "block"), [found for found in BLOCKS if found[1].language in PARSERS], ids=title)
def test_every_example_can_be_read(document: Path, block: CodeBlock) -> None:
    PARSERS[block.language](block.text)


def test_the_examples_of_state_machines_are_shown_as_they_are() -> None:
    files = [path.read_text() for path in (ROOT / "examples" / "state_machines").iterdir()]
    shown = [block.text for block in code_blocks(ROOT / "docs" / "from-state-machines.md", "yaml")]
    assert len(shown) == 2
    assert all(any(text in file for file in files) for text in shown)


@pytest.mark.parametrize("document", ["docs/schedules.md", "docs/backfill.md"])
def test_the_schedules_that_are_shown_become_a_stack(tmp_path: Path, document: str) -> None:
    (shown,) = [block for block in code_blocks(ROOT / document, "yaml") if block.text.startswith("schedules:")]
    (tmp_path / "schedules.yaml").write_text(shown.text)
    assert read_schedules(tmp_path / "schedules.yaml")
