"""Writes all that a verdict needs into one folder, so that somebody else can judge."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.aws.settings import SESSION_TOKEN
from tests.chaos.plan import Plan, as_json
from tests.chaos.recording import Record, now
from tests.chaos.world import World

MACHINES = ("run_job", "start_once", "emit_event", "run_backfill")


def write_dump(
    folder: Path, world: World, plan: Plan, record: Record, events: list[dict[str, Any]], elapsed_seconds: float
) -> None:
    """docs/chaos.md tells what each file holds."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "plan.json", _plan(world, plan, record, elapsed_seconds))
    _write(folder / "secrets.json", _secrets(world, plan))
    for cloud, emulator in world.emulators.items():
        _write(folder / f"ledger-{cloud}.json", emulator.control("GET", "ledger"))
        _write(folder / f"requests-{cloud}.json", emulator.control("GET", "requests")["ofExecutions"])
    _write(folder / "queue.json", events)
    _write(folder / "messages.json", {"left": world.queues.messages(), "deadLetters": world.queues.dead_letters()})
    for machine in MACHINES:
        _write_executions(folder / f"executions-{machine}.jsonl", world, machine)
    shutil.copytree(world.sandbox.logs_folder, folder / "logs", dirs_exist_ok=True)


def _plan(world: World, plan: Plan, record: Record, elapsed_seconds: float) -> dict[str, Any]:
    return {
        "seed": plan.seed,
        "isWatched": plan.is_watched,
        "readAt": now(),
        "elapsedSeconds": round(elapsed_seconds, 1),
        "jobs": [{**asdict(job), "job": world.provider_jobs[job.key]} for job in plan.jobs],
        "runs": [{**asdict(run), "value": run.value, **record.runs[run.number]} for run in plan.runs],
        "foreign": record.foreign,
        "deeds": record.deeds,
        "steps": [as_json(step) for step in plan.steps],
        "awsFaults": [dict(rule) for rule in plan.aws_faults],
    }


def _secrets(world: World, plan: Plan) -> dict[str, str]:
    """What must stand in no output, by what it is; they die with the sandbox."""
    keys = {
        f"{cloud} {name}": emulator.description[name]
        for cloud, emulator in world.emulators.items()
        for name in ("accessKey", "secretKey")
    }
    own = {f"AWS {name}": world.sandbox.aws[name] for name in ("accessKeyId", "secretAccessKey")}
    own["AWS session token"] = SESSION_TOKEN
    own["key that was retired"] = world.retired_key
    return keys | own | {f"parameter of {run.token}": run.value for run in plan.runs if run.has_secret}


def _write_executions(path: Path, world: World, machine: str) -> None:
    """A line each, with the history as `events`, which hold input, output and error."""
    with path.open("wb") as lines:
        for line in world.aws.executions(world.sandbox.aws["stateMachines"][machine]):
            lines.write(line + b"\n")


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
