"""One word for one thing, and the field's own: words that stood for them before stay out."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.support.markdown import ROOT

KEPT_OUT = {
    r"vendor": "provider",
    r"refus(e|al|ing)": "reject, rejection",
    r"\blook(s|ed|ing)? again\b|\b(a|the|next|each) look\b|nextLook|look_cost": "poll",
    r"\blost starts?\b|lost_start": "unconfirmed start",
    r"\badopt": "attach",
    r"\bpatience\b": "grace period",
    r"\btrouble\b": "lastError, fault",
    r"\bmends?\b|moto_mends": "patch, fix",
    r"\bways in\b(?! [a-z_A-Z.]+)|ways_in": "trigger",
    r"\btelling\b|\bnews\b": "report, emit, notify",
    r"\bbills?\b": "cost",
    r"\btold\b": "report, log, say; documented, shown",
    r"\bjudg(e|es|ed|ing|ement)\b|\bverdicts?\b": "match, assess, check",
    r"\bledgers?\b": "execution log, call log",
    r"\bworlds?\b": "sandbox; in the model: state",
}
"""What stays out, and what to write instead."""
OF_OTHERS = (
    "tests/fixtures/",  # the providers' own words
    "sandbox/tests/fixtures/",
    "requirements/",
    "tests/docs/test_words.py",
)
TEXT = {".py", ".md", ".yaml", ".json", ".toml"}
ELSEWHERE = {
    "connection refused": "TCP's own word",
    "the provider's news": "a page of announcements",
}
"""Where one of them means something else."""


@cache
def lines() -> list[tuple[str, str]]:
    """Each with its place, but for those where a word means something else."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.splitlines() if not name.startswith(OF_OTHERS) and Path(name).suffix in TEXT]
    return [
        (f"{name}:{number}", line)
        for name in names
        if (ROOT / name).exists()
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if not any(text in line.lower() for text in ELSEWHERE)
    ]


@pytest.mark.parametrize(("word", "instead"), KEPT_OUT.items())
def test_a_word_of_nobodys_field_stays_out(word: str, instead: str) -> None:
    kept_out = re.compile(word, re.IGNORECASE)
    found = [f"{place}: {line.strip()[:100]}" for place, line in lines() if kept_out.search(line)]
    assert not found, f"write {instead}: " + "\n".join(found)
