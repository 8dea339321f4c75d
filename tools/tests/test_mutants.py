"""A small project whose tests notice some mutants and not others, judged by the real mutmut."""

import re
from pathlib import Path

import pytest

from tools.mutants.__main__ import main
from tools.mutants.bench import ROOT, Bench, MutmutFailed
from tools.mutants.chosen import PACKAGE, Chosen, ChosenMisjudged, changed, read_chosen
from tools.mutants.groups import GROUPS, Group
from tools.mutants.verdicts import Mutant, Score, read_mutants

SOURCES = {
    "watched": "def is_grown_up(age: int) -> bool:\n    return age >= 18\n",
    "unwatched": "def double(n: int) -> int:\n    return n * 2\n\n\ndef greet() -> str:\n    return 'hello'\n",
}
TESTS = """\
from farsync.unwatched import double, greet
from farsync.watched import is_grown_up


def test_eighteen_is_the_age() -> None:
    assert (is_grown_up(17), is_grown_up(18), is_grown_up(19)) == (False, True, True)


def test_nothing_twice_is_nothing() -> None:
    assert double(0) == 0
    assert greet()
"""
GROUP = Group("both", ("watched", "unwatched"), ("tests/test_both.py",))
SURVIVING_CHANGE = "- return n * 2\n+ return n * 3"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "layers" / "farsync" / "farsync"
    for folder in (package, tmp_path / "tests", tmp_path / "events"):
        folder.mkdir(parents=True)
    (package / "__init__.py").touch()
    for module, source in SOURCES.items():
        (package / f"{module}.py").write_text(source)
    (tmp_path / "tests" / "test_both.py").write_text(TESTS)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--import-mode=importlib"\n')
    (tmp_path / "tools").symlink_to(ROOT / "tools")
    return tmp_path


def test_each_module_is_printed_with_its_share_and_its_survivors(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = main(["--max-children", "1", "both"], (GROUP,), project)

    printed = capsys.readouterr().out
    assert [line.split() for line in printed.splitlines()[:3]] == [
        ["group", "module", "mutants", "killed", "survived", "share"],
        ["both", "watched", "2", "2", "0", "100.0%"],
        ["both", "unwatched", "4", "0", "4", "0.0%"],
    ]
    assert f"unwatched.double: survived\n{SURVIVING_CHANGE}\n" in printed
    assert "unwatched.greet: survived\n- return 'hello'\n+ return 'HELLO'\n" in printed
    assert exit_code == 1


def test_a_group_that_does_not_exist_is_rejected(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["neither"], (GROUP,), project)

    assert "no such group: neither" in capsys.readouterr().err


def test_tests_that_fail_without_any_mutant_judge_nothing(project: Path) -> None:
    (project / "tests" / "test_both.py").write_text(TESTS.replace("== 0", "== 1"))

    with pytest.raises(MutmutFailed, match="test_nothing_twice_is_nothing"):
        Bench(GROUP, project / "build", project).judge(1)


@pytest.mark.parametrize("verdict", ["survived", "no tests", "suspicious", "segfault", "skipped", "not checked"])
def test_what_no_test_noticed_counts_as_survived(verdict: str) -> None:
    [mutant] = read_mutants(f"    farsync.signing.huawei.x__canonical_path__mutmut_3: {verdict}")

    assert not mutant.is_killed


@pytest.mark.parametrize("verdict", ["killed", "timeout"])
def test_a_mutant_is_known_by_its_module_and_its_function(verdict: str) -> None:
    key = "farsync.signing.huawei.xǁHuaweiAuthǁ__call____mutmut_12"

    assert read_mutants(f"Some other line\n    {key}: {verdict}\n") == [
        Mutant(key, "signing/huawei", "HuaweiAuth.__call__", verdict)
    ]


@pytest.mark.parametrize(("mutants", "killed", "is_enough"), [(10, 9, True), (100, 89, False), (0, 0, False)])
def test_nine_mutants_of_ten_are_to_be_noticed_and_a_module_without_any_was_not_judged(
    mutants: int, killed: int, is_enough: bool
) -> None:
    assert Score(mutants, killed).is_enough is is_enough


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_group_names_modules_and_tests_that_exist(group: Group) -> None:
    assert all((ROOT / "layers" / "farsync" / "farsync" / f"{module}.py").is_file() for module in group.modules)
    assert all((ROOT / test).exists() for test in group.tests)


def test_no_module_and_no_test_stands_in_a_group_twice() -> None:
    for group in GROUPS:
        assert len({*group.modules}) == len(group.modules), group.name
        assert len({*group.tests}) == len(group.tests), group.name


NOTICED = Chosen(
    "the age is nineteen", "watched.py", ">= 18", "> 18", ("tests/test_both.py::test_eighteen_is_the_age",)
)
SURVIVING = Chosen(
    "twice is thrice", "unwatched.py", "n * 2", "n * 3", ("tests/test_both.py::test_nothing_twice_is_nothing",)
)


def test_a_chosen_mutant_that_its_tests_do_not_notice_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chosen"], (GROUP,), project, (NOTICED, SURVIVING)) == 1
    printed = capsys.readouterr().out
    assert "twice is thrice: survived tests/test_both.py::test_nothing_twice_is_nothing" in printed
    assert "the age is nineteen" not in printed
    assert main(["chosen"], (GROUP,), project, (NOTICED,)) == 0


@pytest.mark.parametrize("test", ["tests/test_both.py::test_nothing_twice_is_nothing", "tests/test_both.py::test_none"])
def test_tests_that_fail_or_are_missing_without_a_chosen_mutant_judge_nothing(project: Path, test: str) -> None:
    (project / "tests" / "test_both.py").write_text(TESTS.replace("== 0", "== 1"))
    with pytest.raises(ChosenMisjudged, match=test):
        main(["chosen"], (GROUP,), project, (NOTICED._replace(noticed_by=(test,)),))


@pytest.mark.parametrize("mutant", read_chosen(), ids=lambda mutant: mutant.fault)
def test_every_chosen_mutant_changes_one_place_and_names_tests_that_exist(mutant: Chosen) -> None:
    source = (ROOT / PACKAGE / mutant.file).read_text()
    assert changed(source, mutant) != source
    for test in mutant.noticed_by:
        file, *names = test.split("::")
        defined = re.findall(r"^ *(?:def|class) (\w+)", (ROOT / file).read_text(), re.MULTILINE)
        assert names
        assert {*names} <= {*defined}


def test_no_fault_is_chosen_twice() -> None:
    faults = [mutant.fault for mutant in read_chosen()]
    assert len(faults) == len({*faults})
