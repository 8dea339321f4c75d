"""Keys that are rotated under running functions, against real services of both providers."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from farsync.model.errors import AuthenticationFailed, PermissionDenied
from farsync.runtime.context import Context
from farsync.runtime.observability import metrics
from tests.support.waiting import eventually
from tests.unit.operations.strict_provider import SECOND_KEYS, CloudName, StrictProvider, strict_provider

THREADS = 20


@pytest.fixture(params=["naver", "huawei"])
def emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StrictProvider]:
    yield from in_a_world(request.param, tmp_path)


@pytest.fixture
def huawei(tmp_path: Path) -> Iterator[StrictProvider]:
    yield from in_a_world("huawei", tmp_path)


def in_a_world(cloud: CloudName, folder: Path) -> Iterator[StrictProvider]:
    metrics.clear_metrics()
    with strict_provider(cloud, folder) as emulator:
        yield emulator
    metrics.clear_metrics()


def rejections() -> Any:
    return sum(metrics.metric_set.get("KeysRejected", {"Value": []})["Value"])


def test_a_rotated_key_does_not_stay_cached(emulator: StrictProvider) -> None:
    environment = emulator.environment()
    emulator.ask(environment)
    emulator.put_secret(SECOND_KEYS)
    emulator.accept(SECOND_KEYS)
    fetched_before = emulator.secrets_fetched

    emulator.ask(environment)

    assert emulator.statuses() == [401, 200]
    assert emulator.secrets_fetched == fetched_before + 1
    assert rejections() == 1


def test_a_start_with_a_rotated_key_begins_one_execution(emulator: StrictProvider) -> None:
    environment = emulator.environment()
    emulator.ask(environment)
    emulator.put_secret(SECOND_KEYS)
    emulator.accept(SECOND_KEYS)

    emulator.start(environment)

    assert len(emulator.emulator.truly_started(emulator.job)) == 1


@pytest.mark.parametrize("environments_count", [1, THREADS])
def test_a_rotation_in_the_midst_of_many_callers_fails_none(emulator: StrictProvider, environments_count: int) -> None:
    environments = [emulator.environment() for _ in range(environments_count)] * (THREADS // environments_count)
    everybody_is_there = threading.Barrier(THREADS + 1, timeout=30)

    def ask_twice(environment: Context) -> str:
        emulator.ask(environment)
        everybody_is_there.wait()
        everybody_is_there.wait()
        return emulator.ask(environment)

    with ThreadPoolExecutor(THREADS) as pool:
        asked = pool.map(ask_twice, environments)
        everybody_is_there.wait()
        emulator.put_secret(SECOND_KEYS)
        emulator.accept(SECOND_KEYS)
        everybody_is_there.wait()

        assert list(asked) == [emulator.job] * THREADS


def test_keys_that_the_provider_rotated_before_the_secret_work_as_soon_as_the_secret_holds_them(
    emulator: StrictProvider,
) -> None:
    environment = emulator.environment()
    emulator.ask(environment)
    emulator.accept(SECOND_KEYS)
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            emulator.ask(environment)
    emulator.put_secret(SECOND_KEYS)

    assert emulator.ask(environment) == emulator.job


def test_keys_that_the_secret_got_before_the_provider_work_after_their_rest(emulator: StrictProvider) -> None:
    environment = emulator.environment()
    emulator.put_secret(SECOND_KEYS)
    with pytest.raises(AuthenticationFailed):
        emulator.ask(environment)
    emulator.accept(SECOND_KEYS)
    emulator.later_seconds = 301

    assert emulator.ask(environment) == emulator.job


def test_rejected_keys_of_huawei_are_not_sent_again_within_the_lock(huawei: StrictProvider) -> None:
    environment = huawei.environment()
    huawei.put_secret(SECOND_KEYS)

    for later_seconds in (0, 1, 60, 299):
        huawei.later_seconds = later_seconds
        with pytest.raises(AuthenticationFailed) as caught:
            huawei.ask(environment)
        assert caught.value.retry_after_seconds == pytest.approx(300 - later_seconds, abs=10)

    assert huawei.statuses() == [401]
    assert rejections() == 1


def test_rejected_keys_of_huawei_rest_under_every_connection_that_holds_them(huawei: StrictProvider) -> None:
    environment = huawei.environment()
    huawei.put_secret(SECOND_KEYS)

    for name in ("default", "other"):
        with pytest.raises(AuthenticationFailed):
            environment.provider(name).list_jobs()

    assert huawei.statuses() == [401]


def test_a_secret_that_changes_in_all_but_its_keys_wakes_no_rejected_keys(huawei: StrictProvider) -> None:
    environment = huawei.environment()
    huawei.put_secret(SECOND_KEYS)
    with pytest.raises(AuthenticationFailed):
        huawei.ask(environment)
    huawei.put_secret({"needsAttentionTimeoutSeconds": 60})

    with pytest.raises(AuthenticationFailed):
        huawei.ask(environment)

    assert huawei.statuses() == [401]


def test_keys_rejected_while_the_reason_of_a_failure_is_looked_up_rest_as_well(huawei: StrictProvider) -> None:
    environment = huawei.environment()
    job = huawei.emulator.make_job(source="no-such-table", run_seconds=0.01)
    execution_id = huawei.start(environment, job)
    failed_word = huawei.emulator.failed_word
    eventually(lambda: huawei.emulator.truly_started(job)[0].status == failed_word)
    huawei.emulator.control("PUT", "faults", [{"operation": "ListJobInstances", "fault": "http_401"}])
    huawei.statuses()

    for _ in range(2):
        with pytest.raises(AuthenticationFailed):
            environment.provider("default").get_execution(job, execution_id)

    assert huawei.statuses() == [200, 401]


def test_keys_that_are_not_allowed_are_read_again_but_not_sent_again(emulator: StrictProvider) -> None:
    environment = emulator.environment()
    emulator.emulator.control("PUT", "faults", [{"operation": "*", "fault": "http_403", "times": 9}])

    with pytest.raises(PermissionDenied):
        emulator.ask(environment)

    assert emulator.statuses() == [403]
    assert emulator.secrets_fetched == 2
    assert rejections() == 1
