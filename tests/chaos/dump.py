"""Writes everything that the checks need into one folder, so that others can check it too."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.aws.settings import SESSION_TOKEN
from tests.chaos.runs import Record, Run, now
from tests.chaos.sandbox import MACHINES, ChaosSandbox


def write_dump(
    folder: Path, sandbox: ChaosSandbox, record: Record, events: list[dict[str, Any]], elapsed_seconds: float
) -> None:
    """What each file holds:

    - `play.json`: the `deeds` as they were done, and when the dump was written
    - `runs.json`: each run as it was planned, with its job, its value, its name and its moments
    - `started-CLOUD.json`: every execution truly started, by the provider's own log
    - `requests-CLOUD.json`: how often each operation was asked for, by execution, whatever it was answered
    - `queue.json`: every event on the queue, in the order of its receipt
    - `messages.json`: how many messages are `left` on PollQueue and CloseQueue, and the `deadLetters` of each queue
    - `executions-MACHINE.jsonl`: a line for each execution, with its whole history as `events`
    - `logs`: the output of functions, emulators and the sandbox's AWS
    - `secrets.json`: the values that must stand nowhere else; worth nothing once the sandbox is down
    """
    contents: dict[str, object] = {
        "play": {"readAt": now(), "elapsedSeconds": round(elapsed_seconds, 1), "deeds": record.deeds},
        "runs": [{**asdict(run), "value": run.value} for run in record.runs],
        "secrets": _secrets(sandbox, record.runs),
        "queue": events,
        "messages": {"left": sandbox.messages(), "deadLetters": sandbox.dead_letters()},
    }
    for cloud, emulator in sandbox.emulators.items():
        contents[f"started-{cloud}"] = emulator.control("GET", "executions")
        contents[f"requests-{cloud}"] = emulator.control("GET", "requests")["ofExecutions"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    for machine in MACHINES:
        lines = sandbox.executions(machine)
        (folder / f"executions-{machine}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    shutil.copytree(sandbox.logs_folder, folder / "logs", dirs_exist_ok=True)


def _secrets(sandbox: ChaosSandbox, runs: list[Run]) -> dict[str, str]:
    """Texts that must stand in no output, by their titles; they die with the sandbox."""
    keys = {
        f"{cloud} {name}": emulator.description[name]
        for cloud, emulator in sandbox.emulators.items()
        for name in ("accessKey", "secretKey")
    }
    own = {f"AWS {name}": sandbox.aws[name] for name in ("accessKeyId", "secretAccessKey")}
    retired = {"AWS session token": SESSION_TOKEN, "key that was retired": sandbox.retired_key}
    return keys | own | retired | {f"parameter of {run.token}": run.value for run in runs if run.has_secret}
