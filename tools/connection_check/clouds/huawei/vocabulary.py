"""The fields and words that the provider's pages and the API description behind its SDKs know:
https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0086.html (and 0087, 0094, 0095)
"""

from collections.abc import Mapping

from tools.connection_check.vocabulary import Kind

OLDER_WORDS = frozenset({"waiting", "running", "success", "fail", "running-exception", "pause", "manual-stop"})
NEWER_WORDS = frozenset({"forceSuccess", "ignoreSuccess", "freeze", "skip-by-depend", "waiting-confirm"})
INSTANCE_WORDS = OLDER_WORDS | NEWER_WORDS
JOB_TYPES = frozenset({"BATCH", "REAL_TIME"})

JOB_FIELDS = (
    *("name", "jobType", "owner", "priority", "status", "createUser", "createTime", "startTime", "endTime"),
    *("lastInstanceStatus", "lastInstanceEndTime", "lastUpdateTime", "lastUpdateUser", "path", "singleNodeJobFlag"),
    *("flinkJobInfo", "alarms", "tags"),
)
VIEWED_JOB_FIELDS = (
    *("name", "id", "processType", "directory", "nodes", "schedule", "params", "basicConfig", "createTime"),
    *("lastUpdateUser", "logPath", "description", "singleNodeJobFlag", "singleNodeJobType", "cleanOverdueDays"),
    *("cleanWaitingJob", "emptyRunningJob", "downstreamJobs", "version"),
)
BASIC_CONFIG_FIELDS = (
    *("owner", "agency", "isIgnoreWaiting", "priority", "executeUser", "instanceTimeout", "customFields", "tags"),
)
INSTANCE_FIELDS = (
    *("jobName", "jobId", "jobInstanceName", "status", "planTime", "startTime", "endTime", "executeTime"),
    *("instanceId", "submitTime", "instanceType", "forceSuccess", "ignoreSuccess", "version", "errorMessage"),
    *("total", "nodes"),
)
NODE_FIELDS = (
    *("nodeName", "status", "planTime", "startTime", "endTime", "type", "retryTimes", "instanceId"),
    *("inputRowCount", "speed", "logPath", "queue"),
)

VOCABULARY: Mapping[str, Kind] = {
    "listing": Kind(frozenset({"total", "jobs", "instances"})),
    "job": Kind(
        frozenset(JOB_FIELDS),
        words={
            "jobType": JOB_TYPES,
            "status": frozenset(
                {"SCHEDULING", "STOPPED", "PAUSED", "STARTING", "NORMAL", "EXCEPTION", "STOPPING"},
            ),
            "lastInstanceStatus": INSTANCE_WORDS,
        },
    ),
    "viewed job": Kind(
        frozenset(VIEWED_JOB_FIELDS), words={"processType": JOB_TYPES}, inside={"basicConfig": "basicConfig"}
    ),
    "basicConfig": Kind(frozenset(BASIC_CONFIG_FIELDS)),
    "instance": Kind(frozenset(INSTANCE_FIELDS), words={"status": INSTANCE_WORDS}, inside={"nodes": "node"}),
    "node": Kind(frozenset(NODE_FIELDS), words={"status": INSTANCE_WORDS | {"skip"}}),
}
