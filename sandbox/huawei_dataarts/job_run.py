"""One run of a job: its nodes in order, and what the failure of one means for the others.

Nodes that could run side by side run one after the other.
https://support.huaweicloud.com/intl/en-us/usermanual-dataartsstudio/dataartsstudio_01_0435.html
"""

from collections.abc import Mapping

from sandbox.huawei_dataarts.expressions import ExpressionFailed, holds
from sandbox.huawei_dataarts.job_definition import Node
from sandbox.huawei_dataarts.node_records import OVER, NodeRecord
from sandbox.huawei_dataarts.node_run import NodeRun, Workshop
from sandbox.huawei_dataarts.running_instance import RunningInstance

Records = Mapping[str, NodeRecord]


class JobRun:
    def __init__(self, running: RunningInstance, workshop: Workshop) -> None:
        self._running = running
        self._workshop = workshop
        self._nodes = running.instance.definition.nodes_in_running_order()
        self._by_name = {node.name: node for node in self._nodes}

    def run(self) -> None:
        """Runs what is not over yet and notes the end. Raises `RunStopped`."""
        running = self._running
        running.begin()
        least_seconds = running.instance.run_seconds / len(self._nodes) / self._workshop.speed
        for node in self._nodes:
            records = running.records()
            if records[node.name].status in OVER:
                continue
            is_due, objection = self._is_due(node, records)
            if not is_due:
                running.end_node(node.name, "skip")
                continue
            reason = NodeRun(running, node, self._workshop, least_seconds).run(objection)
            if reason is not None and node.fail_policy == "SUSPEND":
                running.park("running-exception", f"{node.name}: {reason}")
                return
            if reason is not None and node.fail_policy == "FAIL":
                running.end("fail", error_message=f"{node.name}: {reason}")
                return
        self._end(running.records())

    def _is_due(self, node: Node, records: Records) -> tuple[bool, str | None]:
        """Whether the node runs, else it is skipped; and why it must fail, where its condition makes no sense."""
        before = [records[name].status for name in node.pre_node_name]
        if self._is_cut_off(node, records) or (before and all(status == "skip" for status in before)):
            return False, None
        statuses = {name: record.status for name, record in records.items()}
        for condition in node.conditions:
            if statuses[condition.pre_node_name] == "skip":
                continue
            try:
                if not holds(condition.expression, self._running.instance.job_params, statuses):
                    return False, None
            except ExpressionFailed as error:
                return True, f"condition after {condition.pre_node_name}: {error}"
        return True, None

    def _is_cut_off(self, node: Node, records: Records) -> bool:
        """Whether a node somewhere before it failed and takes all that follow along."""
        for name in node.pre_node_name:
            before = self._by_name[name]
            if records[name].status == "fail" and before.fail_policy == "FAIL_CHILD":
                return True
            if self._is_cut_off(before, records):
                return True
        return False

    def _end(self, records: Records) -> None:
        failed = [node for node in self._nodes if records[node.name].status == "fail"]
        fatal = [node.name for node in failed if node.fail_policy != "IGNORE"]
        if fatal:
            self._running.end("fail", error_message=f"{fatal[0]} failed")
        else:
            self._running.end("success", is_ignored=bool(failed))
