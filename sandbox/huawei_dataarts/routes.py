"""Which request asks for which operation. Scripts, resources, connections, exports and imports are not served here."""

from sandbox.provider_service.routing import Route

JOBS = "/v1/{project}/jobs"
JOB = JOBS + "/{job}"
INSTANCE = JOB + "/instances/{execution}"
ROUTES = (
    Route("GET", JOBS, "ListJobs"),
    Route("POST", JOBS, "CreateJob"),
    Route("GET", JOBS + "/instances/detail", "ListJobInstances"),
    Route("GET", JOB, "ShowJob"),
    Route("PUT", JOB, "ModifyJob"),
    Route("DELETE", JOB, "DeleteJob"),
    Route("GET", JOB + "/status", "ShowRealTimeJobStatus"),
    Route("POST", JOB + "/run-immediate", "RunOnce"),
    Route("POST", JOB + "/start", "StartJob"),
    Route("POST", JOB + "/stop", "StopJob"),
    Route("GET", INSTANCE, "ShowJobInstance"),
    Route("POST", INSTANCE + "/stop", "StopJobInstance"),
    Route("POST", INSTANCE + "/restart", "RestoreJobInstance"),
)
OPERATIONS = tuple(route.operation for route in ROUTES)
