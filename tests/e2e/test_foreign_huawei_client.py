"""The provider's own SDK, which knows the sandbox's JSON line and nothing of this project."""

from pathlib import Path
from typing import Any

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdgc import v1 as dgc

from tests.e2e.sandbox_process import SandboxProcess
from tests.support.waiting import eventually

JOB = "orders_by_city"
SQL = "INSERT OVERWRITE totals SELECT city, sum(amount) AS total FROM orders WHERE amount >= ${minimum} GROUP BY city"


def node(name: str, **fields: Any) -> dgc.Node:
    return dgc.Node(name=name, location=dgc.Location(x="0", y="0"), **fields)


def test_it_runs_the_job_and_follows_it_to_its_output(sandbox: SandboxProcess) -> None:
    huawei = sandbox.described["huawei"]
    bucket, workspace = Path(huawei["bucketsDir"]) / "lake", huawei["workspace"]
    (bucket / "orders").mkdir(parents=True)
    (bucket / "orders" / "may.csv").write_text("city,amount\nSeoul,10\nBusan,5\nSeoul,32\n")
    credentials = BasicCredentials(huawei["accessKey"], huawei["secretKey"], huawei["projectId"])
    builder = dgc.DgcClient.new_builder().with_credentials(credentials)
    sdk: dgc.DgcClient = builder.with_endpoints([huawei["endpoint"]]).build()
    nodes = [
        node("begin", type="Dummy"),
        node(
            "by_city",
            type="DLISQL",
            pre_node_name=["begin"],
            properties=[dgc.ModelProperty(name="statement", value=SQL)],
        ),
    ]
    job = dgc.JobInfo(name=JOB, process_type="BATCH", schedule=dgc.Schedule(type="EXECUTE_ONCE"), nodes=nodes)
    sdk.create_job(dgc.CreateJobRequest(workspace=workspace, body=job))
    assert JOB in [job.name for job in sdk.list_jobs(dgc.ListJobsRequest(workspace=workspace, limit=10)).jobs]

    params = dgc.StartJobReq(job_params=[dgc.JobParam(name="minimum", value="8")])
    started = sdk.run_once(dgc.RunOnceRequest(workspace=workspace, job_name=JOB, body=params))
    request = dgc.ShowJobInstanceRequest(workspace=workspace, job_name=JOB, instance_id=str(started.instance_id))
    statuses: list[str] = []

    def has_ended() -> bool:
        statuses.append(sdk.show_job_instance(request).status)
        return statuses[-1] not in ("waiting", "running")

    eventually(has_ended, 30, every_seconds=0.2)  # the provider allows ten such calls a second
    assert list(dict.fromkeys(statuses)) == ["waiting", "running", "success"]
    seen = sdk.show_job_instance(request).nodes
    assert [(each.node_name, each.status) for each in seen] == [("begin", "success"), ("by_city", "success")]
    (output,) = (bucket / "totals").glob("*.csv")
    assert output.read_text().split() == ["city,total", "Seoul,42"]
