"""The check itself: build, deploy, use, delete."""

import json
from collections.abc import Mapping
from pathlib import Path

from sandbox.aws.template.yaml_document import load_document
from sandbox.main_job.publishing import publish_job
from sandbox.running import BUCKETS, Sandbox
from sandbox.settings import SandboxSettings
from tools.deploy_check import sam
from tools.deploy_check.emulator import Emulator
from tools.deploy_check.findings import Findings
from tools.deploy_check.patches import routes_of, with_definitions, without_log_streams
from tools.deploy_check.resources import expected_resources, missing_resources
from tools.deploy_check.stack import Stack
from tools.deploy_check.using import use

STACK_NAME = "farsync"
# A moment that has passed: the schedule fires when the emulator next goes through its schedules.
SWEEP_NOW = "at(2026-01-01T00:00:00)"


def check(folder: Path, emulator: Emulator, findings: Findings) -> None:
    """Raises SamFailed and EmulatorFailed."""
    parameters = {**sam.PARAMETERS, "SweepSchedule": SWEEP_NOW}
    built = sam.build(Path("template.yaml").resolve(), folder / "build")

    def as_json(definition: str) -> str:
        source = built.parent / definition
        target = built.parent / f"{source.name}.json"
        target.write_text(json.dumps(load_document(source)))
        return target.name

    template = with_definitions(without_log_streams(load_document(built)), as_json)
    patched = built.with_name("patched.json")
    patched.write_text(json.dumps(template))
    findings.report(f"sam build, for {sam.RUNTIME} and {sam.ARCHITECTURE}")
    with Sandbox(SandboxSettings(folder / "sandbox", speed=10, clouds=("naver",))) as sandbox, emulator:
        sandbox.start_providers()
        stack = Stack(emulator.endpoint, STACK_NAME)
        stack.connect("default", _connection(sandbox.provider("naver")))
        sam.deploy(patched, STACK_NAME, emulator.endpoint, parameters)
        statuses, ids = stack.statuses(), stack.physical_ids()
        expected = expected_resources(template, STACK_NAME, parameters)
        missing = list(missing_resources(expected, statuses))
        findings.report(
            f"sam deploy: all {len(expected)} resources are there",
            missing,
            f"sam deploy: of {len(expected)} resources {len(missing)} are not there, or not complete",
        )
        stack.make_routes(ids["HttpApi"], routes_of(template), ids)
        use(stack, ids, publish_job(sandbox, "naver"), findings)
        named = list(stack.leftovers())
        findings.report(
            f"{len(named)} things carry the stack's name",
            [] if named else ["the check would see no leftovers"],
            "nothing carries the stack's name",
        )
        stack.delete()
        findings.report(
            "delete-stack: none of them is left", stack.leftovers(), "delete-stack: not all of them are gone"
        )


def _connection(provider: Mapping[str, str]) -> dict[str, str]:
    """What the provider's emulator says of itself is what a connection holds, but for the folder on this machine."""
    return {"provider": "naver", **{key: value for key, value in provider.items() if key != BUCKETS}}
