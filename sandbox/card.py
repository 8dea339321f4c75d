"""What `farsync-sandbox up` prints for a person: where everything is, how to sign in, what to try."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from sandbox.main_job.cloud_job import CloudJob
from sandbox.running import Sandbox
from sandbox.settings import SERVICES, Cloud

MIN_ELEVATION_FEET = 9000
NAMES_OF_KEYS = {
    "projectId": "project id",
    "accessKey": "access key",
    "secretKey": "secret key",
    "bucketsDir": "buckets",
}


def describe_with_samples(sandbox: Sandbox, jobs: Mapping[Cloud, CloudJob]) -> dict[str, Any]:
    """What the sandbox says of itself; with each provider a run request for its sample job."""
    described = sandbox.describe()
    for cloud, job in jobs.items():
        described[cloud] = {**described[cloud], "sampleRequest": {"connection": job.connection, **_request(job)}}
    return described


def show_card(sandbox: Sandbox, jobs: Mapping[Cloud, CloudJob], console: Console) -> None:
    """The sample jobs among it, so that there is something to run."""
    described = sandbox.describe()
    aws = described["aws"]
    console.print("\n[bold]The sandbox is up.[/]\n")
    for name, value in (
        *(line for job in jobs.values() for line in _lines_of(job, described[job.cloud])),
        ("AWS", f"{aws['endpoint']} ({aws['region']}, account {aws['accountId']})"),
        ("  HTTP API", aws["httpApi"]),
        *_lines_of_issuer(described),
        ("  access key id", aws["accessKeyId"]),
        ("  secret access key", aws["secretAccessKey"]),
        ("  completion queue", aws["queueUrl"]),
        ("Logs", str(sandbox.logs_folder)),
    ):
        console.print(f"  {name:<21}{value}", soft_wrap=True, highlight=False)
    console.print("\n[bold]What to try[/], in another terminal:\n")
    for purpose, command in _things_to_try(jobs, described):
        console.print(f"  [dim]{purpose}:[/]", soft_wrap=True, highlight=False)
        console.print(f"  {command}\n", soft_wrap=True, highlight=False, markup=False)
    console.print("Ctrl-C stops everything.")


def _lines_of(job: CloudJob, service: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield SERVICES[job.cloud], service["endpoint"]
    for key, name in NAMES_OF_KEYS.items():
        if key in service:
            yield f"  {name}", service[key]
    yield "  a sample job", f"{job.job} ({job.purpose})"


def _lines_of_issuer(described: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "jwt" in described:
        yield "  takes tokens of", described["jwt"]["issuer"]
        yield "  gives tokens", f"{described['jwt']['tokenUrl']} (POST)"


def _things_to_try(jobs: Mapping[Cloud, CloudJob], described: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    aws = described["aws"]
    for cloud, job in jobs.items():
        request = json.dumps(_request(job))
        yield (
            f"run the sample job of {SERVICES[cloud]} over the HTTP API",
            f"{_api_curl(described)} {aws['httpApi']}/connections/{job.connection}/runs"
            f" -H 'content-type: application/json' -d {shlex.quote(request)}",
        )
        yield (
            f"what {SERVICES[cloud]} truly ran, and how it ended",
            f"curl -s {described[cloud]['endpoint']}/_sandbox/executions",
        )
    receive = json.dumps({"QueueUrl": aws["queueUrl"], "WaitTimeSeconds": 20})
    yield (
        "a completion event, a few seconds later",
        f"{_signed_curl('sqs', aws)} {aws['endpoint']} -H 'X-Amz-Target: AmazonSQS.ReceiveMessage'"
        f" -H 'Content-Type: application/x-amz-json-1.0' -d {shlex.quote(receive)}",
    )


def _request(job: CloudJob) -> dict[str, object]:
    return {"job": job.job, "parameters": job.parameters(MIN_ELEVATION_FEET)}


def _api_curl(described: Mapping[str, Any]) -> str:
    if "jwt" not in described:
        return _signed_curl("execute-api", described["aws"])
    return f'curl -s -H "authorization: Bearer $(curl -s -X POST {described["jwt"]["tokenUrl"]})"'


def _signed_curl(service: str, aws: Mapping[str, str]) -> str:
    keys = shlex.quote(f"{aws['accessKeyId']}:{aws['secretAccessKey']}")
    return f"curl -s --aws-sigv4 aws:amz:{aws['region']}:{service} --user {keys}"
