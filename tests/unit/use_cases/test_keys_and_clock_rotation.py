"""Keys that are rotated under running functions, against real services of both vendors."""

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
from tests.unit.use_cases.strict_vendor import SECOND_KEYS, CloudName, StrictVendor, strict_vendor

THREADS = 20


@pytest.fixture(params=["naver", "huawei"])
def vendor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StrictVendor]:
    yield from in_a_world(request.param, tmp_path)


@pytest.fixture
def huawei(tmp_path: Path) -> Iterator[StrictVendor]:
    yield from in_a_world("huawei", tmp_path)


def in_a_world(cloud: CloudName, folder: Path) -> Iterator[StrictVendor]:
    metrics.clear_metrics()
    with strict_vendor(cloud, folder) as vendor:
        yield vendor
    metrics.clear_metrics()


def rejections() -> Any:
    return sum(metrics.metric_set.get("KeysRejected", {"Value": []})["Value"])


def test_a_rotated_key_does_not_stay_cached(vendor: StrictVendor) -> None:
    environment = vendor.environment()
    vendor.ask(environment)
    vendor.put_secret(SECOND_KEYS)
    vendor.accept(SECOND_KEYS)
    fetched_before = vendor.secrets_fetched

    vendor.ask(environment)

    assert vendor.statuses() == [401, 200]
    assert vendor.secrets_fetched == fetched_before + 1
    assert rejections() == 1


def test_a_start_with_a_rotated_key_begins_one_execution(vendor: StrictVendor) -> None:
    environment = vendor.environment()
    vendor.ask(environment)
    vendor.put_secret(SECOND_KEYS)
    vendor.accept(SECOND_KEYS)

    vendor.start(environment)

    assert len(vendor.vendor.truly_started(vendor.job)) == 1


@pytest.mark.parametrize("environments_count", [1, THREADS])
def test_a_rotation_in_the_midst_of_many_callers_fails_none(vendor: StrictVendor, environments_count: int) -> None:
    environments = [vendor.environment() for _ in range(environments_count)] * (THREADS // environments_count)
    everybody_is_there = threading.Barrier(THREADS + 1, timeout=30)

    def ask_twice(environment: Context) -> str:
        vendor.ask(environment)
        everybody_is_there.wait()
        everybody_is_there.wait()
        return vendor.ask(environment)

    with ThreadPoolExecutor(THREADS) as pool:
        asked = pool.map(ask_twice, environments)
        everybody_is_there.wait()
        vendor.put_secret(SECOND_KEYS)
        vendor.accept(SECOND_KEYS)
        everybody_is_there.wait()

        assert list(asked) == [vendor.job] * THREADS


def test_keys_that_the_vendor_rotated_before_the_secret_work_as_soon_as_the_secret_holds_them(
    vendor: StrictVendor,
) -> None:
    environment = vendor.environment()
    vendor.ask(environment)
    vendor.accept(SECOND_KEYS)
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            vendor.ask(environment)
    vendor.put_secret(SECOND_KEYS)

    assert vendor.ask(environment) == vendor.job


def test_keys_that_the_secret_got_before_the_vendor_work_after_their_rest(vendor: StrictVendor) -> None:
    environment = vendor.environment()
    vendor.put_secret(SECOND_KEYS)
    with pytest.raises(AuthenticationFailed):
        vendor.ask(environment)
    vendor.accept(SECOND_KEYS)
    vendor.later_seconds = 301

    assert vendor.ask(environment) == vendor.job


def test_rejected_keys_of_huawei_are_not_sent_again_within_the_lock(huawei: StrictVendor) -> None:
    environment = huawei.environment()
    huawei.put_secret(SECOND_KEYS)

    for later_seconds in (0, 1, 60, 299):
        huawei.later_seconds = later_seconds
        with pytest.raises(AuthenticationFailed) as caught:
            huawei.ask(environment)
        assert caught.value.retry_after_seconds == pytest.approx(300 - later_seconds, abs=10)

    assert huawei.statuses() == [401]
    assert rejections() == 1


def test_rejected_keys_of_huawei_rest_under_every_connection_that_holds_them(huawei: StrictVendor) -> None:
    environment = huawei.environment()
    huawei.put_secret(SECOND_KEYS)

    for name in ("default", "other"):
        with pytest.raises(AuthenticationFailed):
            environment.provider(name).list_jobs()

    assert huawei.statuses() == [401]


def test_a_secret_that_changes_in_all_but_its_keys_wakes_no_rejected_keys(huawei: StrictVendor) -> None:
    environment = huawei.environment()
    huawei.put_secret(SECOND_KEYS)
    with pytest.raises(AuthenticationFailed):
        huawei.ask(environment)
    huawei.put_secret({"needsAttentionTimeoutSeconds": 60})

    with pytest.raises(AuthenticationFailed):
        huawei.ask(environment)

    assert huawei.statuses() == [401]


def test_keys_rejected_while_the_reason_of_a_failure_is_looked_up_rest_as_well(huawei: StrictVendor) -> None:
    environment = huawei.environment()
    job = huawei.vendor.make_job(source="no-such-table", run_seconds=0.01)
    execution_id = huawei.start(environment, job)
    failed_word = huawei.vendor.failed_word
    eventually(lambda: huawei.vendor.truly_started(job)[0].status == failed_word)
    huawei.vendor.control("PUT", "faults", [{"operation": "ListJobInstances", "fault": "http_401"}])
    huawei.statuses()

    for _ in range(2):
        with pytest.raises(AuthenticationFailed):
            environment.provider("default").get_execution(job, execution_id)

    assert huawei.statuses() == [200, 401]


def test_keys_that_are_not_allowed_are_read_again_but_not_sent_again(vendor: StrictVendor) -> None:
    environment = vendor.environment()
    vendor.vendor.control("PUT", "faults", [{"operation": "*", "fault": "http_403", "times": 9}])

    with pytest.raises(PermissionDenied):
        vendor.ask(environment)

    assert vendor.statuses() == [403]
    assert vendor.secrets_fetched == 2
    assert rejections() == 1
