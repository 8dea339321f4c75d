"""Where a command's answer goes: text on standard output, notes and errors on standard error, cut to the terminal only
where there is one.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ERASE_LINE = "\r\x1b[2K"


class OutputClosed(Exception):
    """Nobody reads standard output any more, as after `| head`."""


class Screen:
    def __init__(self, output: TextIO, errors: TextIO, environ: Mapping[str, str]) -> None:
        self._output = output
        self._console = _console(output, environ)
        self._errors = _console(errors, environ)
        self._has_live_line = False

    @property
    def is_terminal(self) -> bool:
        return self._console.is_terminal

    @property
    def width(self) -> int | None:
        """Columns; None where nothing has to be cut."""
        return self._console.width if self.is_terminal else None

    @property
    def note_width(self) -> int | None:
        """Likewise, of standard error."""
        return self._errors.width if self._errors.is_terminal else None

    def show(self, lines: Iterable[Text | str]) -> None:
        """Raises OutputClosed."""
        self._print(self._console, lines)

    def show_raw(self, lines: Iterable[str]) -> None:
        """Text of others, as it is; on a terminal without what would steer it. Raises OutputClosed."""
        if self.is_terminal:
            self.show(CONTROL_CHARACTERS.sub("�", line) for line in lines)
            return
        try:
            self._output.writelines(f"{line}\n" for line in lines)
            self._output.flush()
        except BrokenPipeError as error:
            raise OutputClosed from error

    def show_json(self, content: object) -> None:
        """One document. Raises OutputClosed."""
        self.show([json.dumps(content, ensure_ascii=False, indent=2)])

    def note(self, *lines: Text | str) -> None:
        """For people only: stays out of what is piped on."""
        self._print(self._errors, lines)

    def show_live(self, text: Text) -> None:
        """One line that the next takes the place of; for terminals alone."""
        text.truncate(self._console.width - 1, overflow="ellipsis")
        self._output.write(ERASE_LINE)
        self._has_live_line = True
        self._console.print(text, end="", no_wrap=True, crop=False, highlight=False)
        self._output.flush()

    def end_live(self) -> None:
        if self._has_live_line:
            self._output.write(ERASE_LINE)
            self._has_live_line = False

    def _print(self, console: Console, lines: Iterable[Text | str]) -> None:
        try:
            self.end_live()
            for line in lines:
                text = Text(line) if isinstance(line, str) else line
                console.print(text, soft_wrap=True, highlight=False)
            console.file.flush()
        except BrokenPipeError as error:
            raise OutputClosed from error


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Rich's own would end the process as if a run had failed."""
        raise OutputClosed


def _console(file: TextIO, environ: Mapping[str, str]) -> Console:
    return _Console(file=file, _environ=environ, legacy_windows=False)
