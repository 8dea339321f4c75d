"""The machines of the stack stay thin: what makes one of them thick again is named by the linter."""

import pytest

from tools.tests.planted_faults import MACHINE, Plant, planted


def test_a_run_job_longer_than_a_screen_is_named(lint: Plant) -> None:
    longest = MACHINE + "# a line more\n" * (250 - len(MACHINE.splitlines()))

    assert lint(longest)[0] == 0
    assert "run_job: has 251 lines, and may have 250; move decisions to Python" in lint(f"{longest}# one more\n")[1]


def test_a_run_job_of_many_states_is_named(lint: Plant) -> None:
    steps = [f"  Step{number}: {{Type: Pass, Next: Step{number + 1}}}\n" for number in range(7)]
    many = planted("    Next: Done\n", "    Next: Step0\n") + "".join(steps) + "  Step7: {Type: Pass, Next: Done}\n"

    assert "run_job: has 13 states, and may have 12; move decisions to Python" in lint(many)[1]


def test_a_machine_that_names_a_partition_is_named_with_the_line(lint: Plant) -> None:
    code, printed = lint(MACHINE.replace("${Partition}", "aws", 1))

    assert code == 1
    assert "run_job: line 6: names a partition of AWS; write arn:${Partition}:" in printed


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("$parse($cause).errorMessage", "Done: uses $parse; parse in Python"),
        ("$match ($cause, /a/)", "Done: uses $match; parse in Python"),
        ("$contains($cause, /a/)", "Done: holds a regular expression; parse in Python"),
        ("/a/", "Done: holds a regular expression; parse in Python"),
    ],
)
def test_what_is_parsed_in_run_job_is_named(lint: Plant, expression: str, fault: str) -> None:
    output = f'    Type: Succeed\n    Output: {{cause: "{{% {expression} %}}"}}\n'

    assert f"run_job: {fault}" in lint(planted("    Type: Succeed\n", output))[1]


@pytest.mark.parametrize("expression", ["$millis() / 1000", "($a - 1) / $b", "'uses $parse(/a/), not /b/'", "$parsed"])
def test_division_and_text_are_not_parsing(lint: Plant, expression: str) -> None:
    output = f'    Type: Succeed\n    Output: {{cause: "{{% {expression} %}}"}}\n'

    assert lint(planted("    Type: Succeed\n", output))[0] == 0
