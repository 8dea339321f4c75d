"""One word for one thing, and the field's own: words that stood for them before stay out."""

import re
import subprocess
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


def texts() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.splitlines() if not name.startswith(OF_OTHERS)]
    return [ROOT / name for name in names if Path(name).suffix in TEXT and (ROOT / name).exists()]


@pytest.mark.parametrize(("word", "instead"), KEPT_OUT.items())
def test_a_word_of_nobodys_field_stays_out(word: str, instead: str) -> None:
    found = []
    for path in texts():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(word, line, re.IGNORECASE) and not any(text in line.lower() for text in ELSEWHERE):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found, f"write {instead}: " + "\n".join(found)
