"""Which request asks for which operation. Scripts, resources, connections, exports and imports are not served here."""

from urllib.parse import parse_qs, unquote

from sandbox.provider_service.front import Route
from sandbox.provider_service.http_messages import Request

START_OPERATION = "RunOnce"
# `*job` and `*instance` stand for one segment of the path each, `*project` for the project id.
ROUTES = (
    ("GET", "v1/*project/jobs", "ListJobs"),
    ("POST", "v1/*project/jobs", "CreateJob"),
    ("GET", "v1/*project/jobs/instances/detail", "ListJobInstances"),
    ("GET", "v1/*project/jobs/*job", "ShowJob"),
    ("PUT", "v1/*project/jobs/*job", "ModifyJob"),
    ("DELETE", "v1/*project/jobs/*job", "DeleteJob"),
    ("GET", "v1/*project/jobs/*job/status", "ShowRealTimeJobStatus"),
    ("POST", "v1/*project/jobs/*job/run-immediate", START_OPERATION),
    ("POST", "v1/*project/jobs/*job/start", "StartJob"),
    ("POST", "v1/*project/jobs/*job/stop", "StopJob"),
    ("GET", "v1/*project/jobs/*job/instances/*instance", "ShowJobInstance"),
    ("POST", "v1/*project/jobs/*job/instances/*instance/stop", "StopJobInstance"),
    ("POST", "v1/*project/jobs/*job/instances/*instance/restart", "RestoreJobInstance"),
)
OPERATIONS = tuple(operation for _, _, operation in ROUTES)


def find_route(request: Request) -> Route | None:
    """Segments are told apart before they are decoded: a name may hold an encoded slash."""
    segments = [unquote(segment) for segment in request.target.partition("?")[0].split("/")]
    for method, pattern, operation in ROUTES:
        names = ["", *pattern.split("/")]
        if method != request.method or len(names) != len(segments):
            continue
        pairs = list(zip(names, segments, strict=True))
        if all(segment if name.startswith("*") else name == segment for name, segment in pairs):
            values = {name: segment for name, segment in pairs if name.startswith("*")}
            return Route(operation, values.get("*job") or _job_looked_for(request), values.get("*instance", ""))
    return None


def _job_looked_for(request: Request) -> str:
    """Lists name their job in the query."""
    return parse_qs(request.target.partition("?")[2]).get("jobName", [""])[0]
