"""Both providers' services in this process, under a clock that stands until it is moved; requests take no socket."""

import io
import json
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPResponse

from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from farsync.signing.naver import NaverAuth, NaverKeys
from sandbox import huawei_dataarts, naver_dataflow
from sandbox.huawei_dataarts.account import resolve_account
from sandbox.huawei_dataarts.service import Service as DataArtsService
from sandbox.naver_dataflow.service import Service as DataFlowService
from sandbox.naver_dataflow.settings import resolve_keys
from sandbox.provider_service.http_messages import ConnectionDropped, Reply, Request
from tests.support.emulators import RUN_SETTINGS, Emulator, Huawei, Naver

ENDPOINT = "http://127.0.0.1:9"
HALF_A_ROUND_TRIP_SECONDS = 0.05
BEYOND_ANY_TEST_SECONDS = 80_000.0


class FakeClock:
    """Epoch seconds; stands still but for `sleep`."""

    def __init__(self, now: float = 1_800_000_000.6) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class TrueExecution(NamedTuple):
    """An execution in the provider's execution log; `value` is that of the parameter it was started with."""

    execution_id: str
    value: str
    status: str
    is_cancel_requested: bool


class Adapter(HTTPAdapter):
    """Takes requests to a service without a socket. One that is down takes no connection."""

    def __init__(self, emulator: "EmulatorInProcess") -> None:
        super().__init__()
        self._emulator = emulator

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        if not self._emulator.is_serving:
            raise requests.ConnectionError("connection refused")
        body: Any = request.body
        content = body.read() if hasattr(body, "read") else body or b""
        content = content.encode() if isinstance(content, str) else content
        host = {"host": urlsplit(request.url or "").netloc}
        headers = host | {name.lower(): str(value) for name, value in request.headers.items()}
        try:
            reply = self._emulator.exchange(Request(request.method or "", request.path_url, headers, content))
        except ConnectionDropped as dropped:
            raise requests.ConnectionError("connection reset") from dropped
        sent, body = {"Content-Type": reply.content_type, **reply.headers}, io.BytesIO(reply.body)
        return self.build_response(request, HTTPResponse(body, sent, reply.status, preload_content=False))


class EmulatorInProcess(Emulator):
    """A provider whose service can be stopped and served again."""

    log_keys: ClassVar[tuple[str, str, str, str]]
    """How the execution log calls an execution's id, its job, its parameters, and when its cancel was asked for."""
    job_key: ClassVar[str]
    ended_words: ClassVar[frozenset[str]]
    _service: DataFlowService | DataArtsService | None = None
    _auth: AuthBase

    def __init__(self, settings: Any, clock: FakeClock, ahead_seconds: float) -> None:
        self.settings = settings
        self.ahead_seconds = ahead_seconds
        """How far the provider's clock is ahead of the functions'."""
        self.exchanges = 0
        """How many requests have reached the service."""
        self.tells_the_time = True
        """Whether replies have a date."""
        self.distort: Callable[[bytes], bytes] = bytes
        """What becomes of the bodies of replies on their way."""
        self._clock = clock
        self._statuses_read = 0
        settings.buckets_folder.mkdir(parents=True, exist_ok=True)
        self.serve()

    def now(self) -> float:
        return self._clock() + self.ahead_seconds

    @abstractmethod
    def _build(self) -> DataFlowService | DataArtsService: ...

    def serve(self) -> None:
        self._service = self._build()
        self._service.start()
        self._statuses_read = 0

    def stop(self) -> None:
        if self._service is not None:
            self._service.stop()
            self._service = None

    def accept(self, access_key: str, secret_key: str) -> None:
        """These keys and no others, from now on."""
        self.stop()
        self.settings = replace(self.settings, access_key=access_key, secret_key=secret_key)
        self.serve()

    @property
    def is_serving(self) -> bool:
        return self._service is not None

    def session(self) -> requests.Session:
        session = requests.Session()
        session.mount("http://", Adapter(self))
        return session

    def exchange(self, request: Request) -> Reply:
        """Raises ConnectionDropped."""
        assert self._service is not None
        self.exchanges += 1
        self._clock.sleep(HALF_A_ROUND_TRIP_SECONDS)
        reply = self._service.front.answer(request)
        self._clock.sleep(HALF_A_ROUND_TRIP_SECONDS)
        dated = {name: value for name, value in reply.headers.items() if name != "Date" or self.tells_the_time}
        return replace(reply, headers=dated, body=self.distort(reply.body))

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

    def statuses(self) -> list[int]:
        """Of the replies to all requests since the last call, in order."""
        log = self.control("GET", "requests")["last"]
        statuses = [request["status"] for request in log[self._statuses_read :]]
        self._statuses_read = len(log)
        return statuses

    def truth(self, job: str | None = None) -> list[TrueExecution]:
        """Every execution truly started, of all jobs or one, the oldest first."""
        execution_id, of_job, parameters, cancel = self.log_keys
        return [
            TrueExecution(
                execution_id=str(entry[execution_id]),
                value=entry[parameters].get(self.parameter, ""),
                status=entry["status"],
                is_cancel_requested=entry[cancel] is not None,
            )
            for entry in self.control("GET", "executions")
            if job in (None, entry[of_job])
        ]

    def fail_every(self, operation: str, fault: str) -> None:
        """Of any job: the instance list names its job in the query, which fault rules do not read."""
        self.control("PUT", "faults", [{"operation": self.operations[operation], "fault": fault, "times": 99_999}])

    def heal(self) -> None:
        self.control("PUT", "faults", [])

    @contextmanager
    def faults(self, job: str, operation: str, fault: Mapping[str, Any] | None) -> Iterator[None]:
        """One fault for as long as this lasts, however often the request is repeated."""
        if fault:
            rule = {"operation": self.operations[operation], "job": job, "times": 99, **fault}
            self.control("PUT", "faults", [rule])
        try:
            yield
        finally:
            self.heal()

    def start_by_hand(self, job: str, value: str = "by hand", *, by_schedule: bool = False) -> str:
        """A start that is none of ours; the id of its execution."""
        self._post_by_hand(job, value, by_schedule=by_schedule)
        return self.truth(job)[-1].execution_id

    @abstractmethod
    def _post_by_hand(self, job: str, value: str, *, by_schedule: bool) -> None: ...


class NaverInProcess(EmulatorInProcess, Naver):
    log_keys = ("jobExecutionId", "jobId", "parameters", "cancelRequestedAt")
    job_key = "jobId"
    ended_words = frozenset({"COMPLETED", "FAILED", "CANCELED"})

    def __init__(self, folder: Path, clock: FakeClock, ahead_seconds: float = 0, **settings: Any) -> None:
        paces = {"queue_seconds": BEYOND_ANY_TEST_SECONDS, "run_seconds": 0, **settings}
        super().__init__(naver_dataflow.Settings(folder, **paces), clock, ahead_seconds)

    def _build(self) -> DataFlowService:
        keys = resolve_keys(self.settings)
        described = {"accessKey": keys.access_key, "secretKey": keys.secret_key}
        places = {"endpoint": ENDPOINT, "bucketsDir": str(self.settings.buckets_folder)}
        Naver.__init__(self, {**described, **places}, self.settings.dialect)
        self._auth = NaverAuth(NaverKeys(keys.access_key, keys.secret_key), self.now)
        return DataFlowService(self.settings, keys, self.now)

    def _post_by_hand(self, job: str, value: str, *, by_schedule: bool) -> None:
        body = {"jobCondition": RUN_SETTINGS, "parameters": {self.parameter: value}}
        self.call("POST", f"/api/v1/jobs/{job}/executions{'?triggerId=trigger1' * by_schedule}", body, self._auth)


class HuaweiInProcess(EmulatorInProcess, Huawei):
    log_keys = ("instanceId", "jobName", "jobParams", "stopRequestedAt")
    job_key = "jobName"
    ended_words = frozenset({"success", "fail", "manual-stop"})

    def __init__(self, folder: Path, clock: FakeClock, ahead_seconds: float = 0, **settings: Any) -> None:
        paces = {"queue_seconds": BEYOND_ANY_TEST_SECONDS, "run_seconds": 0}
        limits = {"calls_per_second": None, "job_detail_calls_per_second": None, "maximum_running_instances": None}
        super().__init__(huawei_dataarts.Settings(folder, **{**paces, **limits, **settings}), clock, ahead_seconds)

    def _build(self) -> DataArtsService:
        account = resolve_account(self.settings)
        described = {"accessKey": account.keys.access_key, "secretKey": account.keys.secret_key}
        places = {"endpoint": ENDPOINT, "bucketsDir": str(self.settings.buckets_folder)}
        Huawei.__init__(self, {**described, **places, "projectId": account.project_id})
        self._auth = HuaweiAuth(HuaweiKeys(account.keys.access_key, account.keys.secret_key), self.now, {})
        return DataArtsService(self.settings, account, self.now)

    def _post_by_hand(self, job: str, value: str, *, by_schedule: bool) -> None:
        """DataArts' own schedules start nothing on request."""
        assert not by_schedule
        body = {"jobParams": [{"name": self.parameter, "value": value}]}
        self.call("POST", f"/v1/{self.description['projectId']}/jobs/{job}/run-immediate", body, self._auth)
