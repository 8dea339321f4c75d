"""A machine's clock that is off, against real services of both providers, each with a clock of its own."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import LogLines
from farsync.model.errors import AuthenticationFailed
from farsync.runtime.context import Context
from farsync.runtime.observability import metrics
from tests.unit.operations.queue_and_tokens import VARIABLES, QueueAndTokens
from tests.unit.operations.strict_provider import SECOND_KEYS, StrictProvider, strict_provider

HOUR = 3600.0


@pytest.fixture(params=["naver", "huawei"])
def emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StrictProvider]:
    with strict_provider(request.param, tmp_path) as emulator:
        yield emulator


@pytest.fixture
def environment(emulator: StrictProvider) -> Context:
    return emulator.environment()


def run_of(execution_id: str, job: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "startedAt": now.isoformat(),
        "deadlineAt": (now + timedelta(minutes=30)).isoformat(),
        "connection": "default",
        "provider": "any",
        "job": job,
        "executionId": execution_id,
    }


@pytest.mark.parametrize("ahead_seconds", [2 * HOUR, -2 * HOUR])
def test_clock_drift_fails_no_call_and_is_learned_once(
    emulator: StrictProvider, environment: Context, ahead_seconds: float
) -> None:
    emulator.ahead_seconds = ahead_seconds

    emulator.ask(environment)
    assert emulator.statuses() == [401, 200]

    emulator.ask(environment)
    assert emulator.statuses() == [200]


def test_a_start_rejected_for_its_date_is_posted_again_and_one_execution_begins(
    emulator: StrictProvider, environment: Context
) -> None:
    emulator.ahead_seconds = 2 * HOUR

    execution_id = emulator.start(environment)

    assert [status // 100 for status in emulator.statuses()] == [4, 2]
    assert [started.execution_id for started in emulator.emulator.truly_started(emulator.job)] == [execution_id]


def test_a_cancel_rejected_for_its_date_is_sent_again(emulator: StrictProvider, environment: Context) -> None:
    execution_id = emulator.start(environment)
    emulator.ahead_seconds = 2 * HOUR

    environment.provider("default").cancel(emulator.job, execution_id)

    assert 401 in emulator.statuses()
    assert [started.status for started in emulator.emulator.truly_started(emulator.job)] == [
        emulator.emulator.canceled_word
    ]


def test_a_clock_that_was_set_right_meanwhile_is_learned_anew(emulator: StrictProvider, environment: Context) -> None:
    emulator.ahead_seconds = 2 * HOUR
    emulator.ask(environment)
    emulator.ahead_seconds = 0
    emulator.statuses()

    emulator.ask(environment)

    assert emulator.statuses() == [401, 200]
    assert abs(environment.connections.provider_clock("default").offset_seconds) < 5


def test_a_difference_that_the_provider_allows_is_left_alone(emulator: StrictProvider, environment: Context) -> None:
    emulator.ahead_seconds = 240

    emulator.ask(environment)

    assert emulator.statuses() == [200]
    assert environment.connections.provider_clock("default").offset_seconds == 0


def test_one_node_of_a_gateway_whose_clock_is_off_fails_no_call(emulator: StrictProvider, environment: Context) -> None:
    operation = {"naver": "getJob", "huawei": "ListJobs"}[emulator.cloud]
    emulator.emulator.control("PUT", "faults", [{"operation": operation, "fault": "clock_skew", "seconds": 1200}])

    emulator.ask(environment)

    assert emulator.statuses() == [401, 401, 200]


def test_wrong_keys_under_a_wrong_clock_are_still_wrong_keys(emulator: StrictProvider, environment: Context) -> None:
    emulator.put_secret(SECOND_KEYS)
    emulator.ahead_seconds = 2 * HOUR

    with pytest.raises(AuthenticationFailed):
        emulator.ask(environment)

    # One for the date, and then as often as wrong keys are tried: Huawei Cloud's once.
    assert emulator.statuses() == [401] * {"naver": 3, "huawei": 2}[emulator.cloud]


def test_what_a_run_knows_time_goes_by_our_own_clock(emulator: StrictProvider, environment: Context) -> None:
    execution_id = emulator.start(environment)
    emulator.ahead_seconds = 2 * HOUR

    aws = QueueAndTokens(time.time)
    aws.follow({**run_of(execution_id, emulator.job), "maxDetectionDelaySeconds": 3})
    aws.deliver(environment._replace(aws=aws, variables=VARIABLES))

    # By the provider's clock the deadline, half an hour away, would be over, and the execution cancelled.
    (message,) = aws.queue
    assert message.visible_at - time.time() <= 3
    assert abs(environment.now().timestamp() - time.time()) < 5


def test_the_newest_executions_are_listed_by_a_clock_that_is_hours_behind(
    emulator: StrictProvider, environment: Context
) -> None:
    emulator.ahead_seconds = 3 * HOUR
    execution_id = emulator.start(emulator.environment())

    page = environment.provider("default").list_executions(emulator.job)

    assert [execution.ref.execution_id for execution in page.items] == [execution_id]


def test_a_list_says_the_providers_own_time(emulator: StrictProvider, environment: Context) -> None:
    emulator.ahead_seconds = 120

    page = environment.provider("default").list_executions(emulator.job)

    assert page.served_at is not None
    assert abs(page.served_at.timestamp() - time.time() - 120) < 10


def test_a_correction_is_logged_and_counted(
    emulator: StrictProvider, environment: Context, log_lines: LogLines
) -> None:
    metrics.clear_metrics()
    emulator.ahead_seconds = -2 * HOUR

    emulator.ask(environment)
    emulator.ask(environment)

    assert metrics.metric_set["ClockCorrections"]["Value"] == [1.0]
    (line,) = [line for line in log_lines() if "offset_seconds" in line]
    assert line["offset_seconds"] == pytest.approx(-2 * HOUR, abs=5)
    metrics.clear_metrics()
