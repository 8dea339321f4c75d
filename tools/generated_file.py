"""Files that are made from others and committed."""

from pathlib import Path


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
