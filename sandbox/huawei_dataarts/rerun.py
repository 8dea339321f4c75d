"""Where a rerun begins.

https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0067.html
"""

from collections.abc import Mapping
from typing import Any

from sandbox.huawei_dataarts.instance_store import Instance
from sandbox.huawei_dataarts.node_records import NodeRecord
from sandbox.huawei_dataarts.rejections import bad_parameter


def nodes_to_rerun(instance: Instance, records: Mapping[str, NodeRecord], fields: Mapping[str, Any]) -> list[str]:
    """Names of the nodes that run once more. Raises `FactoryRejection`."""
    names = list(records)
    location = fields.get("retry_location", "first_node")
    # After a success there is no node to begin at but the first.
    if location == "first_node" or (location == "error_node" and instance.status == "success"):
        return names
    if location == "error_node":
        return _with_followers(instance, [name for name in names if records[name].status in ("fail", "manual-stop")])
    if location != "specified_node":
        raise bad_parameter("retry_location: must be one of error_node, first_node, specified_node")
    if fields.get("node_name") not in names:
        raise bad_parameter("node_name: must name a node of the job")
    return _with_followers(instance, [str(fields["node_name"])])


def _with_followers(instance: Instance, names: list[str]) -> list[str]:
    chosen = set(names)
    for node in instance.definition.nodes_in_running_order():
        if chosen.intersection(node.pre_node_name):
            chosen.add(node.name)
    return list(chosen)
