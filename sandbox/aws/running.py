"""AWS on one machine: everything that a SAM template describes, created and running."""

import json
import logging
from typing import Any

from sandbox.aws import cloudformation, moto_patches, moto_services, stale_reads
from sandbox.aws.call_log import CallLog
from sandbox.aws.cloudformation import CloudFormation, StackShown
from sandbox.aws.control import PREFIX, ControlApi
from sandbox.aws.endpoint import AwsEndpoint
from sandbox.aws.events.buses import EventBuses
from sandbox.aws.events.delivery import Deliveries
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.status_events import StatusEvents
from sandbox.aws.events.targets import TargetCaller
from sandbox.aws.faults import Faults
from sandbox.aws.further_stacks import SCHEDULES_STACK, FurtherStacks
from sandbox.aws.http_api import token_issuer
from sandbox.aws.http_api.access_log import AccessLog
from sandbox.aws.http_api.gateway import HttpApi
from sandbox.aws.http_api.token_issuer import TokenIssuer
from sandbox.aws.http_server import HttpReply, HttpRequest, HttpServer, json_reply
from sandbox.aws.lambdas.host import LambdaHost
from sandbox.aws.log_streams import LogStreams
from sandbox.aws.mappings.queue_mappings import QueueMappings
from sandbox.aws.quotas import Quotas
from sandbox.aws.settings import ACCESS_KEY_ID, ACCOUNT_ID, REGION, SECRET_ACCESS_KEY, AwsSettings
from sandbox.aws.template import read_template
from sandbox.aws.template.model import Template

ACCOUNT_SETTINGS = "/2016-08-19/account-settings"
FUNCTIONS_AT_ONCE = 1000
"""Of an account that AWS has not limited: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
_QUEUE_URLS = {"pollQueueUrl": "PollQueue", "closeQueueUrl": "CloseQueue"}
_COMPLETION_QUEUE = "CompletionQueue"
_ROLE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:role/sandbox"


class AwsSandbox:
    """Binds its ports and reads the template at once; serves from start() to stop().

    moto keeps its state per process, so only one sandbox may run in a process at a time.
    Raises TemplateError and ScheduleInvalid; start() raises AlreadyRunning, and those two
    again for `settings.schedules`.
    """

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings
        self._server = HttpServer(self._handle)
        self._issuer = _token_issuer(settings, self._server.endpoint)
        self._template: Template = read_template(
            settings.template,
            endpoint=self._server.endpoint,
            stack_name=settings.stack_name,
            parameters=settings.parameters,
            unchecked_parameters=_sandbox_parameters(self._issuer),
        )
        (settings.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._host = LambdaHost(self._template.functions, settings, self._server.endpoint)
        faults, calls, quotas = Faults(), CallLog(), Quotas(settings.speed)
        buses, logs = EventBuses(), LogStreams(self._template.log_streams)
        own_operations = {
            "PutEvents": buses.put_events,
            "PutLogEvents": logs.put_log_events,
            "GetLogEvents": logs.get_log_events,
            # Nothing here measures, so that no alarm exists.
            "DescribeAlarms": lambda _: json_reply(200, {"MetricAlarms": []}),
        }
        self._endpoint = AwsEndpoint(self._host, faults, calls, quotas, own_operations, settings.wait_seconds)
        targets = TargetCaller(self._endpoint.handle)
        self._scheduler = Scheduler(self._template.schedules, Deliveries(targets, settings.speed))
        self._stacks = FurtherStacks(settings, self._server.endpoint, self._template.exports, self._scheduler)
        self._status_events = StatusEvents(self._template.rules, targets)
        self._mappings = QueueMappings(self._template.queue_mappings, self._endpoint.handle, settings)
        shown = {
            "calls": calls.as_json,
            "events": buses.as_json,
            "logs": logs.as_json,
            "mappings": self._mappings.as_json,
            "schedules": self._scheduler.as_json,
        }
        self._control = ControlApi(faults, quotas, self._scheduler, self._stacks, self._host, self._mappings, shown)
        log = AccessLog(self._template.http_api.access_log_format, settings.folder / "logs" / "http_api.log")
        self._http_api_server = HttpServer(HttpApi(self._template.http_api, self._endpoint.handle, log).handle)
        # The template's own address leads to AWS.
        outputs = {**self._template.outputs, "HttpApiUrl": self._http_api_server.endpoint}
        text = settings.template.read_text(encoding="utf-8")
        own = StackShown(settings.stack_name, outputs, self._template.parameters, template=text)
        self._cloudformation = CloudFormation(own, self._stacks)
        self._log_handler = logging.FileHandler(settings.folder / "logs" / "aws.log")

    def start(self) -> None:
        moto_patches.connect(
            moto_patches.Wiring(
                self._server.endpoint,
                self._settings.speed,
                self._status_changed,
                frozenset(mapping.queue for mapping in self._template.queue_mappings),
            )
        )
        moto_patches.apply_all()
        _send_logs_to(self._log_handler)
        self._create_resources()
        for part in (self._server, self._http_api_server, self._status_events, self._scheduler, self._mappings):
            part.start()

    def stop(self) -> None:
        """Ends running executions and every process of a function."""
        for part in (self._mappings, self._scheduler, self._http_api_server, self._status_events):
            part.stop()
        moto_services.reset()
        self._server.stop()
        self._host.stop()
        self._log_handler.close()
        stale_reads.order(stale_reads.StaleReads())
        moto_patches.disconnect()

    def describe(self) -> dict[str, Any]:
        """`pollQueueUrl` and `closeQueueUrl` are there where the template has these queues."""
        urls = {queue.logical_id: queue.url for queue in self._template.queues}
        return {
            "endpoint": self._server.endpoint,
            "region": REGION,
            "accountId": ACCOUNT_ID,
            "accessKeyId": ACCESS_KEY_ID,
            "secretAccessKey": SECRET_ACCESS_KEY,
            "stateMachines": {
                machine.name.removeprefix(f"{self._settings.stack_name}-"): machine.arn
                for machine in self._template.state_machines
            },
            "queueUrl": urls.get(_COMPLETION_QUEUE),
            **{name: urls[queue] for name, queue in _QUEUE_URLS.items() if queue in urls},
            "httpApi": self._http_api_server.endpoint,
        }

    def describe_issuer(self) -> dict[str, str] | None:
        return self._issuer.describe() if self._issuer else None

    def _status_changed(self, execution: Any) -> None:
        stale_reads.note_change(execution)
        self._status_events.status_changed(execution)

    def _handle(self, request: HttpRequest) -> HttpReply:
        if self._issuer and request.path.startswith(f"{token_issuer.PREFIX}/"):
            return self._issuer.handle(request)
        if request.path.startswith(PREFIX):
            return self._control.handle(request)
        if cloudformation.is_query(request):
            return self._cloudformation.handle(request)
        if (request.method, request.path) == ("GET", ACCOUNT_SETTINGS):
            return json_reply(200, {"AccountLimit": {"ConcurrentExecutions": FUNCTIONS_AT_ONCE}})
        return self._endpoint.handle(request)

    def _create_resources(self) -> None:
        # A queue's redrive policy names another queue, which must be there.
        for queue in sorted(self._template.queues, key=lambda queue: "RedrivePolicy" in queue.attributes):
            moto_services.create_queue(queue)
        for machine in self._template.state_machines:
            moto_services.step_functions().create_state_machine(machine.name, machine.definition, _ROLE_ARN)
        if self._settings.schedules:
            self._stacks.deploy(SCHEDULES_STACK, self._settings.schedules)
        for name, value in self._settings.secrets.items():
            moto_services.create_secret(name, json.dumps(value))


def _token_issuer(settings: AwsSettings, endpoint: str) -> TokenIssuer | None:
    if not settings.has_token_issuer:
        return None
    audiences = settings.parameters.get("JwtAudience", token_issuer.DEFAULT_AUDIENCE)
    return TokenIssuer(endpoint, audiences.split(",")[0].strip())


def _sandbox_parameters(issuer: TokenIssuer | None) -> dict[str, str]:
    """The providers stand on loopback, which no deployment may call, and so does the issuer."""
    of_issuer = {"JwtIssuer": issuer.url, "JwtAudience": issuer.audience} if issuer else {}
    return {"EndpointNetworks": "loopback", **of_issuer}


def _send_logs_to(handler: logging.Handler) -> None:
    """moto and the events' deliveries are talkative; what they say belongs into a file."""
    for name in ("moto", "sandbox.aws"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
