"""All that mutation testing names is there: modules, tests, and the text that a mutant chosen by hand changes."""

import re

import pytest

from tools.mutants.chosen import PACKAGE, Chosen, changed, read_chosen
from tools.mutants.groups import Group, read_groups
from tools.states_language import ROOT


@pytest.mark.parametrize("group", read_groups(), ids=lambda group: group.name)
def test_every_group_names_modules_and_tests_that_exist(group: Group) -> None:
    assert [module for module in group.modules if not (PACKAGE / f"{module}.py").is_file()] == []
    assert [test for test in group.tests if not (ROOT / test).exists()] == []


@pytest.mark.parametrize("mutant", read_chosen(), ids=lambda mutant: mutant.fault)
def test_every_chosen_mutant_changes_one_place_and_names_tests_that_exist(mutant: Chosen) -> None:
    source = (PACKAGE / mutant.file).read_text()
    assert changed(source, mutant) != source
    for test in mutant.noticed_by:
        file, *names = test.split("::")
        defined = re.findall(r"^ *(?:def|class) (\w+)", (ROOT / file).read_text(), re.MULTILINE)
        assert names
        assert {*names} <= {*defined}
