"""One run of a job: its nodes in order, and what the failure of one means for the others.

Nodes that could run side by side run one after the other.
https://support.huaweicloud.com/intl/en-us/usermanual-dataartsstudio/dataartsstudio_01_0435.html
"""

from sandbox.huawei_dataarts.job_definition import Node
from sandbox.huawei_dataarts.node_run import NodeRun, Workshop
from sandbox.huawei_dataarts.records import NODE_ENDED
from sandbox.huawei_dataarts.running_instance import RunningInstance


class JobRun:
    def __init__(self, running: RunningInstance, workshop: Workshop) -> None:
        self._running = running
        self._workshop = workshop
        self._nodes = running.instance.definition.nodes_in_running_order()
        self._policies = {node.name: node.fail_policy for node in self._nodes}

    def run(self) -> None:
        """Runs what is not over yet and notes the end. Raises `RunStopped`."""
        running = self._running
        running.begin()
        least_seconds = running.instance.run_seconds / len(self._nodes) / self._workshop.speed
        for node in self._nodes:
            if running.nodes()[node.name].status in NODE_ENDED:
                continue
            if self._is_cut_off(node):
                running.end_node(node.name, "skip")
                continue
            reason = NodeRun(running, node, self._workshop, least_seconds).run()
            if reason is not None and node.fail_policy == "SUSPEND":
                running.park("running-exception", f"{node.name}: {reason}")
                return
            if reason is not None and node.fail_policy == "FAIL":
                running.end("fail", error_message=f"{node.name}: {reason}")
                return
        failed = [name for name, record in running.nodes().items() if record.status == "fail"]
        fatal = [name for name in failed if self._policies[name] != "IGNORE"]
        if fatal:
            running.end("fail", error_message=f"{fatal[0]} failed")
        else:
            running.end("success", is_ignored=bool(failed))

    def _is_cut_off(self, node: Node) -> bool:
        """Whether a node somewhere before it failed and takes all that follow along."""
        records = self._running.nodes()
        return any(
            records[name].status == "skip" or (records[name].status == "fail" and self._policies[name] == "FAIL_CHILD")
            for name in node.pre_node_name
        )
