"""The provider's own SDK, which knows the sandbox's JSON line and nothing of this project."""

from pathlib import Path
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdgc import v1 as dgc

from tests.e2e.sandbox_process import SandboxProcess, wait_for

JOB = "orders_by_city"
SQL = "INSERT OVERWRITE totals SELECT city, sum(amount) AS total FROM orders WHERE amount >= ${minimum} GROUP BY city"


class ForeignClient:
    """`huawei` is that part of the JSON line."""

    def __init__(self, huawei: dict[str, str]) -> None:
        self._workspace = huawei["workspace"]
        credentials = BasicCredentials(huawei["accessKey"], huawei["secretKey"], huawei["projectId"])
        builder = dgc.DgcClient.new_builder().with_credentials(credentials)
        self._sdk = builder.with_endpoints([huawei["endpoint"]]).build()

    def create_job(self, job: dgc.JobInfo) -> None:
        self._sdk.create_job(dgc.CreateJobRequest(workspace=self._workspace, body=job))

    def names_of_jobs(self) -> list[str]:
        listed = self._sdk.list_jobs(dgc.ListJobsRequest(workspace=self._workspace, job_type="BATCH", limit=10))
        return [job.name for job in listed.jobs]

    def start(self, minimum: int) -> int:
        params = dgc.StartJobReq(job_params=[dgc.JobParam(name="minimum", value=str(minimum))])
        started = self._sdk.run_once(dgc.RunOnceRequest(workspace=self._workspace, job_name=JOB, body=params))
        instance_id: int = started.instance_id
        return instance_id

    def instance(self, instance_id: int) -> dgc.ShowJobInstanceResponse:
        request = dgc.ShowJobInstanceRequest(workspace=self._workspace, job_name=JOB, instance_id=str(instance_id))
        return self._sdk.show_job_instance(request)

    def stop(self, instance_id: int) -> None:
        request = dgc.StopJobInstanceRequest(workspace=self._workspace, job_name=JOB, instance_id=str(instance_id))
        self._sdk.stop_job_instance(request)


@pytest.fixture(scope="module")
def bucket(sandbox: SandboxProcess) -> Path:
    folder = Path(sandbox.described["huawei"]["bucketsDir"]) / "lake"
    (folder / "orders").mkdir(parents=True)
    (folder / "orders" / "may.csv").write_text("city,amount\nSeoul,10\nBusan,5\nSeoul,32\n")
    return folder


@pytest.fixture(scope="module")
def client(sandbox: SandboxProcess, bucket: Path) -> ForeignClient:
    """With a job over the orders in the bucket."""
    client = ForeignClient(sandbox.described["huawei"])
    client.create_job(job())
    return client


def test_it_lists_the_job_that_it_created(client: ForeignClient) -> None:
    assert client.names_of_jobs() == [JOB]


@pytest.fixture(scope="module")
def statuses(client: ForeignClient, instance_id: int) -> list[str]:
    """Those of an instance, one after the other, up to its end."""
    seen: list[str] = []

    def has_ended() -> bool:
        seen.append(client.instance(instance_id).status)
        return seen[-1] not in ("waiting", "running")

    assert wait_for(has_ended, within_seconds=30)
    return list(dict.fromkeys(seen))


@pytest.fixture(scope="module")
def instance_id(client: ForeignClient) -> int:
    return client.start(minimum=8)


def test_it_runs_the_job_and_follows_it_to_its_output(statuses: list[str], bucket: Path) -> None:
    assert statuses == ["waiting", "running", "success"]
    (output,) = (bucket / "totals").glob("*.csv")
    assert output.read_text().split() == ["city,total", "Seoul,42"]


@pytest.mark.usefixtures("statuses")
def test_it_sees_what_became_of_each_node(client: ForeignClient, instance_id: int) -> None:
    nodes = client.instance(instance_id).nodes
    assert [(node.node_name, node.status) for node in nodes] == [("begin", "success"), ("by_city", "success")]
    assert nodes[1].input_row_count == 3


def test_it_stops_an_instance(client: ForeignClient) -> None:
    instance_id = client.start(minimum=8)
    assert wait_for(lambda: client.instance(instance_id).status == "running", within_seconds=30)

    client.stop(instance_id)

    assert wait_for(lambda: client.instance(instance_id).status == "manual-stop", within_seconds=30)


def test_a_wrong_secret_is_rejected_by_the_gateway(sandbox: SandboxProcess) -> None:
    client = ForeignClient({**sandbox.described["huawei"], "secretKey": "wrong"})

    with pytest.raises(ClientRequestException) as rejected:
        client.names_of_jobs()

    assert (rejected.value.status_code, rejected.value.error_code) == (401, "APIGW.0301")


def job() -> dgc.JobInfo:
    statement = dgc.ModelProperty(name="statement", value=SQL)
    return dgc.JobInfo(
        name=JOB,
        process_type="BATCH",
        schedule=dgc.Schedule(type="EXECUTE_ONCE"),
        nodes=[
            node("begin", type="Dummy"),
            node("by_city", type="DLISQL", pre_node_name=["begin"], properties=[statement]),
        ],
    )


def node(name: str, **fields: Any) -> dgc.Node:
    return dgc.Node(name=name, location=dgc.Location(x="0", y="0"), **fields)
