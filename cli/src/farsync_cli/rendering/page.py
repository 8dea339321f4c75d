"""A page about one thing: a title, and fields with their names in front."""

from collections.abc import Iterator
from textwrap import wrap

from rich.cells import cell_len
from rich.text import Text

LABEL_WIDTH = 12
INDENT = 2


def field(label: str, value: Text | str | None, width: int | None) -> Iterator[Text]:
    """Its line, or several where it is longer than the terminal is wide; none without a value."""
    if value is None or not (value if isinstance(value, str) else value.plain):
        return
    first = Text(" " * INDENT).append(f"{label:<{LABEL_WIDTH}}", "dim")
    room = (width or 0) - INDENT - LABEL_WIDTH
    if not isinstance(value, str):
        yield first.append_text(value)
    elif width is None or cell_len(value) <= room:
        yield first.append(" ".join(value.splitlines()))
    else:
        for number, line in enumerate(wrap(value, max(room, 20), break_on_hyphens=False)):
            yield (first if number == 0 else Text(" " * (INDENT + LABEL_WIDTH))).append(line)


def paragraph(text: str, width: int | None, indent: int = 0) -> list[Text]:
    """Broken between words only, so that a command in it can be copied."""
    lines = [text] if width is None else wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    return [Text(f"{' ' * indent}{line}") for line in lines]


def command(text: str) -> Text:
    """A command to type next."""
    return Text(text, "bold")
