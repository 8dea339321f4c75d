"""What both clouds' replies have in common: words of status, and what is none of a provider's replies."""

import json
from collections.abc import Callable
from itertools import product

import pytest

from farsync.model.execution import Execution, ExecutionStatus, Job
from farsync.providers.huawei import decoding as huawei
from farsync.providers.naver import decoding as naver
from tests.unit.providers.replies import example, instance_from

PENDING, RUNNING = ExecutionStatus.PENDING, ExecutionStatus.RUNNING
SUCCEEDED, FAILED, CANCELED = ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED, ExecutionStatus.CANCELED
KNOWN_WORDS = {
    "naver": [
        ("READY", PENDING),
        ("RUNNING", RUNNING),
        ("COMPLETED", SUCCEEDED),
        ("FAILED", FAILED),
        ("CANCELED", CANCELED),
    ],
    "huawei": [
        *((word, PENDING) for word in ("waiting", "waiting-confirm", "freeze")),
        *((word, RUNNING) for word in ("running", "running-exception", "pause")),
        *((word, SUCCEEDED) for word in ("success", "forceSuccess", "ignoreSuccess")),
        ("fail", FAILED),
        *((word, CANCELED) for word in ("manual-stop", "skip-by-depend", "skip")),
    ],
}
UNKNOWN_WORDS = {
    "naver": ["TIMEOUT", "completed", "CANCELLED", "", "끝"],
    "huawei": ["Success", "SUCCESS", "finished", "stop", "", "成功"],
}


def decode_any(cloud: str, **fields: object) -> Execution:
    if cloud == "huawei":
        return instance_from(**fields)
    return naver.decode_execution(json.dumps({"jobExecutionId": "e", **fields}).encode(), "c", "j")


@pytest.mark.parametrize(
    ("cloud", "word", "status"), [(cloud, *known) for cloud, words in KNOWN_WORDS.items() for known in words]
)
def test_each_documented_word_has_its_status(cloud: str, word: str, status: ExecutionStatus) -> None:
    execution = decode_any(cloud, status=word)
    assert (execution.status, execution.provider_status, execution.is_status_known) == (status, word, True)


@pytest.mark.parametrize(("cloud", "word"), [(cloud, word) for cloud, words in UNKNOWN_WORDS.items() for word in words])
def test_an_unknown_word_is_kept_and_never_an_end(cloud: str, word: str) -> None:
    for flags in ({}, {"forceSuccess": True}):
        execution = decode_any(cloud, status=word, **flags)
        assert (execution.status, execution.provider_status, execution.is_status_known) == (RUNNING, word, False)


@pytest.mark.parametrize("status", [None, ["success"], {"word": "COMPLETED"}])
def test_a_status_that_is_no_word_is_no_end(cloud: str, status: object) -> None:
    assert decode_any(cloud, status=status).status is RUNNING


@pytest.mark.parametrize("odd", [True, {}, ["x"], None])
def test_an_odd_text_counts_as_missing_and_spoils_neither_page_nor_nodes(odd: object) -> None:
    odd_texts = dict.fromkeys(["description", "type", "jobType", "lastExecutionStatus", "lastInstanceStatus"], odd)
    entries = [{"jobId": "a", "name": "a", **odd_texts}, {"jobId": "b", "name": "b", "description": "plain"}]
    for decode in (naver.decode_jobs, huawei.decode_jobs):
        first, second = decode(json.dumps({"list": entries, "jobs": entries}).encode(), 0, 10).items
        assert (first.description, first.type, first.last_execution_status) == (None, None, None)
        assert (first.is_runnable, second.description) == (True, "plain")

    body = json.dumps({"list": [{"jobExecutionId": "a", "jobName": odd, "type": odd}, {"jobExecutionId": "b"}]})
    execution, _ = naver.decode_executions(body.encode(), "c", "j", 0, 10).items
    assert (execution.job_name, execution.is_manual) == (None, None)
    instance = instance_from(jobName=odd, nodes=[{"nodeName": "n", "logPath": odd}])
    assert (instance.job_name, [(node.name, node.log_path) for node in instance.nodes]) == (None, [("n", None)])


@pytest.mark.parametrize(
    ("decode", "body"),
    [
        (naver.decode_job, example("naver", "get_job")),
        (huawei.decode_job, example("huawei", "view_job")),
    ],
)
def test_a_job_reads_the_same_in_our_own_json(decode: Callable[[bytes, str], Job], body: bytes) -> None:
    job = decode(body, json.loads(body).get("jobId", "myJob"))
    written = json.loads(job.model_dump_json(by_alias=True))
    assert written.pop("isRunnable") is True
    assert Job.model_validate_json(json.dumps(written)).model_dump() == job.model_dump()


DECODERS: list[Callable[[bytes], object]] = [
    lambda body: naver.decode_job(body, "j"),
    lambda body: naver.decode_jobs(body, 0, 1),
    lambda body: naver.decode_execution(body, "c", "j"),
    lambda body: naver.decode_executions(body, "c", "j", 0, 1),
    lambda body: huawei.decode_job(body, "j"),
    lambda body: huawei.decode_jobs(body, 0, 1),
    lambda body: huawei.decode_started(body, "j"),
    lambda body: huawei.decode_instance(body, "c", "j", "7"),
    lambda body: huawei.decode_instances(body, "c", "j", 0, 1),
]
NO_REPLIES = [b"", b"true", b"[]", b"{}", b"<html>", b'{"list"', b'{"jobId": ""}', b'{"instanceId": null}', b"\xff"]


@pytest.mark.parametrize(("decode", "body"), list(product(DECODERS, NO_REPLIES)))
def test_what_is_no_reply_of_the_provider_is_no_value(decode: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(ValueError, match=r"validation error|not a list"):
        decode(body)
