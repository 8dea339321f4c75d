"""A provider's service whose clock and keys a test moves, and the environments of functions that ask it."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from farsync.aws.client import AwsCaller
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.runtime.context import Context
from sandbox import huawei_dataarts, naver_dataflow
from tests.support.emulators import RUN_SETTINGS, Emulator, Huawei, Naver

CloudName = Literal["naver", "huawei"]
FIRST_KEYS = {"accessKey": "FIRST", "secretKey": "first-secret"}
SECOND_KEYS = {"accessKey": "SECOND", "secretKey": "second-secret"}
EXECUTIONS_LAST_SECONDS = 600.0


class StrictProvider:
    """Accepts `FIRST_KEYS` until it is made to accept others; so does the secret hold them."""

    def __init__(self, cloud: CloudName, folder: Path) -> None:
        self.cloud = cloud
        self.ahead_seconds = 0.0
        """How far the provider's clock is ahead of the world's."""
        self.later_seconds = 0.0
        """How much time has gone by for everybody."""
        self.secret_fields: dict[str, Any] = dict(FIRST_KEYS)
        self.secrets_fetched = 0
        self._seen = 0
        told: dict[str, Any] = {
            "folder": folder,
            "access_key": FIRST_KEYS["accessKey"],
            "secret_key": FIRST_KEYS["secretKey"],
            "queue_seconds": 0.01,
            "run_seconds": EXECUTIONS_LAST_SECONDS,
        }
        self._settings: Any = (
            naver_dataflow.Settings(**told)
            if cloud == "naver"
            else huawei_dataarts.Settings(**told, calls_per_second=None, job_detail_calls_per_second=None)
        )
        self._serve()
        self.job = self.emulator.make_job()

    def stop(self) -> None:
        self._server.stop()

    def accept(self, keys: dict[str, str]) -> None:
        """These keys and no others, from now on."""
        port = int(self._server.endpoint.rsplit(":", 1)[1])
        self.stop()
        self._settings = replace(self._settings, access_key=keys["accessKey"], secret_key=keys["secretKey"], port=port)
        self._serve()

    def put_secret(self, keys: dict[str, Any]) -> None:
        self.secret_fields = {**self.secret_fields, **keys}

    def now(self) -> float:
        """By the clock of the functions."""
        return time.time() + self.later_seconds

    def environment(self) -> Context:
        """A new one, which knows nothing yet."""
        transport = Transport(clock=self.now, sleep=lambda _: None, random=random.Random(1).random)
        return Context(
            clock=self.now,
            sleep=lambda _: None,
            random=random.Random(1).random,
            new_token=lambda: "token",
            transport=transport,
            aws=AwsCaller(transport, {}),
            connections=ConnectionStore(self._fetch, clock=self.now),
            variables={},
        )

    def ask(self, environment: Context) -> str:
        """The simplest question that a function asks; the job's id."""
        return environment.provider("default").get_job(self.job, is_timeout_needed=False).job

    def start(self, environment: Context, job: str | None = None) -> str:
        """The id of the execution."""
        condition = RUN_SETTINGS if self.emulator.has_run_settings else None
        provider = environment.provider("default")
        return provider.start(job or self.job, condition=condition, parameters={}).ref.execution_id

    def statuses(self) -> list[int]:
        """Of the replies to all requests since the last call, in order."""
        log = self.emulator.control("GET", "requests")["last"]
        seen, self._seen = log[self._seen :], len(log)
        return [request["status"] for request in seen]

    def _serve(self) -> None:
        module: Any = naver_dataflow if self.cloud == "naver" else huawei_dataarts
        self._server = module.serve(self._settings, clock=lambda: time.time() + self.later_seconds + self.ahead_seconds)
        places = {"endpoint": self._server.endpoint, "bucketsDir": str(self._settings.buckets_folder)}
        keys = {"accessKey": self._settings.access_key, "secretKey": self._settings.secret_key}
        self.emulator: Emulator = (
            Naver({**keys, **places}, "G1")
            if self.cloud == "naver"
            else Huawei({**keys, **places, "projectId": self._server.account.project_id})
        )
        self._seen = 0

    def _fetch(self, _: str) -> str:
        self.secrets_fetched += 1
        return json.dumps({**self.emulator.secret(), **self.secret_fields})


@contextmanager
def strict_provider(cloud: CloudName, folder: Path) -> Iterator[StrictProvider]:
    emulator = StrictProvider(cloud, folder)
    emulator.statuses()
    yield emulator
    emulator.stop()
