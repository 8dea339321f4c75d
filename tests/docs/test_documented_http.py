"""docs/http.md has every route and every problem; a command in docs/permissions.md prints what it says."""

import subprocess

from farsync.model.names import run_name
from tests.support.markdown import ROOT, code_blocks, commands, rows, section
from tools.http_api.document import OF_A_BODY
from tools.http_api.routes import ROUTES

HTTP = ROOT / "docs" / "http.md"
PERMISSIONS = ROOT / "docs" / "permissions.md"
SAMPLE_JOB = "5Yns7JgRt25f"


def test_every_problem_stands_with_its_statuses() -> None:
    documented = {name: {int(status) for status in statuses.split(",")} for name, statuses, _ in rows(HTTP, "Problems")}
    problems = {problem for route in ROUTES for problem in route.problems}
    expected = {problem.__name__: {problem.http_status} for problem in problems}
    expected["InvalidRequest"] |= OF_A_BODY.keys()
    assert documented == expected


def test_every_route_has_its_command() -> None:
    documented = commands(HTTP).splitlines()
    for route in ROUTES:
        path = route.path.replace("/connections/{connection}/jobs/{job}/executions/", ".../executions/")
        assert f"{route.method} {path}" in documented


def test_the_prefix_of_a_jobs_runs_is_what_the_command_of_the_page_prints() -> None:
    called = section(PERMISSIONS, "Who may call the HTTP API")
    (command,) = [block for block in code_blocks(PERMISSIONS, "sh") if block.text in called]
    printed = subprocess.run(["sh", "-c", command.text], capture_output=True, text=True, check=True).stdout
    assert run_name("night", SAMPLE_JOB, "any intent").startswith(f"{printed.strip()}-")
