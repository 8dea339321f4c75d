"""The sandbox's own paths on the AWS endpoint: faults, what has arrived, schedules and stacks, functions, mappings."""

import datetime
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from sandbox.aws import execution_views, stale_reads
from sandbox.aws.events.schedule_expression import ScheduleInvalid
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.targets import TargetFailed
from sandbox.aws.faults import Faults, parse_rules
from sandbox.aws.further_stacks import FurtherStacks
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.lambdas.host import LambdaHost
from sandbox.aws.mappings.queue_mappings import QueueMappings
from sandbox.aws.quotas import Quotas, parse_quotas
from sandbox.aws.template import TemplateError

PREFIX = "/_sandbox/"
_FIRE = re.compile(r"/_sandbox/schedules/([^/]+)/fire")
_STACK = re.compile(r"/_sandbox/stacks/([A-Za-z][A-Za-z0-9-]{0,127})")
_FUNCTION = re.compile(r"/_sandbox/functions/([^/]+)/(kill|delete|restore)")
_EXECUTIONS = re.compile(r"/_sandbox/executions/([^/]+)")
_MAPPING = re.compile(r"/_sandbox/mappings/([^/]+)/(pause|resume)")


class ControlApi:
    """`shown` are what GET /_sandbox/<name> tells."""

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
        self._faults = faults
        self._quotas = quotas
        self._shown = shown
        self._scheduler = scheduler
        self._stacks = stacks
        self._host = host
        self._mappings = mappings

    def handle(self, request: HttpRequest) -> HttpReply:
        fire = _FIRE.fullmatch(request.path)
        if fire and request.method == "POST":
            return self._fire(fire.group(1), request.body)
        function = _FUNCTION.fullmatch(request.path)
        if function and request.method == "POST":
            return self._change_function(unquote(function.group(1)), function.group(2))
        mapping = _MAPPING.fullmatch(request.path)
        if mapping and request.method == "POST":
            return self._change_mapping(unquote(mapping.group(1)), mapping.group(2))
        executions = _EXECUTIONS.fullmatch(request.path)
        if executions and request.method == "GET":
            shown = execution_views.show(unquote(executions.group(1)), request.query)
            return _json(404, {"message": "There is no such execution"}) if shown is None else HttpReply(200, shown)
        show = self._shown.get(request.path.removeprefix(PREFIX))
        if show and request.method == "GET":
            return _json(200, show())
        stack = _STACK.fullmatch(request.path)
        if stack and request.method == "PUT":
            return self._deploy(stack.group(1), request.body)
        match request.method, request.path:
            case "PUT" | "POST" | "DELETE" as method, "/_sandbox/faults":
                return self._order_faults(method, request.body)
            case "PUT", "/_sandbox/quotas":
                return _ordered(lambda: self._quotas.replace(parse_quotas(request.body)))
            case "PUT", "/_sandbox/staleReads":
                return _ordered(lambda: stale_reads.order(stale_reads.parse(request.body)))
            case "GET", "/_sandbox/schedules":
                return _json(200, {"schedules": self._scheduler.as_json()})
        return _json(404, {"message": f"There is no {request.method} {request.path}"})

    def _order_faults(self, method: str, body: bytes) -> HttpReply:
        order = {"PUT": self._faults.replace, "POST": self._faults.add, "DELETE": self._faults.withdraw}[method]
        return _ordered(lambda: order(parse_rules(body)))

    def _fire(self, name: str, body: bytes) -> HttpReply:
        schedule = self._scheduler.find(name)
        if schedule is None:
            return _json(404, {"message": f"There is no schedule {name}"})
        try:
            moment = _scheduled_time(body)
        except (ValueError, TypeError) as error:
            return _json(400, {"message": f"scheduledTime: must be an ISO 8601 time with an offset ({error})"})
        try:
            return _json(200, {"executionArn": self._scheduler.fire(schedule, moment)})
        except TargetFailed as failure:
            return _json(502, {"message": str(failure)})

    def _deploy(self, stack_name: str, template: bytes) -> HttpReply:
        try:
            return _json(200, {"schedules": self._stacks.deploy_text(stack_name, template)})
        except (TemplateError, ScheduleInvalid) as error:
            return _json(400, {"message": str(error)})

    def _change_function(self, name: str, change: str) -> HttpReply:
        function = self._host.find(name, among_deleted=True)
        if function is None:
            known = ", ".join(self._host.names())
            return _json(404, {"message": f"There is no function {name}; there are {known}"})
        if change == "kill":
            return _json(200, {"killed": self._host.kill(function)})
        if change == "delete":
            self._host.delete(function)
        else:
            self._host.restore(function)
        return _json(200, {"function": function.name})

    def _change_mapping(self, name: str, change: str) -> HttpReply:
        mapping = self._mappings.find(name)
        if mapping is None:
            known = ", ".join(self._mappings.names()) or "none"
            return _json(404, {"message": f"There is no mapping {name}; there are {known}"})
        if change == "pause":
            mapping.pause()
        else:
            mapping.resume()
        return _json(200, mapping.as_json())


def _ordered(order: Callable[[], None]) -> HttpReply:
    try:
        order()
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        return _json(400, {"message": "; ".join(problems)})
    return _json(200, {})


def _scheduled_time(body: bytes) -> datetime.datetime:
    given = json.loads(body or b"{}").get("scheduledTime")
    if given is None:
        return datetime.datetime.now(tz=datetime.UTC)
    moment = datetime.datetime.fromisoformat(given)
    if moment.tzinfo is None:
        raise ValueError("the offset is missing")
    return moment


def _json(status: int, content: Any) -> HttpReply:
    return HttpReply(status, json.dumps(content).encode(), (("Content-Type", "application/json"),))
