"""What the words of DataArts Factory's two vocabularies, and the flags beside them, mean for a run."""

from typing import Any

import pytest

from farsync.model.execution import ExecutionStatus
from tests.unit.providers.huawei_replies import instance_from, list_of, node_from

PENDING, RUNNING = ExecutionStatus.PENDING, ExecutionStatus.RUNNING
SUCCEEDED, FAILED, CANCELED = ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED, ExecutionStatus.CANCELED


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("waiting", PENDING),
        ("waiting-confirm", PENDING),
        ("freeze", PENDING),
        ("running", RUNNING),
        ("running-exception", RUNNING),
        ("pause", RUNNING),
        ("success", SUCCEEDED),
        ("forceSuccess", SUCCEEDED),
        ("ignoreSuccess", SUCCEEDED),
        ("fail", FAILED),
        ("manual-stop", CANCELED),
        ("skip-by-depend", CANCELED),
        ("skip", CANCELED),
    ],
)
def test_each_word_of_either_vocabulary_has_its_status(word: str, status: ExecutionStatus) -> None:
    execution = instance_from(status=word)

    assert (execution.status, execution.provider_status, execution.is_status_known) == (status, word, True)


@pytest.mark.parametrize("word", ["Success", "SUCCESS", "finished", "stop", "", "成功"])
def test_an_unknown_word_is_kept_and_never_an_end(word: str) -> None:
    for flags in ({}, {"forceSuccess": True}):
        execution = instance_from(status=word, **flags)

        assert (execution.status, execution.provider_status, execution.is_status_known) == (RUNNING, word, False)


@pytest.mark.parametrize("status", [None, ["success"], {"word": "success"}])
def test_a_status_that_is_no_word_is_no_end(status: object) -> None:
    assert instance_from(status=status).status is RUNNING


@pytest.mark.parametrize("word", ["running-exception", "pause", "freeze", "waiting-confirm"])
def test_a_state_that_waits_for_a_person_says_so_and_is_no_end(word: str) -> None:
    execution = instance_from(status=word)

    assert execution.needs_attention
    assert "console" in str(execution.attention_reason)
    assert not execution.status.is_terminal


@pytest.mark.parametrize("word", ["waiting", "running", "success", "fail", "manual-stop", "something-new"])
def test_no_other_state_asks_for_a_person(word: str) -> None:
    assert not instance_from(status=word).needs_attention


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"status": "success"}, None),
        ({"status": "success", "forceSuccess": True}, "forced"),
        ({"status": "forceSuccess"}, "forced"),
        ({"status": "success", "ignoreSuccess": True}, "failure_ignored"),
        ({"status": "ignoreSuccess"}, "failure_ignored"),
        ({"status": "fail", "forceSuccess": True}, "forced"),
    ],
)
def test_forced_and_ignored_success_is_a_success_in_either_form(fields: dict[str, Any], kind: str | None) -> None:
    for execution in (instance_from(**fields), list_of({"instanceId": 7, **fields}).items[0]):
        assert (execution.status, execution.success_kind) == (SUCCEEDED, kind)


@pytest.mark.parametrize("word", ["running", "running-exception", "waiting", "pause"])
def test_a_flag_of_success_is_no_end_while_the_instance_goes_on(word: str) -> None:
    execution = instance_from(status=word, forceSuccess=True, ignoreSuccess=True)

    assert (execution.status.is_terminal, execution.success_kind) == (False, None)


@pytest.mark.parametrize(
    ("word", "status"),
    [("waiting", PENDING), ("running", RUNNING), ("skip", CANCELED), ("manual-stop", CANCELED), ("new", RUNNING)],
)
def test_a_nodes_word_has_its_status(word: str, status: ExecutionStatus) -> None:
    node = node_from(status=word)

    assert (node.status, node.provider_status) == (status, word)
