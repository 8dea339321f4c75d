import time
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.naming import attention_event_id, execution_event_id, run_event_id, run_name

ALLOWED = set(ascii_letters + digits + "_-")
TEXT = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=200)
ENDED_AT = datetime(2025, 3, 21, 2, 27, 47, tzinfo=UTC)


@given(TEXT, TEXT, TEXT)
def test_a_run_of_any_job_for_any_intent_has_a_name_that_step_functions_takes(
    connection: str, job: str, intent: str
) -> None:
    name = run_name(connection, job, "key", intent)
    assert 1 <= len(name) <= 80
    assert set(name) <= ALLOWED


def test_runs_of_one_job_share_a_prefix_and_no_other_job_has_it() -> None:
    prefix = run_name("default", "job", "a").split("-")[0]
    assert run_name("default", "job", "b").startswith(prefix)
    assert not run_name("other", "job", "a").startswith(prefix)


def test_the_same_intent_is_the_same_run_and_another_intent_another() -> None:
    assert run_name("c", "j", "schedule", "2026-11-21") == run_name("c", "j", "schedule", "2026-11-21")
    assert run_name("c", "j", "schedule", "2026-11-21") != run_name("c", "j", "schedule", "2026-11-22")


def test_names_do_not_depend_on_where_a_boundary_between_parts_falls() -> None:
    assert run_name("ab", "c", "x") != run_name("a", "bc", "x")


def test_a_name_is_made_as_the_state_machines_make_it() -> None:
    prefix, intent = (sha256(joined).hexdigest()[:32] for joined in (b"default\njob", b"key\nx"))
    assert run_name("default", "job", "key", "x") == f"{prefix}-{intent}"


def test_the_id_of_an_event_never_changes_since_consumers_remember_it() -> None:
    def hashed(joined: str) -> str:
        return sha256(joined.encode()).hexdigest()

    end = "execution\np\na\nj\ne\n"
    assert execution_event_id("p", "a", "j", "e", ENDED_AT) == hashed(f"{end}2025-03-21T02:27:47+00:00")
    assert execution_event_id("p", "a", "j", "e", None) == hashed(end)
    assert attention_event_id("a-run", "e", "waiting") == hashed("attention\na-run\ne\nwaiting")
    assert run_event_id("a-run") == hashed("run\na-run")


def test_the_id_of_an_event_does_not_depend_on_where_a_function_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    in_utc = execution_event_id("p", "a", "j", "e", ENDED_AT)
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    in_seoul = execution_event_id("p", "a", "j", "e", ENDED_AT)
    monkeypatch.undo()
    time.tzset()

    assert in_seoul == in_utc


def test_one_end_has_one_id_in_whatever_time_zone_it_is_told() -> None:
    in_seoul = ENDED_AT.astimezone(timezone(timedelta(hours=9)))
    assert execution_event_id("naver", "a", "j", "e", ENDED_AT) == execution_event_id("naver", "a", "j", "e", in_seoul)


def test_every_part_of_an_execution_changes_the_id_of_its_event() -> None:
    ids = {
        execution_event_id("naver", "a", "j", "e", ENDED_AT),
        execution_event_id("huawei", "a", "j", "e", ENDED_AT),
        execution_event_id("naver", "b", "j", "e", ENDED_AT),
        execution_event_id("naver", "a", "k", "e", ENDED_AT),
        execution_event_id("naver", "a", "j", "f", ENDED_AT),
        execution_event_id("naver", "a", "j", "e", ENDED_AT + timedelta(seconds=1)),
        execution_event_id("naver", "a", "j", "e", None),
        run_event_id("e"),
    }
    assert len(ids) == 8
