"""`manage_runs` behind its routes, with Step Functions in memory."""

from datetime import UTC, datetime
from typing import Any

from farsync.operations.manage_runs import manage_runs
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.http_client import Answered, HttpClient

RUNS = "/connections/{connection}/runs"


class RunsClient(HttpClient):
    def __init__(self, cloud: Cloud) -> None:
        cloud.aws.page_size = 2
        super().__init__(cloud.environment, manage_runs)
        self.aws = cloud.aws

    def environment_now(self, shift_seconds: float = 0) -> datetime:
        return datetime.fromtimestamp(self.aws.clock() + shift_seconds, UTC)

    def post(self, body: dict[str, Any], key: str | None = None, connection: str = "default", **more: str) -> Answered:
        return self.call(f"POST {RUNS}", f"/connections/{connection}/runs", body, key=key, **more)

    def get(self, name: str = "x") -> Answered:
        return self.call("GET /runs/{name}", f"/runs/{name}")

    def rerun(self, body: dict[str, Any] | None = None, key: str | None = None, name: str = "x") -> Answered:
        return self.call("POST /runs/{name}/rerun", f"/runs/{name}/rerun", body or {}, key=key)

    def list(self, query: str = "") -> Answered:
        return self.call("GET /runs", f"/runs{query}")

    def list_over(self, connection: str, query: str = "") -> Answered:
        return self.call(f"GET {RUNS}", f"/connections/{connection}/runs{query}")

    def events(self, query: str = "") -> Answered:
        return self.call("GET /events", f"/events{query}")

    def abort(self, name: str = "x") -> Answered:
        return self.call("POST /runs/{name}/abort", f"/runs/{name}/abort", {})
