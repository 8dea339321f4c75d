"""The check itself: build, deploy, use, delete."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.aws.template.yaml_document import load_document
from sandbox.main_job.publishing import publish_job
from sandbox.running import BUCKETS, Sandbox
from sandbox.settings import SandboxSettings
from tools.deploy_check import sam
from tools.deploy_check.emulator import emulator
from tools.deploy_check.findings import Findings
from tools.deploy_check.patches import (
    routes_of,
    with_definitions,
    with_endpoints_on_loopback,
    without_log_streams,
)
from tools.deploy_check.stack import Stack
from tools.deploy_check.using import use

STACK_NAME = "farsync"
# A moment that has passed: the schedule fires when the emulator next goes through its schedules.
SWEEP_NOW = "at(2026-01-01T00:00:00)"


def check(folder: Path, findings: Findings) -> None:
    """Raises SamFailed and EmulatorFailed."""
    built = sam.build(Path("template.yaml").resolve(), folder / "build")

    def as_json(definition: str) -> str:
        source = built.parent / definition
        target = built.parent / f"{source.name}.json"
        target.write_text(json.dumps(load_document(source)))
        return target.name

    template = with_endpoints_on_loopback(with_definitions(without_log_streams(load_document(built)), as_json))
    patched = built.with_name("patched.json")
    patched.write_text(json.dumps(template))
    findings.report(f"sam build, for {sam.RUNTIME} and {sam.ARCHITECTURE}")
    with (
        Sandbox(SandboxSettings(folder / "sandbox", speed=10, clouds=("naver",))) as sandbox,
        emulator(folder) as endpoint,
    ):
        sandbox.start_providers()
        stack = Stack(endpoint, STACK_NAME)
        stack.connect("default", _connection(sandbox.provider("naver")))
        sam.deploy(patched, STACK_NAME, endpoint, {**sam.PARAMETERS, "SweepSchedule": SWEEP_NOW})
        statuses, ids = stack.statuses(), stack.physical_ids()
        findings.report(f"sam deploy: {len(statuses)} resources are there", missing_resources(template, statuses))
        stack.make_routes(ids["HttpApi"], routes_of(template), ids)
        use(stack, ids, publish_job(sandbox, "naver"), findings)
        named = len(list(stack.leftovers()))
        findings.expect(f"{named} things carry the stack's name", named, "the check would see no leftovers")
        stack.delete()
        findings.report("delete-stack: none of them is left", stack.leftovers())
    findings.report("no process of MiniStack is left")


def missing_resources(template: Mapping[str, Any], statuses: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each that is not complete, or not there without having a condition. `statuses` are those of
    CloudFormation by logical id; SAM ends a layer's with a hash.
    """
    for logical_id, status in statuses.items():
        if status != "CREATE_COMPLETE":
            yield f"{logical_id} is {status}"
    for logical_id, resource in template["Resources"].items():
        if "Condition" not in resource and not any(name.startswith(logical_id) for name in statuses):
            yield f"{logical_id} ({resource['Type']}) was not created"


def _connection(provider: Mapping[str, str]) -> dict[str, str]:
    """A connection holds all that the provider's emulator says of itself but the folder on this machine."""
    return {"provider": "naver", **{key: value for key, value in provider.items() if key != BUCKETS}}
