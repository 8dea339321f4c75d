"""Keys that are rotated under running functions, against services of both providers."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from farsync.model.errors import AuthenticationFailed
from farsync.runtime.context import Context
from farsync.runtime.observability import metrics
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import DATAARTS, only

THREADS = 20
NEW = {"access_key": "SECOND", "secret_key": "second-secret"}
NEW_SECRET = {"accessKey": "SECOND", "secretKey": "second-secret"}


@pytest.fixture(autouse=True)
def _metrics() -> Iterator[None]:
    metrics.clear_metrics()
    yield
    metrics.clear_metrics()


@pytest.fixture
def job(slow_cloud: Cloud) -> str:
    """The secret holds what the provider accepts until one of them changes."""
    job = slow_cloud.job
    slow_cloud.connection = {name: slow_cloud.emulator.description[name] for name in ("accessKey", "secretKey")}
    slow_cloud.emulator.statuses()
    return job


def ask(cloud: Cloud, job: str, environment: Context | None = None) -> str:
    return (environment or cloud.environment).provider("default").get_job(job, is_timeout_needed=False).job


def rejections() -> Any:
    return sum(metrics.metric_set.get("KeysRejected", {"Value": []})["Value"])


def test_a_rotated_key_does_not_stay_cached(slow_cloud: Cloud, job: str) -> None:
    ask(slow_cloud, job)
    slow_cloud.connection = NEW_SECRET
    slow_cloud.emulator.accept(**NEW)
    fetched_before = len(slow_cloud.secrets_fetched)
    condition = slow_cloud.provider().get_job(job).condition
    assert slow_cloud.emulator.statuses()[:2] == [401, 200]
    assert len(slow_cloud.secrets_fetched) == fetched_before + 1
    assert rejections() == 1
    slow_cloud.provider().start(job, condition=condition, parameters={})
    assert len(slow_cloud.emulator.truth()) == 1


@pytest.mark.parametrize("environments_count", [1, THREADS])
def test_a_rotation_in_the_midst_of_many_callers_fails_none(
    slow_cloud: Cloud, job: str, environments_count: int
) -> None:
    environments = [slow_cloud.new_environment() for _ in range(environments_count)] * (THREADS // environments_count)
    everybody_is_there = threading.Barrier(THREADS + 1, timeout=30)

    def ask_twice(environment: Context) -> str:
        ask(slow_cloud, job, environment)
        everybody_is_there.wait()
        everybody_is_there.wait()
        return ask(slow_cloud, job, environment)

    with ThreadPoolExecutor(THREADS) as pool:
        asked = pool.map(ask_twice, environments)
        everybody_is_there.wait()
        slow_cloud.connection = NEW_SECRET
        slow_cloud.emulator.accept(**NEW)
        everybody_is_there.wait()
        assert list(asked) == [job] * THREADS


@DATAARTS
def test_rejected_keys_of_huawei_are_not_sent_again_within_the_lock(slow_cloud: Cloud, job: str) -> None:
    slow_cloud.connection = NEW_SECRET
    rejected_at = slow_cloud.clock()
    for later_seconds in (0, 1, 60, 299):
        slow_cloud.clock.now = max(slow_cloud.clock.now, rejected_at + later_seconds)
        with pytest.raises(AuthenticationFailed) as caught:
            ask(slow_cloud, job)
        assert caught.value.retry_after_seconds == pytest.approx(300 - later_seconds, abs=10)
    with pytest.raises(AuthenticationFailed):
        slow_cloud.environment.provider("another-that-holds-them").list_jobs()
    slow_cloud.connection = {**NEW_SECRET, "needsAttentionTimeoutSeconds": 60}
    with pytest.raises(AuthenticationFailed):
        ask(slow_cloud, job)
    assert slow_cloud.emulator.statuses() == [401]
    assert rejections() == 1


@only("cloud", "dataarts")
def test_keys_rejected_while_the_reason_of_a_failure_is_read_rest_as_well(cloud: Cloud) -> None:
    job = cloud.emulator.make_job(source="no-such-table")
    execution_id = cloud.emulator.start_by_hand(job)
    cloud.wait_until_over(execution_id)
    cloud.emulator.fail_every("list_executions", "http_401")
    cloud.emulator.statuses()
    for _ in range(2):
        with pytest.raises(AuthenticationFailed):
            cloud.provider().get_execution(job, execution_id)
    assert cloud.emulator.statuses() == [200, 401]
