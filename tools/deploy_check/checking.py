"""The check itself: build, deploy, use, delete."""

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from sandbox.aws.template.yaml_document import load_document
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.publishing import publish_job
from sandbox.world import BUCKETS, World
from sandbox.world_settings import WorldSettings
from tools.deploy_check import sam
from tools.deploy_check.emulator import Emulator
from tools.deploy_check.patches import routes_of, with_definitions, without_log_streams
from tools.deploy_check.resources import expected_resources, missing_resources
from tools.deploy_check.stack import Stack, eventually

STACK_NAME = "farsync"
# A moment that has passed: the schedule fires when the emulator next looks at its schedules.
SWEEP_NOW = "at(2026-01-01T00:00:00)"
MIN_ELEVATION_FEET = 9000


class Findings:
    """What was looked at, told at once; what was wrong, counted."""

    def __init__(self) -> None:
        self._began_at = time.monotonic()
        self.wrong = 0

    def tell(self, sentence: str, problems: Iterable[str] = (), otherwise: str = "") -> None:
        """`otherwise` is the sentence where there are problems."""
        found = list(problems)
        self.wrong += bool(found)
        told = f"{'WRONG':5}  {otherwise or sentence}" if found else f"{'ok':5}  {sentence}"
        print(f"{time.monotonic() - self._began_at:6.1f} s  {told}", flush=True)
        for problem in found:
            print(f"{'':17}{problem}", flush=True)


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
    findings.tell(f"sam build, for {sam.RUNTIME} and {sam.ARCHITECTURE}")
    with World(WorldSettings(folder / "world", speed=10, clouds=("naver",))) as world, emulator:
        world.start_vendors()
        stack = Stack(emulator.endpoint, STACK_NAME)
        stack.connect("default", _connection(world.vendor("naver")))
        sam.deploy(patched, STACK_NAME, emulator.endpoint, parameters)
        statuses, ids = stack.statuses(), stack.physical_ids()
        expected = expected_resources(template, STACK_NAME, parameters)
        missing = list(missing_resources(expected, statuses))
        findings.tell(
            f"sam deploy: all {len(expected)} resources are there",
            missing,
            f"sam deploy: of {len(expected)} resources {len(missing)} are not there, or not complete",
        )
        stack.make_routes(ids["HttpApi"], routes_of(template), ids)
        _use(stack, ids, publish_job(world, "naver"), findings)
        named = list(stack.leftovers())
        findings.tell(
            f"{len(named)} things carry the stack's name",
            [] if named else ["the check would see no leftovers"],
            "nothing carries the stack's name",
        )
        stack.delete()
        findings.tell("delete-stack: none of them is left", stack.leftovers(), "delete-stack: not all of them are gone")


def _use(stack: Stack, ids: Mapping[str, str], job: CloudJob, findings: Findings) -> None:
    listed = stack.call(ids["HttpApi"], "GET", "/connections/default/jobs")
    findings.tell(
        "HTTP: the jobs are listed",
        [] if job.job in listed.text else [f"{listed.status_code}: {listed.text[:500]}"],
        "HTTP: the list of jobs lacks the job",
    )
    request = {"job": job.job, "parameters": job.parameters(MIN_ELEVATION_FEET)}
    started = stack.call(ids["HttpApi"], "POST", "/connections/default/runs", request)
    findings.tell(
        "HTTP: a run is started",
        [] if started.status_code == 202 else [f"{started.status_code}: {started.text[:500]}"],
        "HTTP: no run is started",
    )
    events = eventually(lambda: stack.receive(ids["CompletionQueue"]))
    told = [str(event.get("type")) for event in events]
    wanted = ["io.farsync.execution.succeeded"]
    machines = (ids["RunJobStateMachine"], ids["EmitEventStateMachine"])
    problems = [f"there are {told}", *(failure for machine in machines for failure in stack.failures(machine))]
    findings.tell(
        "queue: its completion event is there",
        [] if told == wanted else problems,
        "queue: its completion event is not there",
    )
    swept = eventually(lambda: stack.executions(ids["SweepRunsStateMachine"]))
    findings.tell(
        "schedule: the sweeper was started",
        [] if swept else ["sweep_runs has no execution"],
        "schedule: the sweeper was not started",
    )


def _connection(vendor: Mapping[str, str]) -> dict[str, str]:
    """What a service says of itself is what a connection to it holds, but for the folder on this machine."""
    return {"provider": "naver", **{key: value for key, value in vendor.items() if key != BUCKETS}}
