import json
import time

import pytest

from farsync.connections.store import ConnectionStore
from tests.support.waiting import eventually
from tests.unit.operations.followed_runs import followed
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.queue_and_tokens import QueueAndTokens

HUAWEI = ["huawei-7-words", "huawei-12-words"]


def stuck(cloud: Cloud) -> QueueAndTokens:
    """A run is followed whose job's node failed, with settings that suspend it until a person decides."""
    aws, run = followed(cloud, cloud.emulator.make_job_that_waits_for_a_person(), labels={"team": "night"})
    eventually(lambda: cloud.provider().get_execution(run["job"], run["executionId"]).attention_reason)
    return aws


@pytest.mark.parametrize("cloud", HUAWEI, indirect=True)
def test_a_state_that_waits_for_a_person_is_emitted_once_and_is_no_end(cloud: Cloud) -> None:
    aws = stuck(cloud)
    (message,) = aws.queue
    aws.deliver(cloud.environment)
    aws.deliver(cloud.environment, message)
    (notice,) = aws.events
    assert notice["type"] == "io.farsync.execution.needs_attention"
    assert notice["data"]["labels"] == {"team": "night"}
    assert notice["data"]["providerStatus"] == "running-exception"
    assert aws.queue == [message]
    assert not aws.outcomes


@pytest.mark.parametrize("cloud", HUAWEI, indirect=True)
def test_a_connection_without_a_grace_period_for_a_person_ends_the_run_as_its_deadline_would(cloud: Cloud) -> None:
    aws = stuck(cloud)
    aws.deliver(cloud.environment)
    secret = json.dumps({**cloud.emulator.secret(), "needsAttentionTimeoutSeconds": 60})
    cloud.environment = cloud.environment._replace(connections=ConnectionStore(lambda _: secret, clock=time.time))
    (notice,) = aws.emitted.values()
    notice["startDate"] -= 61
    aws.deliver(cloud.environment, aws.queue[0])
    (message,) = aws.queue
    run = json.loads(message.body)["run"]
    cloud.wait_until_over(run["job"], run["executionId"])
    aws.deliver(cloud.environment, message)
    assert aws.events[-1]["type"] == "io.farsync.execution.timed_out"
    (outcome,) = aws.outcomes
    assert outcome["error"] == "DeadlineExceeded"
