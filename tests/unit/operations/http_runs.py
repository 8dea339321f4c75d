"""`manage_runs` behind its routes, with Step Functions in memory."""

from typing import Any

from farsync.operations.manage_runs import manage_runs
from tests.unit.operations.http_client import Answered, HttpClient
from tests.unit.operations.old_cloud import Cloud
from tests.unit.operations.remembered_runs import START_ONCE_ARN, RememberedRuns

RUNS = "/connections/{connection}/runs"


def client_of(cloud: Cloud, remembered: RememberedRuns) -> HttpClient:
    variables = {**cloud.environment.variables, "START_ONCE_ARN": START_ONCE_ARN}
    return HttpClient(cloud.environment._replace(aws=remembered, variables=variables), manage_runs)


def post(
    client: HttpClient, body: dict[str, Any], key: str | None = None, connection: str = "default", **more: str
) -> Answered:
    return client.call(f"POST {RUNS}", f"/connections/{connection}/runs", body, key=key, **more)
