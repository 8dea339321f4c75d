"""Calls the targets of the template's rules when the status of an execution changes.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

import datetime
import logging
import queue
import threading
import uuid
from collections.abc import Sequence
from typing import Any

from sandbox.aws.events.rules import matches, target_input
from sandbox.aws.events.targets import TargetCaller, TargetFailed
from sandbox.aws.http_server import ConnectionDropped
from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template.model import Rule

_LOG = logging.getLogger(__name__)


class StatusEvents:
    """Events leave in the order of the changes, on a thread of their own: no execution waits for its rules."""

    def __init__(self, rules: Sequence[Rule], targets: TargetCaller) -> None:
        self._rules = rules
        self._targets = targets
        self._events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._deliver_all, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._events.put(None)

    def status_changed(self, execution: Any) -> None:
        """`execution` is moto's."""
        self._events.put(status_event(execution))

    def _deliver_all(self) -> None:
        while (event := self._events.get()) is not None:
            for rule in self._rules:
                if matches(rule.pattern, event):
                    self._deliver(rule, event)

    def _deliver(self, rule: Rule, event: dict[str, Any]) -> None:
        for target in rule.targets:
            try:
                self._targets.call(target, target_input(target, event))
            except (TargetFailed, ConnectionDropped) as failure:
                # EventBridge retries for a day; one try is enough to see that a rule is wrong.
                _LOG.warning("rule %s: target %s failed: %s", rule.name, target.arn, failure)


def status_event(execution: Any) -> dict[str, Any]:
    """Without input, output, error and cause: no rule may read them."""
    now = datetime.datetime.now(tz=datetime.UTC)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": ACCOUNT_ID,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [execution.execution_arn],
        "detail": {
            "executionArn": execution.execution_arn,
            "stateMachineArn": execution.state_machine_arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": _milliseconds(execution.start_date),
            "stopDate": _milliseconds(execution.stop_date),
            "redriveCount": execution.redrive_count,
            "redriveDate": _milliseconds(execution.redrive_date),
        },
    }


def _milliseconds(moment: datetime.datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
