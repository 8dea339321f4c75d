"""The house keeps its order: imports point one way, and a file is read in one sitting."""

import ast
import subprocess
from collections.abc import Container, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers" / "farsync"
PACKAGE = LAYER / "farsync"
COMMAND = ROOT / "cli" / "src"
PROVIDERS = ("naver", "huawei")


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


def rooms_imported_by(path: Path) -> set[str]:
    own = path.relative_to(PACKAGE).parts[0]
    modules = (module.split(".") for module in modules_imported_by(path) if module.startswith("farsync."))
    return {parts[1] for parts in modules} - {own}


def test_the_rooms_of_the_layer_need_each_other_in_one_direction() -> None:
    """Whatever is imported, late or for its types alone, counts."""
    rooms: dict[str, set[str]] = {path.name: set() for path in PACKAGE.iterdir() if path.is_dir()}
    for path in python_files(PACKAGE):
        if path.parent != PACKAGE:
            rooms[path.relative_to(PACKAGE).parts[0]] |= rooms_imported_by(path)
    TopologicalSorter(rooms).prepare()  # raises CycleError


@pytest.mark.parametrize("room", ["model", "signing"])
def test_what_all_stand_on_imports_no_other_room(room: str) -> None:
    assert not [path for path in python_files(PACKAGE / room) if rooms_imported_by(path)]


@pytest.mark.parametrize("room", ["polling", "starting", "closing", "watching"])
def test_what_decides_asks_nobody(room: str) -> None:
    for path in python_files(PACKAGE / room):
        assert not rooms_imported_by(path) & {"http_client", "connections", "runtime", "operations"}, path


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_knows_no_other(provider: str) -> None:
    for path in python_files(PACKAGE / "providers" / provider):
        others = [f"farsync.providers.{other}" for other in PROVIDERS if other != provider]
        assert not [module for module in modules_imported_by(path) if module.startswith(tuple(others))], path


def test_every_room_says_what_it_is_for() -> None:
    for path in python_files(PACKAGE):
        if path.name == "__init__.py":
            assert ast.get_docstring(ast.parse(path.read_text())), path


def test_every_module_of_the_layer_stands_in_a_room() -> None:
    assert [path.name for path in python_files(PACKAGE) if path.parent == PACKAGE] == ["__init__.py"]


@pytest.mark.parametrize("folder", [LAYER, ROOT / "sandbox", COMMAND], ids=["layer", "sandbox", "command"])
def test_no_two_modules_need_each_other(folder: Path) -> None:
    package = ROOT if folder == ROOT / "sandbox" else folder
    paths = {module_name(path, package): path for path in python_files(folder)}
    needs = {name: set(modules_needed_by(path, paths)) - {name} for name, path in paths.items()}
    TopologicalSorter(needs).prepare()


def module_name(path: Path, package: Path) -> str:
    return ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__")


def modules_needed_by(path: Path, known: Container[str]) -> Iterator[str]:
    """Those among the known, whenever they are imported, and be it for their types alone."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                if module in known or node.module in known:
                    yield module if module in known else node.module


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


def test_the_command_stands_alone_and_its_client_without_it() -> None:
    """Whoever installs it has neither the layer nor an SDK of AWS; botocore signs and sends nothing."""
    for path in python_files(COMMAND):
        others = {"farsync", "sandbox", "tools", "tests", "boto3"}
        others |= {"farsync_cli", "typer", "rich"} if "farsync_client" in path.parts else set()
        modules = list(modules_imported_by(path))
        assert not {name.split(".")[0] for name in modules} & others, path
        assert not {name for name in modules if name.startswith(("botocore.client", "botocore.httpsession"))}, path


def test_no_function_needs_an_sdk_of_aws() -> None:
    for path in python_files(LAYER, ROOT / "functions"):
        assert not {name.split(".")[0] for name in modules_imported_by(path)} & {"boto3", "botocore"}, path


@pytest.mark.parametrize("path", python_files(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 250
