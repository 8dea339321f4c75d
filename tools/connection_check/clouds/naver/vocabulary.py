"""The fields and words that the provider's pages know, of every generation of those pages:
https://api.ncloud-docs.com/docs/en/analytics-dataflow
"""

from collections.abc import Mapping

from tools.connection_check.vocabulary import Kind

EXECUTION_WORDS = frozenset({"READY", "RUNNING", "COMPLETED", "FAILED", "CANCELED"})
G1_JOB_TYPES = frozenset({"DATAFLOW"})
G2_JOB_TYPES = frozenset({"VISUAL", "SCRIPT"})
G1_JOB_STATUSES = frozenset({"RUNNABLE", "RUNNING", "DELETED", "UNKNOWN", "DRAFT", "STOPPED", "EDITING"})
G2_JOB_STATUSES = frozenset({"READY"})

VOCABULARY: Mapping[str, Kind] = {
    "listing": Kind(frozenset({"list", "count", "page", "limit"})),
    "job": Kind(
        frozenset(
            (
                *("jobId", "resourceId", "name", "description", "type", "status", "lastExecutionStatus", "nodes"),
                *("runCondition", "jobCondition", "maxConcurrentRuns", "createdDate", "updatedDate"),
                *("lastExecutionDate", "disabled"),
            )
        ),
        words={
            "type": G1_JOB_TYPES | G2_JOB_TYPES,
            "status": G1_JOB_STATUSES | G2_JOB_STATUSES,
            "lastExecutionStatus": EXECUTION_WORDS,
        },
        inside={"runCondition": "condition", "jobCondition": "condition"},
    ),
    "execution": Kind(
        frozenset(
            (
                *("jobExecutionId", "jobId", "jobName", "jobCondition", "status", "type", "createdDate", "startDate"),
                *("endDate", "triggerId", "triggerName", "waitingTime", "runningTime", "executorNum"),
                "parsedParameters",
            )
        ),
        words={"type": frozenset({"JOB", "WORKFLOW"}), "status": EXECUTION_WORDS},
        inside={"runCondition": "condition", "jobCondition": "condition"},
    ),
    "condition": Kind(
        frozenset(
            (
                *("workerType", "numWorker", "timeout", "nrn", "scriptPath", "logPath", "consoleLogPath"),
                "parameters",
            )
        ),
        words={"workerType": frozenset({"DEFAULT", "DATAFLOW"})},
    ),
}
