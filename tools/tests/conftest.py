from pathlib import Path

import pytest

from tools.lint_state_machines import main
from tools.tests.planted_faults import MACHINE, TEMPLATE, Plant


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Plant:
    """Lints a folder with one machine and its template; the exit code and what was printed."""

    def run(machine: str = MACHINE, template: str = TEMPLATE, name: str = "run_job") -> tuple[int, str]:
        (tmp_path / "template.yaml").write_text(template)
        folder = tmp_path / "statemachines"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.asl.yaml").write_text(machine)
        return main(tmp_path), capsys.readouterr().out

    return run
