"""The sandbox's own paths on the AWS endpoint: faults, what has arrived, schedules and stacks, functions, mappings."""

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from sandbox.aws import execution_views, stale_reads
from sandbox.aws.events.schedule_expression import ScheduleInvalid
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.targets import TargetFailed
from sandbox.aws.faults import Faults, parse_rules
from sandbox.aws.further_stacks import FurtherStacks
from sandbox.aws.http_server import HttpReply, HttpRequest, json_reply
from sandbox.aws.lambdas.host import LambdaHost
from sandbox.aws.mappings.queue_mappings import QueueMappings
from sandbox.aws.quotas import Quotas, parse_quotas
from sandbox.aws.template import TemplateError

PREFIX = "/_sandbox/"


class ControlApi:
    """`shown` are what GET /_sandbox/<name> shows."""

    def __init__(
        self,
        faults: Faults,
        quotas: Quotas,
        scheduler: Scheduler,
        stacks: FurtherStacks,
        host: LambdaHost,
        mappings: QueueMappings,
        shown: Mapping[str, Callable[[], Any]],
    ) -> None:
        self._orders: Mapping[str, Callable[[bytes], None]] = {
            "PUT faults": lambda body: faults.replace(parse_rules(body)),
            "POST faults": lambda body: faults.add(parse_rules(body)),
            "DELETE faults": lambda body: faults.withdraw(parse_rules(body)),
            "PUT quotas": lambda body: quotas.replace(parse_quotas(body)),
            "PUT staleReads": lambda body: stale_reads.order(stale_reads.parse(body)),
        }
        self._shown = shown
        self._scheduler = scheduler
        self._stacks = stacks
        self._host = host
        self._mappings = mappings

    def handle(self, request: HttpRequest) -> HttpReply:
        path = request.path.removeprefix(PREFIX)
        if request.method == "GET" and path in self._shown:
            return json_reply(200, self._shown[path]())
        try:
            if order := self._orders.get(f"{request.method} {path}"):
                order(request.body)
                return json_reply(200, {})
            kind, _, rest = path.partition("/")
            name, _, change = rest.partition("/")
            return self._handle_named(f"{request.method} {kind}", unquote(name), change, request)
        except ValidationError as invalid:
            problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in invalid.errors()]
            return json_reply(400, {"message": "; ".join(problems)})
        except (TemplateError, ScheduleInvalid) as error:
            return json_reply(400, {"message": str(error)})

    def _handle_named(self, asked: str, name: str, change: str, request: HttpRequest) -> HttpReply:
        match asked, change:
            case "POST schedules", "fire":
                return self._fire(name, request.body)
            case "POST functions", "kill" | "delete" | "restore":
                return self._change_function(name, change)
            case "POST mappings", "pause" | "resume":
                return self._change_mapping(name, change)
            case "GET executions", "":
                shown = execution_views.show(name, request.query)
                return _not_there("execution", name, ()) if shown is None else HttpReply(200, shown)
            case "PUT stacks", "" if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", name):
                return json_reply(200, {"schedules": self._stacks.deploy_text(name, request.body)})
        return json_reply(404, {"message": f"There is no {request.method} {request.path}"})

    def _fire(self, name: str, body: bytes) -> HttpReply:
        schedule = self._scheduler.find(name)
        if schedule is None:
            return _not_there("schedule", name, ())
        try:
            moment = _scheduled_time(body)
        except (ValueError, TypeError) as error:
            return json_reply(400, {"message": f"scheduledTime: must be an ISO 8601 time with an offset ({error})"})
        try:
            return json_reply(200, {"executionArn": self._scheduler.fire(schedule, moment)})
        except TargetFailed as failure:
            return json_reply(502, {"message": str(failure)})

    def _change_function(self, name: str, change: str) -> HttpReply:
        pool = self._host.find(name, among_deleted=True)
        if pool is None:
            return _not_there("function", name, self._host.names())
        if change == "kill":
            return json_reply(200, {"killed": pool.kill()})
        pool.is_deleted = change == "delete"
        return json_reply(200, {"function": pool.function.name})

    def _change_mapping(self, name: str, change: str) -> HttpReply:
        mapping = self._mappings.find(name)
        if mapping is None:
            return _not_there("mapping", name, self._mappings.names())
        mapping.pause(change == "pause")
        return json_reply(200, mapping.as_json())


def _not_there(kind: str, name: str, known: Sequence[str]) -> HttpReply:
    those = f"; there are {', '.join(known)}" if known else ""
    return json_reply(404, {"message": f"There is no {kind} {name}{those}"})


def _scheduled_time(body: bytes) -> datetime.datetime:
    given = json.loads(body or b"{}").get("scheduledTime")
    moment = datetime.datetime.fromisoformat(given) if given else datetime.datetime.now(tz=datetime.UTC)
    if moment.tzinfo is None:
        raise ValueError("the offset is missing")
    return moment
