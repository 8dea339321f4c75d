"""What a status word of DataArts Factory means for a run.

Older generations know seven words for an instance, newer ones twelve:
https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0094.html
"""

from farsync.model.execution import ExecutionStatus

FORCED = "forceSuccess"
IGNORED = "ignoreSuccess"

INSTANCE_STATUSES = {
    "waiting": ExecutionStatus.PENDING,
    "waiting-confirm": ExecutionStatus.PENDING,
    "freeze": ExecutionStatus.PENDING,
    "running": ExecutionStatus.RUNNING,
    "running-exception": ExecutionStatus.RUNNING,
    "pause": ExecutionStatus.RUNNING,
    "success": ExecutionStatus.SUCCEEDED,
    FORCED: ExecutionStatus.SUCCEEDED,
    IGNORED: ExecutionStatus.SUCCEEDED,
    "fail": ExecutionStatus.FAILED,
    "manual-stop": ExecutionStatus.CANCELED,
    # It never ran, so that its data are not there; no error of its own made it so.
    "skip-by-depend": ExecutionStatus.CANCELED,
    # A node's word, which other clients of the service know for an instance too.
    "skip": ExecutionStatus.CANCELED,
}

ATTENTION_REASONS = {
    "running-exception": "a node failed and the job's settings suspend it; retry, continue or stop it in the console",
    "pause": "a node is paused; resume or stop it in the console",
    "freeze": "the instance is frozen; unfreeze or stop it in the console",
    "waiting-confirm": "the instance waits to be confirmed; execute or stop it in the console",
}

PLAIN_WORDS = INSTANCE_STATUSES.keys() - ATTENTION_REASONS.keys() - {FORCED, IGNORED}
"""Words that say a status and nothing else."""
