"""The house keeps its order: imports point one way, and a file is read in one sitting."""

import ast
import subprocess
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers" / "farsync"
# A module may import from its own floor and from those below it.
FLOORS = [
    {"errors"},
    {"execution", "naming", "secret_values"},
    {
        "identifiers",
        "run",
        "time_text",
        "validation",
        "replies",
        "same_input",
        "final_replies",
        "retrying",
        "signing",
        "vendor_clock",
    },
    {"transport", "run_request", "execution_query", "poll_message"},
    {"aws_requests"},
    {"connections", "connection_fields", "stored_secrets"},
    {"providers"},
    {"environment", "telemetry", "polling", "cost", "recent_executions"} | {"events"},
    {"invocation", "http_calls", "serving", "queue_messages", "starting", "aws", "pacing", "posting"},
    {"attention", "closing", "watching"},
    {"operations", "showing_executions"}
    | {"listing"}
    | {"managing_runs", "accepting_runs", "listing_runs", "aborting_runs", "backfilling"},
]


def python_files(*folders: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *map(str, folders)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / line for line in listed.stdout.splitlines() if line.endswith(".py"))
    return [path for path in paths if path.exists()]


def modules_imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def floor_of(module: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if module in floor)


@pytest.mark.parametrize("path", python_files(LAYER / "farsync"), ids=lambda path: path.stem)
def test_imports_in_the_layer_point_downwards(path: Path) -> None:
    own = path.relative_to(LAYER / "farsync").parts[0].removesuffix(".py")
    if own == "__init__":
        assert set(modules_imported_by(path)) <= {"gc", "os"}
        return
    for module in modules_imported_by(path):
        if module.startswith("farsync."):
            assert floor_of(module.split(".")[1]) <= floor_of(own), f"{own} imports {module}"


@pytest.mark.parametrize("folder", [LAYER, ROOT / "sandbox"], ids=["layer", "sandbox"])
def test_no_two_modules_need_each_other(folder: Path) -> None:
    package = LAYER if folder == LAYER else ROOT
    paths = {module_name(path, package): path for path in python_files(folder)}
    needs = {name: set(modules_needed_by(path)) & paths.keys() - {name} for name, path in paths.items()}
    TopologicalSorter(needs).prepare()  # raises CycleError


def module_name(path: Path, package: Path) -> str:
    return ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__")


def modules_needed_by(path: Path) -> Iterator[str]:
    """Whenever they are imported; but for what is imported for its types alone."""
    tree = ast.parse(path.read_text())
    for_types = [
        imported
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for imported in node.body
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node not in for_types:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", python_files(ROOT / "functions"), ids=lambda path: path.parent.name)
def test_a_handler_holds_no_logic(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert len(path.read_text().splitlines()) <= 40
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.If | ast.For | ast.While | ast.Try)]


def test_the_sandbox_and_the_layer_do_not_know_each_other() -> None:
    for path in python_files(ROOT / "sandbox"):
        assert not [name for name in modules_imported_by(path) if name.split(".")[0] == "farsync"], path
    for path in python_files(LAYER, ROOT / "functions"):
        assert not [name for name in modules_imported_by(path) if name.split(".")[0] == "sandbox"], path


def test_no_function_needs_an_sdk_of_aws() -> None:
    for path in python_files(LAYER, ROOT / "functions"):
        assert not {name.split(".")[0] for name in modules_imported_by(path)} & {"boto3", "botocore"}, path


@pytest.mark.parametrize("path", python_files(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 250
