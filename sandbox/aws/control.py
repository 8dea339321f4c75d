"""The sandbox's own paths on the AWS endpoint: faults, what has arrived, schedules, their stacks, killed functions."""

import datetime
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from sandbox.aws.events.schedule_expression import ScheduleInvalid
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.targets import TargetFailed
from sandbox.aws.faults import Faults, parse_rules
from sandbox.aws.further_stacks import FurtherStacks
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.lambdas.host import LambdaHost
from sandbox.aws.template import TemplateError

PREFIX = "/_sandbox/"
_FIRE = re.compile(r"/_sandbox/schedules/([^/]+)/fire")
_STACK = re.compile(r"/_sandbox/stacks/([A-Za-z][A-Za-z0-9-]{0,127})")
_KILL = re.compile(r"/_sandbox/functions/([^/]+)/kill")


class ControlApi:
    """`shown` are what GET /_sandbox/<name> tells."""

    def __init__(
        self,
        faults: Faults,
        scheduler: Scheduler,
        stacks: FurtherStacks,
        host: LambdaHost,
        shown: Mapping[str, Callable[[], Any]],
    ) -> None:
        self._faults = faults
        self._shown = shown
        self._scheduler = scheduler
        self._stacks = stacks
        self._host = host

    def handle(self, request: HttpRequest) -> HttpReply:
        fire = _FIRE.fullmatch(request.path)
        if fire and request.method == "POST":
            return self._fire(fire.group(1), request.body)
        kill = _KILL.fullmatch(request.path)
        if kill and request.method == "POST":
            return self._kill(unquote(kill.group(1)))
        show = self._shown.get(request.path.removeprefix(PREFIX))
        if show and request.method == "GET":
            return _json(200, show())
        stack = _STACK.fullmatch(request.path)
        if stack and request.method == "PUT":
            return self._deploy(stack.group(1), request.body)
        match request.method, request.path:
            case "PUT", "/_sandbox/faults":
                return self._order_faults(request.body)
            case "GET", "/_sandbox/schedules":
                return _json(200, {"schedules": self._scheduler.as_json()})
        return _json(404, {"message": f"There is no {request.method} {request.path}"})

    def _order_faults(self, body: bytes) -> HttpReply:
        try:
            rules = parse_rules(body)
        except ValidationError as error:
            problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
            return _json(400, {"message": "; ".join(problems)})
        self._faults.replace(rules)
        return _json(200, {"rules": len(rules)})

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

    def _kill(self, name: str) -> HttpReply:
        function = self._host.find(name)
        if function is None:
            known = ", ".join(self._host.names())
            return _json(404, {"message": f"There is no function {name}; there are {known}"})
        return _json(200, {"killed": self._host.kill(function)})


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
