"""What the tests read from the documents."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class CodeBlock:
    language: str
    text: str


def code_blocks(document: Path, language: str | None = None) -> Sequence[CodeBlock]:
    found = (CodeBlock(*match) for match in _BLOCK.findall(document.read_text()))
    return [block for block in found if language in (None, block.language)]


def without_code(document: Path) -> str:
    return _BLOCK.sub("", document.read_text())


def commands(document: Path) -> str:
    """Everything that is set as code."""
    inline = re.findall(r"`([^`\n]+)`", without_code(document))
    return "\n".join([*inline, *(block.text for block in code_blocks(document))])


def links(document: Path) -> Sequence[str]:
    return _LINK.findall(without_code(document))


def anchors(document: Path) -> set[str]:
    """The headings as links write them."""
    headings = _HEADING.findall(without_code(document))
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def section(document: Path, heading: str) -> str:
    """The text from a heading to the next."""
    after = document.read_text().split(f"# {heading}\n", 1)[1]
    return re.split(r"^#+ ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(document: Path, heading: str, table: int = 0) -> Sequence[Sequence[str]]:
    """The cells of a section's table, without its header; backquotes around a whole cell are dropped."""
    return [[_plain(cell) for cell in row] for row in list(_tables(section(document, heading)))[table]]


def _tables(text: str) -> Iterator[Sequence[Sequence[str]]]:
    for lines in re.findall(r"(?:^\|.*\|\n)+", text + "\n", re.MULTILINE):
        yield [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.splitlines()[2:]]


def _plain(cell: str) -> str:
    whole = re.fullmatch(r"`([^`]*)`", cell)
    return whole[1] if whole else cell


def quoted(cell: str) -> list[str]:
    """What stands in backquotes inside a cell."""
    return re.findall(r"`([^`]+)`", cell) or ([cell] if cell else [])
