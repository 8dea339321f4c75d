"""`farsync doctor`: whether everything is as it should be, and what to do where it is not."""

from collections.abc import Iterator

import typer

from farsync_cli.account_checks import check_alarms, check_limits, check_versions
from farsync_cli.exit_codes import ExitCode
from farsync_cli.findings import Finding, check_connection, found
from farsync_cli.options import JsonOption
from farsync_cli.rendering.findings import findings_page
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client.aws import describe_stack
from farsync_client.identity import AwsIdentity
from farsync_client.settings import StackSettings

QUEUES = {
    "PollDeadLetterQueueUrl": "polls that could not go on",
    "CloseDeadLetterQueueUrl": "runs that could not be stopped",
    "UndeliveredQueueUrl": "status changes that were not delivered",
    "CompletionDeadLetterQueueUrl": "events that a consumer could not take",
}


def doctor(context: typer.Context, as_json: JsonOption = False) -> None:
    """Check settings, rights, connections, alarms and queues."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    findings = list(_findings(surroundings))
    if as_json:
        screen.show_json({"findings": [finding._asdict() for finding in findings]})
    else:
        screen.show(findings_page(findings, screen.width))
    raise typer.Exit(ExitCode.SUCCEEDED if all(finding.is_ok for finding in findings) else ExitCode.FAILED)


def _findings(surroundings: Surroundings) -> Iterator[Finding]:
    """Raises NoStackChosen, and what reading a stack does: without one there is nothing to check."""
    client = surroundings.client
    stack = client.stack
    yield check_versions()
    yield Finding("stack", True, f"{stack.stack or 'by its address'}, {stack.api_url}")
    if stack.outputs:
        yield _settings(surroundings, stack)
    connections = found("API", lambda: f"answers; connections: {len(client.connections())}")
    yield connections
    yield found("runs", lambda: "may be listed" if next(client.run_pages(limit=1)) else "")
    yield found("events", lambda: "may be listed" if next(client.event_pages(limit=1)) else "")
    if connections.is_ok:
        for connection in client.connections():
            finding = check_connection(client, connection.name)
            yield finding._replace(topic=f"connection {connection.name}")
    if stack.outputs:
        yield check_alarms(surroundings.aws, stack.stack)
        yield check_limits(surroundings.aws)
    for output, meaning in QUEUES.items():
        if output in stack.outputs:
            yield _queue(surroundings, output.removesuffix("Url"), stack.outputs[output], meaning)


def _settings(surroundings: Surroundings, stack: StackSettings) -> Finding:
    identity = AwsIdentity(stack.profile, stack.region)

    def ask() -> str:
        described = describe_stack(stack.stack, identity, surroundings.session, surroundings.environ)
        return "as the stack has them" if described.outputs == stack.outputs else ""

    finding = found("settings", ask)
    if finding.text:
        return finding
    again = f"farsync use --stack {stack.stack}{f' --region {stack.region}' if stack.region else ''}"
    return Finding("settings", False, "The stack's outputs have changed since.", f"Read them again: {again}")


def _queue(surroundings: Surroundings, name: str, url: str, meaning: str) -> Finding:
    attribute = "ApproximateNumberOfMessages"

    def ask() -> str:
        body = {"QueueUrl": url, "AttributeNames": [attribute]}
        return str(surroundings.aws.call("sqs", "GetQueueAttributes", body).get("Attributes", {}).get(attribute, "0"))

    finding = found(name, ask)
    if not finding.is_ok:
        return finding
    if finding.text == "0":
        return Finding(name, True, "empty")
    return Finding(name, False, f"{finding.text} messages: {meaning}", "What to do stands in docs/operations.md.")
