"""What people do at the console, by `PUT /_sandbox/instances/{id}` with `{"status": word}`.

An end ends the instance, a hold holds it, and `waiting` or `running` lets a held one go on: failed nodes once more.
"""

import re
from typing import Any, Literal

from sandbox.huawei_dataarts.records import NEEDING_A_PERSON, Instance, Instances
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.validation import ControlRejected

SEVEN_WORDS = ("waiting", "running", "success", "fail", "running-exception", "pause", "manual-stop")
# These two are actions with any vocabulary: how they are shown is another switch.
SPECIAL_SUCCESSES = ("forceSuccess", "ignoreSuccess")
LATER_WORDS = ("freeze", "skip-by-depend", "waiting-confirm")
GOING_ON = ("waiting", "running")
UNFINISHED = ("fail", "pause", "manual-stop")


class Person:
    def __init__(self, instances: Instances, worker: Worker, status_words: Literal[7, 12]) -> None:
        self._instances = instances
        self._worker = worker
        self._words = SEVEN_WORDS + SPECIAL_SUCCESSES + (LATER_WORDS if status_words == 12 else ())

    def act(self, instance_id: str, body: Any) -> dict[str, object]:
        """Raises `ControlRejected`."""
        word = body.get("status") if isinstance(body, dict) else None
        if word not in self._words:
            raise ControlRejected(f"status: must be one of {', '.join(self._words)}")
        instance = self._instances.find(int(instance_id)) if re.fullmatch(r"[0-9]{1,18}", instance_id) else None
        if instance is None:
            raise ControlRejected(f"instance {instance_id} does not exist")
        if not self._change(instance, word):
            raise ControlRejected(f"instance {instance_id} changed at this very moment; try again")
        return {"instanceId": instance.instance_id, "status": word}

    def _change(self, instance: Instance, word: str) -> bool:
        if word in SPECIAL_SUCCESSES:
            is_forced = word == "forceSuccess"
            return self._worker.end(instance, "success", is_forced=is_forced, is_ignored=not is_forced)
        if word in NEEDING_A_PERSON:
            return self._worker.park(instance, word)
        if word not in GOING_ON:
            return self._worker.end(instance, word)
        if instance.status not in NEEDING_A_PERSON:
            raise ControlRejected(f"status: instance {instance.instance_id} is {instance.status}, nobody holds it")
        return self._worker.go_on(
            instance, {name for name, node in instance.nodes.items() if node.status in UNFINISHED}
        )
