"""A SAM template is read into what runs; what cannot be understood is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.aws.template import TemplateError, read_template
from sandbox.aws.template.model import HttpApiDefinition, JwtAuthorizer, Template, Throttling

ENDPOINT = "http://127.0.0.1:1"


@pytest.fixture
def read(fixtures: Path) -> Callable[..., Template]:
    def of(**parameters: str) -> Template:
        return read_template(fixtures / "template.yaml", endpoint=ENDPOINT, stack_name="t", parameters=parameters)

    return of


@pytest.fixture
def read_resources(tmp_path: Path) -> Callable[[str], Template]:
    def of(resources: str) -> Template:
        path = tmp_path / "template.yaml"
        path.write_text(f"Resources:\n{resources}")
        return read_template(path, endpoint=ENDPOINT, stack_name="t", parameters={})

    return of


def test_a_function_has_its_globals_its_layer_and_its_resolved_environment(read: Callable[..., Template]) -> None:
    template = read(Greeting="안녕")
    echo = next(one for one in template.functions if one.logical_id == "EchoFunction")
    assert (echo.name, echo.handler, echo.timeout_seconds) == ("t-echo", "app.handler", 10)
    assert echo.environment == {
        "GREETING": "안녕 from t",
        "QUEUE": f"{ENDPOINT}/123456789012/t-completions.fifo",
    }
    assert [folder.name for folder in echo.layer_folders] == ["layer"]


def test_names_that_stand_twice_are_rejected_all_at_once(read_resources: Callable[[str], Template]) -> None:
    twice = "  F: {Type: A, Properties: {X: 1,\n    X: 2}}\n  G: {Type: A}\n  F: {Type: B}\n"
    with pytest.raises(TemplateError) as rejected:
        read_resources(twice)
    lines = [line.partition("template.yaml")[2] for line in str(rejected.value).splitlines()]
    assert lines == [":3: Resources.F.Properties.X: is given twice", ":5: Resources.F: is given twice"]


def test_a_definition_has_its_substitutions_made(read: Callable[..., Template]) -> None:
    flow = next(one for one in read().state_machines if one.logical_id == "FlowStateMachine")
    assert "arn:aws:lambda:ap-northeast-2:123456789012:function:t-echo" in flow.definition
    assert "${" not in flow.definition


def test_a_resource_whose_condition_is_false_is_not_there(read: Callable[..., Template]) -> None:
    assert [one.logical_id for one in read().schedules] == ["NightlySchedule"]
    assert read(WithSchedule="no").schedules == ()


def test_a_rule_names_the_state_machine_that_it_starts(read: Callable[..., Template]) -> None:
    rule = next(one for one in read().rules if one.logical_id == "FlowEnded")
    assert rule.targets[0].arn.endswith(":stateMachine:t-ListenerStateMachine")
    machine = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:t-flow"
    assert rule.pattern["detail"]["stateMachineArn"] == [machine]


def test_the_projects_own_template_can_be_read() -> None:
    template = read_template(
        Path(__file__).parents[3] / "template.yaml", endpoint=ENDPOINT, stack_name="t", parameters={}
    )
    assert {machine.name for machine in template.state_machines} >= {"t-run_job", "t-start_once", "t-emit_event"}
    assert template.functions


def own_api(**parameters: str) -> HttpApiDefinition:
    path = Path(__file__).parents[3] / "template.yaml"
    return read_template(path, endpoint=ENDPOINT, stack_name="t", parameters=parameters).http_api


def test_every_route_of_the_projects_own_api_asks_who_calls_and_may_invoke_its_function() -> None:
    signed, with_tokens = own_api().routes, own_api(JwtIssuer="https://issuer.example").routes
    assert len(signed) == len(with_tokens) > 3
    assert {one.authorizer for one in signed} == {"AWS_IAM"}
    issuer = JwtAuthorizer("https://issuer.example", ("farsync",), "$request.header.Authorization")
    assert {one.authorizer for one in with_tokens} == {issuer}
    assert all(one.is_permitted for one in signed)


def test_the_projects_own_api_is_throttled_by_parameters() -> None:
    assert own_api(HttpRateLimit="7", HttpBurstLimit="9").throttling == Throttling(rate=7, burst=9)


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (
            "  F: {Type: AWS::Serverless::Function, Properties: {Handler: !Ref Nobody, CodeUri: .}}",
            "F.Handler: there is no parameter or resource Nobody",
        ),
        ("  F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}", "F.CodeUri: is missing"),
        (
            "  F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: away}}",
            "F.CodeUri: there is no ",
        ),
        (
            "  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !ImportValue other}}",
            "Q.QueueName: no stack exports other; there are none",
        ),
        (
            "  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !GetAtt T.StreamArn}}\n"
            "  T: {Type: AWS::DynamoDB::Table}",
            "Q.DelaySeconds: the sandbox does not know StreamArn of T",
        ),
        (
            "  M: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {Comment: '${Nobody}'}}}",
            r"M.DefinitionSubstitutions: the definition uses \$\{Nobody\}",
        ),
        (
            "  S: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: a}}}",
            "S.ScheduleExpression: is missing",
        ),
        (
            "  S: {Type: AWS::Scheduler::Schedule,"
            " Properties: {ScheduleExpression: rate(1 day), Target: {Arn: a}, EndDate: '2026-12-01T00:00:00'}}",
            r"S.EndDate: '2026-12-01T00:00:00' has no offset",
        ),
        ("  Q: {Type: AWS::SQS::Queue, Condition: Never}", "Q.Condition: there is no condition Never"),
    ],
)
def test_what_cannot_be_resolved_is_named_with_its_resource_and_property(
    read_resources: Callable[[str], Template], resources: str, message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        read_resources(resources)


def test_an_unknown_parameter_is_rejected(read: Callable[..., Template]) -> None:
    with pytest.raises(TemplateError, match="there is no Colour; declared are Greeting, WithSchedule, "):
        read(Colour="red")


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("{AllowedValues: [a, b], Default: c}", "'c' is not one of"),
        ("{AllowedPattern: '[a-z]+', Default: abc1}", r"'abc1' does not match \[a-z\]\+"),
        ("{Type: Number, Default: many}", "'many' is no number"),
        ("{Type: Number, MinValue: 1, Default: 0}", "0 is less than 1"),
        ("{Type: Number, MaxValue: 10, Default: 10.5}", "10.5 is more than 10"),
        ("{Type: String}", "has no Default"),
    ],
)
def test_a_value_that_a_parameter_does_not_allow_is_rejected(tmp_path: Path, declaration: str, message: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(f"Parameters: {{P: {declaration}}}")
    with pytest.raises(TemplateError, match=rf"^Parameters\.P: {message}"):
        read_template(path, endpoint=ENDPOINT, stack_name="t", parameters={})


def test_a_value_of_the_sandboxs_own_is_not_checked_and_gives_way_to_a_given_one(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Parameters: {P: {AllowedPattern: 'https:.*', Default: 'https://a'}}\n"
        "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref P}}}"
    )

    def name(**given: str) -> str:
        own = {"P": "http://own"}
        template = read_template(path, endpoint=ENDPOINT, stack_name="t", parameters=given, unchecked_parameters=own)
        return template.queues[0].name

    assert name() == "http://own"
    assert name(P="https://given") == "https://given"
    with pytest.raises(TemplateError, match="does not match"):
        name(P="http://given")


MAPPING = """
  Consumer:
    Type: AWS::Serverless::Function
    Properties: {{ CodeUri: ., Handler: app.handler, Timeout: 30 }}
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ FunctionName: !Ref Consumer, {properties} }}
  WorkQueue:
    Type: AWS::SQS::Queue
    Properties: {{ VisibilityTimeout: {visibility} }}
"""


def test_a_mapping_joins_its_queue_to_its_function(read: Callable[..., Template]) -> None:
    work, plain = read().queue_mappings
    assert (work.name, work.queue, work.function) == ("WorkMapping", "t-PollQueue", "t-ConsumerFunction")
    assert (work.batch_size, work.reports_failures, work.maximum_concurrency) == (2, True, 2)
    assert (plain.batch_size, plain.reports_failures, plain.maximum_concurrency) == (1, False, None)


def test_a_mapping_may_be_disabled_and_takes_ten_messages_at_once(read_resources: Callable[[str], Template]) -> None:
    properties = "EventSourceArn: !GetAtt WorkQueue.Arn, Enabled: false"
    (mapping,) = read_resources(MAPPING.format(properties=properties, visibility=30)).queue_mappings
    assert (mapping.is_enabled, mapping.batch_size) == (False, 10)


@pytest.mark.parametrize(
    ("properties", "visibility", "what"),
    [
        ("EventSourceArn: !GetAtt WorkQueue.Arn", 29, r"Work\.EventSourceArn: .*29 s.*30 s"),
        ("EventSourceArn: 'arn:aws:sqs:x:1:other'", 30, r"Work\.EventSourceArn: .*other is no queue"),
        (
            "EventSourceArn: !GetAtt WorkQueue.Arn, ScalingConfig: { MaximumConcurrency: 1 }",
            30,
            "from 2 to 1000",
        ),
        ("EventSourceArn: !GetAtt WorkQueue.Arn, FilterCriteria: {}", 30, "FilterCriteria"),
    ],
)
def test_a_mapping_that_lambda_or_the_sandbox_rejects_is_named(
    read_resources: Callable[[str], Template], properties: str, visibility: int, what: str
) -> None:
    with pytest.raises(TemplateError, match=what):
        read_resources(MAPPING.format(properties=properties, visibility=visibility))


def test_a_mapping_of_no_function_is_named(read_resources: Callable[[str], Template]) -> None:
    mapping = MAPPING.format(properties="EventSourceArn: !GetAtt WorkQueue.Arn", visibility=30)
    with pytest.raises(TemplateError, match=r"Work\.FunctionName: other is no function"):
        read_resources(mapping.replace("!Ref Consumer", "other"))
