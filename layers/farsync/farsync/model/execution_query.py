"""How a caller names one execution from outside of any run."""

from farsync.model.execution import WireModel
from farsync.model.identifiers import ConnectionName, ExecutionId, JobId


class ExecutionQuery(WireModel):
    """Which execution of which job over which connection."""

    connection: ConnectionName = "default"
    job: JobId
    execution_id: ExecutionId
