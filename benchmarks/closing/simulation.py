"""`close_run` in this process, as many at a time as the mapping allows, on a clock that only calls and waits move."""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from benchmarks.closing.runs import ABORTED_AT, RUN_JOB, AbortedRun, Provider
from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.http_client.client import Transport
from farsync.http_client.retry import Retrying
from farsync.operations.close_run import RETRY_SECONDS, consume
from farsync.providers.naver.connection import NaverConnection
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from farsync.runtime.observability import metrics
from farsync.runtime.queue_messages import Record
from sandbox.aws.quotas import Quota, Quotas

AWS_CALL_SECONDS = 0.03
PROVIDER_CALL_SECONDS = 0.2
VISIBILITY_SECONDS = 90
MOST_RECEIVES = 500
CONNECTION = NaverConnection.model_validate(
    {"name": "default", "provider": "naver", "accessKey": "key", "secretKey": "key"}
)
READS = ("GetExecutionHistory", "DescribeExecution", "ListExecutions")


class Closed(NamedTuple):
    """The result. `seconds` until the last message was done with."""

    closed: int
    seconds: float
    calls: Counter[str]
    throttled: Counter[str]
    provider_calls: int
    events: int
    receives: int
    most_receives: int


class Clock:
    def __init__(self) -> None:
        self.now = ABORTED_AT

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Aws(AwsCaller):
    """Step Functions with its quotas, and the queue of what is to be closed."""

    def __init__(self, runs: Mapping[str, AbortedRun], clock: Clock, quotas: Quotas, retrying: Retrying) -> None:
        super().__init__(Transport(retrying=retrying), {})
        self._runs = runs
        self._listed = [run.described for run in runs.values()]
        self._clock = clock
        self._quotas = quotas
        self.calls = Counter[str]()
        self.throttled = Counter[str]()
        self.events = set[str]()
        self.hidden_until: float | None = None
        self.sent: tuple[str, float] | None = None

    def _call_once(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:  # noqa: ARG002
        self._clock.sleep(AWS_CALL_SECONDS)
        self.calls[action] += 1
        if not self._quotas.take(action):
            self.throttled[action] += 1
            raise AwsRequestFailed("ThrottlingException", "Rate exceeded", 400)
        match action:
            case "ChangeMessageVisibility":
                self.hidden_until = self._clock() + float(str(payload["VisibilityTimeout"]))
                return {}
            case "SendMessage":
                self.sent = str(payload["MessageBody"]), float(str(payload["DelaySeconds"]))
                return {}
            case "StartExecution":
                self.events.add(str(payload["name"]))
                return {}
            case "ListExecutions":
                is_of_open_runs = payload.get("statusFilter") == "RUNNING"
                return {"executions": [] if is_of_open_runs else self._listed}
        run = self._runs.get(str(payload["executionArn"]).rpartition(":")[2])
        if run is None:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
        return run.described if action == "DescribeExecution" else {"events": run.newest_events}


class _Environment(Context):
    """Whose every connection leads to the provider."""

    __slots__ = ()

    def provider(self, _connection_name: str) -> ConnectedProvider:
        return cast("ConnectedProvider", self.variables["PROVIDER"])


def close_all(
    runs: Sequence[AbortedRun], *, concurrency: int, seed: int = 1, lowered: Mapping[str, Quota] | None = None
) -> Closed:
    """Every run has a message on the queue in the same moment. `lowered` are quotas in place of AWS's own."""
    by_name = {run.name: run for run in runs}
    clock, chance = Clock(), random.Random(seed).random
    quotas = Quotas(clock=clock)
    quotas.replace(lowered or {})
    aws = Aws(by_name, clock, quotas, Retrying(clock, clock.sleep, chance, budget_seconds=RETRY_SECONDS))
    provider = Provider(by_name, clock, PROVIDER_CALL_SECONDS)
    environment = _environment(aws, provider, clock, chance)
    sent_at = datetime.fromtimestamp(ABORTED_AT, UTC)
    free_at = [ABORTED_AT] * concurrency
    queue = [(ABORTED_AT, number, 1, run.message) for number, run in enumerate(runs)]
    receives = most_receives = closed = 0
    while queue:
        visible_at, number, receive, body = heapq.heappop(queue)
        # Workers are at work side by side: each has a clock of its own, the one that is free first goes on.
        clock.now = received_at = max(heapq.heappop(free_at), visible_at)
        receives, most_receives = receives + 1, max(most_receives, receive)
        aws.hidden_until = aws.sent = None
        is_done = consume(environment, Record("id", "handle", body, receive, sent_at))
        metrics.clear_metrics()
        heapq.heappush(free_at, clock.now)
        if aws.sent is not None:
            named, delay_seconds = aws.sent
            heapq.heappush(queue, (clock.now + delay_seconds, number, 1, named))
        elif is_done:
            closed += 1
        elif receive < MOST_RECEIVES:  # then it is a dead letter
            heapq.heappush(queue, (aws.hidden_until or received_at + VISIBILITY_SECONDS, number, receive + 1, body))
    return Closed(
        closed=closed,
        seconds=max(free_at) - ABORTED_AT,
        calls=aws.calls,
        throttled=aws.throttled,
        provider_calls=provider.calls,
        events=len(aws.events),
        receives=receives,
        most_receives=most_receives,
    )


def _environment(aws: Aws, provider: Provider, clock: Clock, chance: Callable[[], float]) -> Context:
    variables = {
        "RUN_JOB_ARN": RUN_JOB,
        "EMIT_EVENT_ARN": RUN_JOB.replace("run_job", "emit_event"),
        "START_ONCE_ARN": RUN_JOB.replace("run_job", "start_once"),
        "CLOSE_QUEUE_URL": "close",
        "CLOSE_DEAD_LETTER_QUEUE_URL": "close-dead",
        "AWS_REGION": "ap-northeast-2",
        "PROVIDER": provider,
    }
    cast("Any", provider).connection = CONNECTION
    return _Environment(
        clock=clock,
        sleep=clock.sleep,
        random=chance,
        new_token=lambda: "token",
        transport=Transport(),
        aws=aws,
        connections=cast("Any", SimpleNamespace(get=lambda _name: CONNECTION)),
        variables=cast("Any", variables),
    )
