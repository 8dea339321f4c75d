"""Files and parts of files that are made from others and committed."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def parse_check(program: str, description: str | None, arguments: Sequence[str]) -> bool:
    """Whether the program was called with --check, its only option."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=description)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when a file differs")
    return bool(parser.parse_args(arguments).check)


def write_or_check(path: Path, content: str, is_check: bool) -> int:
    """Write the file, or only compare; returns the exit code: 1 when the file differs from `content`."""
    committed = path.read_text(encoding="utf-8") if path.exists() else None
    if is_check:
        if committed == content:
            print(f"{path.name}: up to date")
            return 0
        print(f"{path.name}: differs from what it is made from; run `make docs` and commit the result")
        return 1
    if committed != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return 0


def with_part(path: Path, begin: str, part: str, end: str) -> str:
    """The file's text with another part between two lines. Raises ValueError where it lacks them."""
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise ValueError(f"{path.name}: lacks the lines between which a part is written: {begin.strip()}")
    return f"{before}{begin}\n{part}\n{end}{after}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
