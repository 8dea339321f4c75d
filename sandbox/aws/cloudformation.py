"""CloudFormation, as far as the `farsync` command asks it: stacks described, their templates, and stacks of schedules
deployed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from sandbox.aws.events.schedule_expression import ScheduleInvalid
from sandbox.aws.further_stacks import FurtherStacks
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.moto_services import rejection_of_signature
from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template import TemplateError

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
LARGEST_TEMPLATE_BYTES = 51_200
"""In a request; larger ones stand in S3:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""


@dataclass(frozen=True)
class StackShown:
    """A stack as DescribeStacks shows it."""

    name: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    status: str = "CREATE_COMPLETE"
    template: str = ""


def is_query(request: HttpRequest) -> bool:
    """Whether the request is in the Query protocol, in which no other service of the sandbox is asked."""
    kind = request.headers.get("content-type", "")
    is_form = kind.startswith("application/x-www-form-urlencoded")
    return is_form and request.path == "/" and "x-amz-target" not in request.headers


class _Rejected(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CloudFormation:
    """`own` is the stack of the template; the others are those of schedules."""

    def __init__(self, own: StackShown, stacks: FurtherStacks) -> None:
        self._own = own
        self._stacks = stacks
        self._updated = set[str]()

    def handle(self, request: HttpRequest) -> HttpReply:
        asked = dict(parse_qsl(request.body.decode()))
        action = asked.get("Action", "")
        if rejection_of_signature(request, "cloudformation"):
            return _error(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region and service.")
        try:
            body = self._answer(action, asked)
        except _Rejected as rejected:
            return _error(400, rejected.code, str(rejected))
        except (TemplateError, ScheduleInvalid) as error:
            return _error(400, "ValidationError", str(error))
        text = f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{body}</{action}Result></{action}Response>'
        return _xml(200, text)

    def _answer(self, action: str, asked: Mapping[str, str]) -> str:
        name = asked.get("StackName", "")
        match action:
            case "DescribeStacks":
                return f"<Stacks><member>{''.join(_described(self._stack(name)))}</member></Stacks>"
            case "GetTemplate":
                return f"<TemplateBody>{escape(self._stack(name).template)}</TemplateBody>"
            case "CreateStack":
                if name == self._own.name or self._stacks.has(name):
                    raise _Rejected("AlreadyExistsException", f"Stack [{name}] already exists")
            case "UpdateStack":
                stack = self._stack(name)
                if stack is self._own:
                    raise _Rejected("ValidationError", "The sandbox updates stacks of schedules only")
                if asked.get("TemplateBody") == stack.template:
                    raise _Rejected("ValidationError", "No updates are to be performed.")
                self._updated.add(name)
            case _:
                raise _Rejected("InvalidAction", f"The sandbox's CloudFormation knows no {action}")
        self._deploy(name, asked)
        return f"<StackId>{_stack_id(name)}</StackId>"

    def _deploy(self, name: str, asked: Mapping[str, str]) -> None:
        template = asked.get("TemplateBody", "").encode()
        if not 0 < len(template) <= LARGEST_TEMPLATE_BYTES:
            text = f"1 validation error detected: 'templateBody' must have length <= {LARGEST_TEMPLATE_BYTES}"
            raise _Rejected("ValidationError", text)
        if "CAPABILITY_IAM" not in asked.values():
            raise _Rejected("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")
        self._stacks.deploy_text(name, template)

    def _stack(self, name: str) -> StackShown:
        if name == self._own.name:
            return self._own
        if self._stacks.has(name):
            status = "UPDATE_COMPLETE" if name in self._updated else "CREATE_COMPLETE"
            template = self._stacks.template_of(name)
            return StackShown(name, {}, {"FarsyncStack": self._own.name}, status, template)
        raise _Rejected("ValidationError", f"Stack with id {name} does not exist")


def _described(stack: StackShown) -> Iterator[str]:
    yield f"<StackName>{stack.name}</StackName><StackId>{_stack_id(stack.name)}</StackId>"
    yield f"<StackStatus>{stack.status}</StackStatus>"
    yield _pairs("Outputs", "OutputKey", "OutputValue", stack.outputs)
    yield _pairs("Parameters", "ParameterKey", "ParameterValue", stack.parameters)


def _pairs(group: str, key: str, value: str, pairs: Mapping[str, str]) -> str:
    members = (
        f"<member><{key}>{escape(name)}</{key}><{value}>{escape(text)}</{value}></member>"
        for name, text in pairs.items()
    )
    return f"<{group}>{''.join(members)}</{group}>"


def _stack_id(name: str) -> str:
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{name}/sandbox"


def _error(status: int, code: str, message: str) -> HttpReply:
    fault = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
    return _xml(status, f'<ErrorResponse xmlns="{NAMESPACE}"><Error>{fault}</Error></ErrorResponse>')


def _xml(status: int, text: str) -> HttpReply:
    return HttpReply(status, text.encode(), (("Content-Type", "text/xml"),))
