"""Every `farsync` command that a document shows is one that the command takes."""

import re
import shlex
from typing import Any

import pytest
from typer.main import get_command

from farsync_cli.application import app
from tests.support.markdown import DOCUMENTS, commands

COMMAND = re.compile(r"^(?:\$ )?farsync ([a-z].*)", re.MULTILINE)
"""In docs/http.md, `farsync` is a function of the shell, whose words begin with a method."""
SHOWN = sorted({line for document in DOCUMENTS for line in COMMAND.findall(commands(document))})


def take(words: list[str], command: Any, parent: Any = None) -> None:
    """Raises what the command raises for words that it does not take. A name alone is a mention."""
    if not words and parent:
        return
    if not hasattr(command, "commands"):
        command.make_context(command.name, words, parent=parent)
        return
    name, *rest = words
    take(rest, command.commands[name], parent or command.make_context("farsync", words))


@pytest.mark.parametrize("line", SHOWN)
def test_a_command_of_a_document_is_taken(line: str) -> None:
    take(shlex.split(line), get_command(app))


def test_the_documents_show_commands_and_a_wrong_one_is_not_taken() -> None:
    assert len(SHOWN) >= 15
    with pytest.raises(KeyError):
        take(["runn", "night_load"], get_command(app))
    with pytest.raises(Exception, match="--wach"):
        take(["run", "night_load", "--wach"], get_command(app))
