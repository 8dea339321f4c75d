"""The provider's own SDK drives the stand-in through every operation: two readings of the same pages meet here.

All that it needs is the endpoint with its scheme, and a project id, without which it would ask the provider's IAM.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, ServerResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkdgc import v1 as dgc

from sandbox.huawei_dataarts import Server, Settings, serve

SQL = "INSERT OVERWRITE totals SELECT city, count(*) AS n FROM sales WHERE city = '${city}' GROUP BY city"
JOB = "每日作业.v1"


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def make(**settings: Any) -> Server:
        defaults = {"folder": tmp_path / "sandbox", "queue_seconds": 0, "run_seconds": 0}
        servers.append(serve(Settings(**{**defaults, **settings})))
        table = servers[-1].settings.buckets_folder / "lake" / "sales"
        table.mkdir(parents=True, exist_ok=True)
        (table / "a.csv").write_text("city\nSeoul\nSeoul\n")
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def connect(server: Server, security_token: str | None = None) -> dgc.DgcClient:
    account = server.account
    credentials = BasicCredentials(account.keys.access_key, account.keys.secret_key, account.project_id)
    if security_token is not None:
        credentials = credentials.with_security_token(security_token)
    builder = dgc.DgcClient.new_builder().with_http_config(HttpConfig.get_default_config())
    return builder.with_credentials(credentials).with_endpoints([server.endpoint]).build()


@pytest.fixture
def client(make_server: Callable[..., Server]) -> dgc.DgcClient:
    return connect(make_server(calls_per_second=None, job_detail_calls_per_second=None))


def description(**changes: Any) -> dgc.JobInfo:
    node = dgc.Node(
        name="totals",
        type="DLISQL",
        location=dgc.Location(x="-45.5", y="-134.5"),
        properties=[dgc.ModelProperty(name="statement", value=SQL)],
        max_execution_time=360,
        polling_interval=20,
        retry_interval=120,
        fail_policy="FAIL_CHILD",
    )
    fields = {
        "name": JOB,
        "nodes": [node],
        "schedule": dgc.Schedule(type="EXECUTE_ONCE"),
        "process_type": "BATCH",
        "params": [dgc.JobParam(name="city", value="Busan", type="variable")],
        "log_path": "obs://dlf-test-log",
        "basic_config": dgc.BasicConfig(owner="test_user", priority=1, instance_timeout=0),
    }
    return dgc.JobInfo(**{**fields, **changes})


@pytest.fixture
def with_job(client: dgc.DgcClient) -> dgc.DgcClient:
    client.create_job(dgc.CreateJobRequest(body=description()))
    return client


def run_once(client: dgc.DgcClient, **params: str) -> int:
    body = dgc.StartJobReq(job_params=[dgc.JobParam(name=name, value=value) for name, value in params.items()])
    instance_id: int = client.run_once(dgc.RunOnceRequest(job_name=JOB, body=body)).instance_id
    return instance_id


def wait_for(client: dgc.DgcClient, instance_id: int, *statuses: str) -> dgc.ShowJobInstanceResponse:
    request = dgc.ShowJobInstanceRequest(job_name=JOB, instance_id=instance_id)
    until = time.monotonic() + 30
    while (shown := client.show_job_instance(request)).status not in statuses:
        assert time.monotonic() < until, f"still {shown.status}"
        time.sleep(0.01)
    return shown


def test_a_job_created_by_the_sdk_is_shown_to_it_unchanged(with_job: dgc.DgcClient) -> None:
    shown = with_job.show_job(dgc.ShowJobRequest(job_name=JOB, dependencies=False, get_job_submit_version=True))
    told = description()
    assert (shown.name, shown.process_type, shown.log_path) == (told.name, told.process_type, told.log_path)
    assert (shown.schedule, shown.params) == (told.schedule, told.params)
    (node,), (told_node,) = shown.nodes, told.nodes
    assert (node.name, node.type, node.properties, node.location) == (
        told_node.name, told_node.type, told_node.properties, told_node.location,
    )  # fmt: skip
    assert (node.max_execution_time, node.fail_policy, node.retry_times) == (360, "FAIL_CHILD", 0)
    assert (shown.basic_config.owner, shown.basic_config.priority) == ("test_user", 1)
    assert isinstance(shown.id, int)


def test_the_sdk_lists_changes_and_deletes_jobs(with_job: dgc.DgcClient) -> None:
    changed = description(directory="/dir/a/", target_status="SUBMITTED")
    with_job.update_job(dgc.UpdateJobRequest(job_name=JOB, body=changed))
    listed = with_job.list_jobs(dgc.ListJobsRequest(job_type="BATCH", job_name="作业", limit=100, offset=0))
    assert (listed.total, [job.name for job in listed.jobs]) == (1, [JOB])
    (job,) = listed.jobs
    assert (job.path, job.status, job.owner, job.job_type) == ("/dir/a/", "STOPPED", "test_user", "BATCH")
    with_job.delete_job(dgc.DeleteJobRequest(job_name=JOB))
    assert with_job.list_jobs(dgc.ListJobsRequest()).total == 0


def test_the_sdk_runs_a_job_with_parameters_and_sees_its_nodes(with_job: dgc.DgcClient) -> None:
    instance_id = run_once(with_job, city="Seoul")
    shown = wait_for(with_job, instance_id, "success", "fail")
    assert (shown.status, shown.job_name, shown.instance_id, shown.instance_type) == ("success", JOB, instance_id, 2)
    assert (shown.force_success, shown.ignore_success, shown.total) == (False, False, 1)
    assert shown.plan_time <= shown.start_time <= shown.end_time
    (node,) = shown.nodes
    assert (node.node_name, node.type, node.status, node.queue) == ("totals", "DLISQL", "success", "default")
    assert (node.instance_id, node.input_row_count, node.retry_times) == (instance_id, 2, 0)
    assert node.speed > 0
    assert node.log_path.startswith(f"obs://dlf-test-log/{JOB}/")


def test_the_sdk_lists_instances_with_every_filter(with_job: dgc.DgcClient) -> None:
    ids = [run_once(with_job) for _ in range(3)]
    shown = [wait_for(with_job, instance_id, "success") for instance_id in ids]
    request = dgc.ListJobInstancesRequest(
        job_name=JOB,
        precise_query=True,
        instance_type="2",
        status="success",
        min_plan_time=shown[0].plan_time,
        max_plan_time=shown[-1].plan_time,
        limit=2,
        offset=0,
    )
    listed = with_job.list_job_instances(request)
    assert (listed.total, [item.instance_id for item in listed.instances]) == (3, [ids[2], ids[1]])
    newest = listed.instances[0]
    detail = shown[-1]
    for field in ("job_name", "status", "plan_time", "start_time", "end_time", "instance_type", "execute_time"):
        assert getattr(newest, field) == getattr(detail, field)
    assert isinstance(newest.job_id, int)
    assert newest.submit_time <= newest.start_time


def test_the_sdk_stops_and_reruns_an_instance(make_server: Callable[..., Server]) -> None:
    client = connect(make_server(run_seconds=600, calls_per_second=None))
    client.create_job(dgc.CreateJobRequest(body=description()))
    instance_id = run_once(client)
    client.stop_job_instance(dgc.StopJobInstanceRequest(job_name=JOB, instance_id=instance_id))
    wait_for(client, instance_id, "manual-stop")
    client.restore_job_instance(dgc.RestoreJobInstanceRequest(job_name=JOB, instance_id=instance_id))
    wait_for(client, instance_id, "waiting", "running", "success")


def test_the_sdk_starts_and_stops_a_schedule(with_job: dgc.DgcClient) -> None:
    with_job.start_job(dgc.StartJobRequest(job_name=JOB, body=dgc.StartJobReq(job_params=[])))
    assert with_job.show_job_status(dgc.ShowJobStatusRequest(job_name=JOB)).status == "SCHEDULING"
    with_job.stop_job(dgc.StopJobRequest(job_name=JOB))
    shown = with_job.show_job_status(dgc.ShowJobStatusRequest(job_name=JOB))
    assert (shown.name, shown.status, [node.name for node in shown.nodes]) == (JOB, "STOPPED", ["totals"])


def test_the_sdk_reaches_another_workspace(make_server: Callable[..., Server]) -> None:
    client = connect(make_server(other_workspaces=("w2",)))
    client.create_job(dgc.CreateJobRequest(workspace="w2", body=description()))
    assert client.list_jobs(dgc.ListJobsRequest(workspace="w2")).total == 1
    assert client.list_jobs(dgc.ListJobsRequest()).total == 0


def test_the_sdk_comes_in_with_temporary_keys(make_server: Callable[..., Server]) -> None:
    server = make_server(security_token="TOKEN//+abc==")
    assert connect(server, "TOKEN//+abc==").list_jobs(dgc.ListJobsRequest()).total == 0
    with pytest.raises(ClientRequestException) as caught:
        connect(server).list_jobs(dgc.ListJobsRequest())
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")


@pytest.mark.parametrize("error_keys", ["error_code", "errorCode"])
def test_the_sdk_reads_the_code_of_a_rejection_in_either_spelling(
    make_server: Callable[..., Server], error_keys: str
) -> None:
    client = connect(make_server(error_keys=error_keys))
    with pytest.raises(ClientRequestException) as caught:
        client.show_job_instance(dgc.ShowJobInstanceRequest(job_name="gone", instance_id=1))
    assert (caught.value.status_code, caught.value.error_code) == (400, "DLF.0137")
    assert caught.value.error_msg == "Job instance does not exist."
    assert caught.value.request_id


def test_the_sdk_is_throttled_and_shows_the_code_where_it_does_not_hide_the_reply(
    make_server: Callable[..., Server],
) -> None:
    """Of a read it tells the status alone: its connection pool takes a 429 for a matter of retries."""
    client = connect(make_server(calls_per_second=1, job_detail_calls_per_second=1))
    client.create_job(dgc.CreateJobRequest(body=description()))
    run, show = dgc.RunOnceRequest(job_name=JOB), dgc.ShowJobRequest(job_name=JOB)
    assert throttled(lambda: client.run_once(run)) == (429, "APIGW.0308")
    assert throttled(lambda: client.show_job(show)) == (429, "429")


def throttled(call: Callable[[], object]) -> tuple[int, str]:
    """Calls until it is rejected; the status and the code."""
    for _ in range(50):
        try:
            call()
        except ClientRequestException as rejection:
            return rejection.status_code, rejection.error_code
    raise AssertionError("50 calls in a row were let in")


def test_what_is_not_served_here_is_no_api(client: dgc.DgcClient) -> None:
    with pytest.raises(ClientRequestException) as caught:
        client.list_scripts(dgc.ListScriptsRequest())
    assert (caught.value.status_code, caught.value.error_code) == (404, "APIGW.0101")
    assert not isinstance(caught.value, ServerResponseException)
