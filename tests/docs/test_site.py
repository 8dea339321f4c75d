"""The documents as a site: every page is in its navigation, every link and anchor leads somewhere."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.markdown import ROOT


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """In a copy, as `make docs-site` does. With --quiet, mkdocs would count no warning."""
    shutil.copytree(ROOT / "docs", folder / "docs", dirs_exist_ok=True)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "build" / "site" / "index.html").exists()


@pytest.mark.parametrize("link", ["nowhere.md", "install.md#nowhere"])
def test_a_link_that_leads_nowhere_or_a_page_outside_of_the_navigation_fails(tmp_path: Path, link: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "odd.md").write_text(f"# Odd\n\n[here]({link})\n")
    failed = build(tmp_path)
    assert failed.returncode == 1
    assert link in failed.stderr
    assert "not included in the" in failed.stderr
