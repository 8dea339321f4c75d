"""Which ends belong to a look where clocks differ and times are missing, and what is not told yet."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from farsync.environment import Environment
from farsync.errors import AmbiguousStart, Throttled
from farsync.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.invocation import Invocation
from farsync.naming import run_name
from farsync.providers.protocol import ExecutionPage
from farsync.watching import ENOUGH_CHARACTERS, ENOUGH_SECONDS, watch
from tests.unit.use_cases.step_functions_memory import RUN_JOB_ARN, StepFunctions, WalkedRun

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def execution(name: str, ended_at: datetime | None, created_at: datetime | None = NOON - 60 * MINUTE) -> Execution:
    return Execution(
        ref=ExecutionRef(connection="default", job="a-job", execution_id=name),
        status=ExecutionStatus.SUCCEEDED,
        vendor_status="COMPLETED",
        created_at=created_at,
        started_at=created_at,
        ended_at=ended_at,
    )


class AVendor:
    """`now` is the vendor's clock; a look at one execution takes `look_seconds` of ours."""

    def __init__(self, *executions: Execution, served_at: datetime | None = NOON) -> None:
        self.executions = {one.ref.execution_id: one for one in executions}
        self.served_at = served_at
        self.look_seconds = 0.0
        self.clock = NOON.timestamp()
        self.step_functions = StepFunctions({})

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        assert (job, page) == ("a-job", 0)
        return ExecutionPage(tuple(self.executions.values()), len(self.executions), page, limit, self.served_at)

    def get_execution(self, job: str, execution_id: str) -> Execution:
        assert job == "a-job"
        self.clock += self.look_seconds
        return self.executions[execution_id]

    def tell(self, **asked: Any) -> dict[str, Any]:
        """A look at what has ended within the last ten minutes."""
        connection = SimpleNamespace(provider="naver", account="host", watched_failure_reasons=False)
        environment = SimpleNamespace(
            clock=lambda: self.clock,
            now=lambda: datetime.fromtimestamp(self.clock, UTC),
            with_provider=lambda _, action: action(self, connection),
            aws=self.step_functions,
            connections=SimpleNamespace(get=lambda _: connection),
            variables={"RUN_JOB_ARN": RUN_JOB_ARN},
        )
        payload = {"job": "a-job", "since": (NOON - 10 * MINUTE).isoformat(), **asked}
        answer = watch(cast(Environment, environment), Invocation("state_machine", payload))
        return answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)

    def told(self, **asked: Any) -> list[str]:
        return [event["subject"] for event in self.tell(**asked)["events"]]

    def remember_a_start(self, started_at: datetime, status: str = "RUNNING") -> None:
        """A run that has posted a start and does not know its execution."""
        name = run_name("default", "a-job", str(started_at))
        stopped_at = None if status == "RUNNING" else NOON.timestamp()
        run = WalkedRun(name, {"job": "a-job"}, "", started_at.timestamp(), status=status, stopped_at=stopped_at)
        run.note_start(started_at.timestamp())
        if stopped_at is not None:
            run.history.now = stopped_at
            run.history.ended(status)
        self.step_functions.runs.append(run)


@pytest.mark.parametrize("ahead", [-60 * MINUTE, timedelta(), 60 * MINUTE])
def test_ends_are_compared_by_the_vendors_own_clock(ahead: timedelta) -> None:
    vendor = AVendor(
        execution("old", NOON + ahead - 11 * MINUTE),
        execution("new", NOON + ahead - 9 * MINUTE),
        served_at=NOON + ahead,
    )
    assert vendor.told() == ["new"]


def test_without_a_date_from_the_vendor_the_clocks_are_taken_as_one() -> None:
    vendor = AVendor(execution("old", NOON - 11 * MINUTE), execution("new", NOON - 9 * MINUTE), served_at=None)
    assert vendor.told() == ["new"]


def test_the_oldest_end_is_told_first() -> None:
    vendor = AVendor(execution("second", NOON - MINUTE), execution("first", NOON - 2 * MINUTE))
    assert vendor.told() == ["first", "second"]


@pytest.mark.parametrize(("hours", "expected"), [(23, ["endless"]), (25, [])])
def test_an_end_without_a_time_is_told_as_long_as_it_may_be_new(hours: int, expected: list[str]) -> None:
    assert AVendor(execution("endless", None, NOON - timedelta(hours=hours))).told() == expected
    assert AVendor(execution("timeless", None, None)).told() == ["timeless"]


def test_finer_times_than_milliseconds_are_told_once() -> None:
    moment = NOON - MINUTE + timedelta(microseconds=1234)
    vendor = AVendor(execution("a", moment), execution("b", moment + timedelta(microseconds=100)))
    mark = {"endedAt": "2026-11-21T11:59:00.001Z", "executionId": "a"}
    assert vendor.told(after=mark) == ["b"]


def test_an_answer_that_grows_large_ends_early_and_says_where_to_go_on() -> None:
    vendor = AVendor(*(execution(f"{number}", NOON - (9 - number) * MINUTE) for number in range(4)))
    long_path = "x" * (ENOUGH_CHARACTERS // 2)
    vendor.executions = {
        name: one.model_copy(update={"log_paths": (long_path,)}) for name, one in vendor.executions.items()
    }
    answer = vendor.tell()
    assert [event["subject"] for event in answer["events"]] == ["0", "1"]
    assert answer["next"] == {"endedAt": "2026-11-21T11:52:00Z", "executionId": "1"}
    assert vendor.told(after=answer["next"]) == ["2", "3"]
    assert len(json.dumps(answer)) < 2 * ENOUGH_CHARACTERS


def test_an_answer_that_takes_long_ends_early() -> None:
    vendor = AVendor(*(execution(f"{number}", NOON - (9 - number) * MINUTE) for number in range(4)))
    vendor.look_seconds = ENOUGH_SECONDS * 0.6
    assert vendor.told() == ["0", "1"]


@pytest.mark.parametrize("ahead", [timedelta(), 60 * MINUTE])
def test_where_to_go_on_in_a_later_look_is_told_by_our_clock(ahead: timedelta) -> None:
    vendor = AVendor(
        *(execution(f"{number}", NOON + ahead - (9 - number) * MINUTE) for number in range(3)), served_at=NOON + ahead
    )
    vendor.look_seconds = ENOUGH_SECONDS + 1
    assert vendor.tell()["toldUntil"] == "2026-11-21T11:50:59Z"


def test_what_may_be_of_a_start_that_is_under_way_is_not_told_yet() -> None:
    vendor = AVendor(execution("whose", NOON - MINUTE, created_at=NOON - 2 * MINUTE))
    vendor.remember_a_start(NOON - 2 * MINUTE)
    with pytest.raises(AmbiguousStart, match="whose may be the one"):
        vendor.told()


@pytest.mark.parametrize(
    "remember",
    [
        lambda vendor: vendor.remember_a_start(NOON - MINUTE),
        lambda vendor: vendor.remember_a_start(NOON - 3 * MINUTE, status="FAILED"),
    ],
    ids=["created before", "the run is over"],
)
def test_what_cannot_be_of_the_start_under_way_is_told(remember: Callable[[AVendor], None]) -> None:
    vendor = AVendor(execution("nobodys", NOON - MINUTE, created_at=NOON - 2 * MINUTE))
    remember(vendor)
    assert vendor.told() == ["nobodys"]


def test_aws_that_does_not_answer_is_no_sign_that_no_run_holds_it() -> None:
    vendor = AVendor(execution("whose", NOON - MINUTE))
    vendor.step_functions.refuses_with = "ThrottlingException"
    with pytest.raises(Throttled):
        vendor.told()
