"""Both providers' services in this process, under a clock that stands until it is moved; requests take no socket."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

import requests
from requests.auth import AuthBase

from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from farsync.signing.naver import NaverAuth, NaverKeys
from sandbox import huawei_dataarts, naver_dataflow
from sandbox.huawei_dataarts.account import resolve_account
from sandbox.huawei_dataarts.service import Service as DataArtsService
from sandbox.naver_dataflow.service import Service as DataFlowService
from sandbox.naver_dataflow.settings import resolve_keys
from sandbox.provider_service.front import Front
from sandbox.provider_service.http_messages import Reply, Request
from tests.support.emulators import RUN_SETTINGS, Emulator, Huawei, Naver
from tests.support.waiting import eventually
from tests.unit.operations.in_process import InProcess

ENDPOINT = "http://127.0.0.1:9"
HALF_A_ROUND_TRIP_SECONDS = 0.05
BEYOND_ANY_TEST_SECONDS = 80_000.0


class FakeClock:
    """Epoch seconds; stands still but for `sleep`."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class TrueExecution(NamedTuple):
    """An execution in the provider's own ledger; `value` is that of the parameter it was started with."""

    execution_id: str
    job: str
    value: str
    status: str
    created_at: float
    """By the provider's clock."""
    is_cancel_requested: bool


class Service(Protocol):
    @property
    def front(self) -> Front: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class EmulatorInProcess(Emulator):
    """A provider whose service can be stopped and served again. Executions wait in its queue for as long as a test
    lasts, unless they are started within `ending_at_once`.
    """

    ledger_keys: ClassVar[tuple[str, str, str, str]]
    """How the ledger calls an execution's id, its job, its parameters, and when its cancel was asked for."""
    job_key: ClassVar[str]
    ended_words: ClassVar[frozenset[str]]
    now: Callable[[], float]
    exchanges = 0
    """How many requests have reached the service."""
    tells_the_time = True
    """Whether replies have a date."""
    _clock: FakeClock
    _build: Callable[[], Service]
    _service: Service | None

    def serve(self) -> None:
        self._service = self._build()
        self._service.start()

    def stop(self) -> None:
        if self._service is not None:
            self._service.stop()
            self._service = None

    @property
    def is_serving(self) -> bool:
        return self._service is not None

    def session(self) -> requests.Session:
        session = requests.Session()
        session.mount("http://", InProcess(self._exchange, lambda: self.is_serving))
        return session

    def control(self, method: str, what: str, body: object = None) -> Any:
        assert self._service is not None, "the provider is down"
        reply = self._service.front.answer(Request(method, f"/_sandbox/{what}", {}, json.dumps(body).encode()))
        assert reply.status < 300, reply.body
        return json.loads(reply.body) if reply.body else None

    def call(self, method: str, path: str, body: object, auth: AuthBase) -> Any:
        content = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        with self.session() as session:
            reply = session.request(method, ENDPOINT + path, data=content, headers=headers, auth=auth)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def truth(self) -> list[TrueExecution]:
        """Every execution truly started, oldest first."""
        execution_id, job, parameters, cancel = self.ledger_keys
        return [
            TrueExecution(
                execution_id=str(entry[execution_id]),
                job=entry[job],
                value=entry[parameters].get(self.parameter, ""),
                status=entry["status"],
                created_at=datetime.fromisoformat(entry["startedAt"]).timestamp(),
                is_cancel_requested=entry[cancel] is not None,
            )
            for entry in self.control("GET", "ledger")
        ]

    @contextmanager
    def faults(self, job: str, operation: str, fault: Mapping[str, Any] | None) -> Iterator[None]:
        """One fault for as long as this lasts, however often the request is repeated."""
        rules = [{"operation": self.operations[operation], "job": job, "times": 99, **fault}] if fault else []
        if operation == "list_executions":
            # The instance list names its job in the query, where fault rules do not look.
            rules = [{name: value for name, value in rule.items() if name != "job"} for rule in rules]
        if rules:
            self.control("PUT", "faults", rules)
        yield
        if rules and self.is_serving:
            self.control("PUT", "faults", [])

    @contextmanager
    def ending_at_once(self, job: str, *, is_wanted: bool) -> Iterator[None]:
        """What is started meanwhile is over afterwards."""
        if not is_wanted:
            yield
            return
        self.control("PUT", "pace", {self.job_key: job, "queueSeconds": 0, "runSeconds": 0})
        before = {one.execution_id for one in self.truth()}
        yield
        self.control("PUT", "pace", {self.job_key: job, "queueSeconds": BEYOND_ANY_TEST_SECONDS})
        eventually(
            lambda: all(one.status in self.ended_words for one in self.truth() if one.execution_id not in before)
        )

    def start_by_hand(self, job: str, value: str, *, by_schedule: bool) -> None:
        """A start that is none of ours."""
        raise NotImplementedError

    def _exchange(self, request: Request) -> Reply:
        """Raises ConnectionDropped."""
        assert self._service is not None
        self.exchanges += 1
        self._clock.sleep(HALF_A_ROUND_TRIP_SECONDS)
        reply = self._service.front.answer(request)
        self._clock.sleep(HALF_A_ROUND_TRIP_SECONDS)
        dated = {name: value for name, value in reply.headers.items() if name != "Date" or self.tells_the_time}
        return replace(reply, headers=dated)


class NaverInProcess(EmulatorInProcess, Naver):
    ledger_keys = ("jobExecutionId", "jobId", "parameters", "cancelRequestedAt")
    job_key = "jobId"
    ended_words = frozenset({"COMPLETED", "FAILED", "CANCELED"})

    def __init__(self, folder: Path, clock: FakeClock, ahead_seconds: float, **settings: Any) -> None:
        self._clock = clock
        self.now = lambda: clock() + ahead_seconds
        wanted = naver_dataflow.Settings(folder, queue_seconds=BEYOND_ANY_TEST_SECONDS, run_seconds=0, **settings)
        wanted.buckets_folder.mkdir(parents=True, exist_ok=True)
        keys = resolve_keys(wanted)
        self._build = lambda: DataFlowService(wanted, keys, self.now)
        described = {"accessKey": keys.access_key, "secretKey": keys.secret_key}
        places = {"endpoint": ENDPOINT, "bucketsDir": str(wanted.buckets_folder)}
        super().__init__({**described, **places}, wanted.dialect)
        self._auth = NaverAuth(NaverKeys(keys.access_key, keys.secret_key), self.now)
        self.serve()

    def start_by_hand(self, job: str, value: str, *, by_schedule: bool) -> None:
        trigger = "?triggerId=trigger1" if by_schedule else ""
        body = {"jobCondition": RUN_SETTINGS, "parameters": {self.parameter: value}}
        self.call("POST", f"/api/v1/jobs/{job}/executions{trigger}", body, self._auth)


class HuaweiInProcess(EmulatorInProcess, Huawei):
    ledger_keys = ("instanceId", "jobName", "jobParams", "stopRequestedAt")
    job_key = "jobName"
    ended_words = frozenset({"success", "fail", "manual-stop"})

    def __init__(self, folder: Path, clock: FakeClock, ahead_seconds: float) -> None:
        self._clock = clock
        self.now = lambda: clock() + ahead_seconds
        wanted = huawei_dataarts.Settings(
            folder,
            queue_seconds=BEYOND_ANY_TEST_SECONDS,
            run_seconds=0,
            calls_per_second=None,
            job_detail_calls_per_second=None,
            maximum_running_instances=None,
        )
        wanted.buckets_folder.mkdir(parents=True, exist_ok=True)
        account = resolve_account(wanted)
        self._build = lambda: DataArtsService(wanted, account, self.now)
        described = {"accessKey": account.keys.access_key, "secretKey": account.keys.secret_key}
        places = {"endpoint": ENDPOINT, "bucketsDir": str(wanted.buckets_folder), "projectId": account.project_id}
        super().__init__({**described, **places})
        self._auth = HuaweiAuth(HuaweiKeys(account.keys.access_key, account.keys.secret_key), self.now, {})
        self.serve()

    def start_by_hand(self, job: str, value: str, *, by_schedule: bool) -> None:
        """DataArts' own schedules start nothing on request."""
        assert not by_schedule
        body = {"jobParams": [{"name": self.parameter, "value": value}]}
        self.call("POST", f"/v1/{self.description['projectId']}/jobs/{job}/run-immediate", body, self._auth)
