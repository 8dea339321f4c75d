import re
import subprocess
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.model.names import (
    NAME_OF_A_RUN,
    NAME_PATTERN,
    attention_event_id,
    connection_and_job_prefix,
    execution_event_id,
    execution_name,
    job_prefix,
    run_event_id,
    run_name,
)
from tests.state_machines.expressions import given_by, state
from tests.support.markdown import ROOT, code_blocks

TEXT = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=200)


def name_by_start_once(*name_parts: list[str]) -> object:
    expression = state("start_once", "MakeItsName")["Assign"]["name"]
    return given_by(expression, {"states": {"input": {"nameParts": list(name_parts)}}}, now_seconds=0)


@given(TEXT, TEXT, TEXT)
def test_step_functions_takes_the_name_of_any_run(connection: str, job: str, intent: str) -> None:
    name = run_name(connection, job, "key", intent)
    assert re.fullmatch(NAME_PATTERN, name)
    assert NAME_OF_A_RUN.fullmatch(name)


def test_runs_of_a_job_share_a_prefix_and_those_over_one_connection_a_longer_one() -> None:
    name, over_another, of_another = (
        run_name(connection, job, "a")
        for connection, job in (("default", "job"), ("other", "job"), ("default", "job2"))
    )
    assert [named.startswith(job_prefix("job")) for named in (name, over_another, of_another)] == [True, True, False]
    prefix = connection_and_job_prefix("default", "job")
    assert [named.startswith(prefix) for named in (name, over_another, of_another)] == [True, False, False]


def test_the_same_intent_is_the_same_run_and_every_part_has_its_boundary() -> None:
    assert run_name("c", "j", "schedule", "2026-11-21") == run_name("c", "j", "schedule", "2026-11-21")
    others = [("c", "j", "schedule", "2026-11-22"), ("ab", "c", "x"), ("a", "bc", "x"), ("a", "b", "cx")]
    assert len({run_name(*other) for other in others}) == len(others)


@pytest.mark.parametrize("odd", [*' <>{}[]?*"#%\\^|~`$&,;:/', "\x1f", "\x9f", "\ufffe", "\uffff"])
def test_what_step_functions_does_not_take_in_a_name_is_no_name(odd: str) -> None:
    assert re.fullmatch(NAME_PATTERN, f"nightly.2026-11-21_월말(1)+@='!{odd}") is None


def test_a_name_never_changes_since_step_functions_remembers_it() -> None:
    job, connection, intent = (sha256(joined).hexdigest()[:24] for joined in (b"job", b"default", b"key\nx"))
    assert run_name("default", "job", "key", "x") == f"{job}-{connection}-{intent}"


@given(TEXT, TEXT, TEXT)
def test_start_once_gives_a_run_the_same_name(connection: str, job: str, intent: str) -> None:
    name = name_by_start_once([job], [connection], ["schedule", intent])
    assert name == run_name(connection, job, "schedule", intent)


def test_start_once_gives_fewer_parts_a_shorter_name() -> None:
    assert name_by_start_once(["a", "b"], ["c"]) == execution_name(("a", "b"), ("c",))


def test_the_documented_command_gives_the_prefix_of_a_jobs_runs() -> None:
    (command,) = [
        block.text for block in code_blocks(ROOT / "docs" / "permissions.md", "sh") if "sha256sum" in block.text
    ]
    printed = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
    assert f"{printed.strip()}-" == connection_and_job_prefix("night", "5Yns7JgRt25f")


def test_the_id_of_an_event_never_changes_since_consumers_remember_it() -> None:
    def hashed(joined: str) -> str:
        return sha256(joined.encode()).hexdigest()

    assert execution_event_id("p", "a", "j", "e", "2") == hashed("execution\np\na\nj\ne\n2")
    assert execution_event_id("p", "a", "j", "e") == hashed("execution\np\na\nj\ne\n")
    assert attention_event_id("a-run", "e", "waiting") == hashed("attention\na-run\ne\nwaiting")
    assert run_event_id("a-run", 1) == hashed("run\na-run\n1")


def test_every_part_of_an_execution_changes_the_id_of_its_event() -> None:
    parts = ["naver", "a", "j", "e", "1"]
    others = [[*parts[:place], "other", *parts[place + 1 :]] for place in range(len(parts))]
    assert len({execution_event_id(*given) for given in (parts, *others)}) == 6


def test_runs_whose_long_names_begin_alike_have_events_of_their_own() -> None:
    names = [(f"{'n' * 70}-{end}", count) for end in ("one", "two") for count in (0, 1)]
    assert len({run_event_id(*name) for name in names}) == 4
