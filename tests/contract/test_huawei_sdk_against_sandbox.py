"""The provider's own SDK drives the stand-in: two readings of the same pages meet here.

All that it needs is the endpoint with its scheme, and a project id, without which it would ask the provider's IAM.
"""

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkdgc import v1 as dgc

from tests.contract.conftest import ServiceMaker
from tests.contract.services import Service
from tests.support.waiting import eventually

JOB = "每日作业.v1"


def connect(service: Service, security_token: str | None = None) -> dgc.DgcClient:
    account = service.server.account
    credentials = BasicCredentials(account.keys.access_key, account.keys.secret_key, account.project_id)
    if security_token is not None:
        credentials = credentials.with_security_token(security_token)
    builder = dgc.DgcClient.new_builder().with_http_config(HttpConfig.get_default_config())
    return builder.with_credentials(credentials).with_endpoints([service.server.endpoint]).build()


def description() -> dgc.JobInfo:
    statement = dgc.ModelProperty(name="statement", value="SELECT * FROM sales WHERE city = '${city}'")
    place = dgc.Location(x="-45.5", y="-134.5")
    return dgc.JobInfo(
        name=JOB,
        nodes=[dgc.Node(name="totals", type="DLISQL", location=place, properties=[statement], max_execution_time=360)],
        schedule=dgc.Schedule(type="EXECUTE_ONCE"),
        process_type="BATCH",
        params=[dgc.JobParam(name="city", value="Busan", type="variable")],
        log_path="obs://dlf-test-log",
        basic_config=dgc.BasicConfig(owner="test_user", priority=1, instance_timeout=0),
    )


def test_a_job_created_by_the_sdk_is_shown_to_it_unchanged(make_service: ServiceMaker) -> None:
    sdk, created = connect(make_service("huawei")), description()
    sdk.create_job(dgc.CreateJobRequest(body=created))
    shown = sdk.show_job(dgc.ShowJobRequest(job_name=JOB, dependencies=False, get_job_submit_version=True))
    assert (shown.name, shown.process_type, shown.log_path) == (created.name, created.process_type, created.log_path)
    assert (shown.schedule, shown.params) == (created.schedule, created.params)
    (node,), (created_node,) = shown.nodes, created.nodes
    assert (node.name, node.type, node.properties) == (created_node.name, created_node.type, created_node.properties)
    assert (node.location, node.max_execution_time, node.retry_times) == (created_node.location, 360, 0)
    assert (shown.basic_config.owner, shown.basic_config.priority) == ("test_user", 1)
    assert isinstance(shown.id, int)


def test_the_sdk_lists_instances_with_every_filter_and_stops_and_reruns_one(make_service: ServiceMaker) -> None:
    service = make_service("huawei", run_seconds=600)
    sdk, job = connect(service), service.emulator.make_job(name=JOB)
    params = dgc.StartJobReq(job_params=[dgc.JobParam(name="city", value="Seoul")])
    ids = [sdk.run_once(dgc.RunOnceRequest(job_name=job, body=params)).instance_id for _ in range(3)]
    request = dgc.ShowJobInstanceRequest(job_name=job, instance_id=ids[-1])

    def show(*statuses: str) -> dgc.ShowJobInstanceResponse:
        eventually(lambda: sdk.show_job_instance(request).status in statuses, 30)
        return sdk.show_job_instance(request)

    shown = show("running")
    window = {"min_plan_time": shown.plan_time - 60_000, "max_plan_time": shown.plan_time}
    filters = {"job_name": job, "precise_query": True, "instance_type": "2", **window}
    listed = sdk.list_job_instances(dgc.ListJobInstancesRequest(limit=2, offset=0, **filters))
    assert (listed.total, [item.instance_id for item in listed.instances]) == (3, [ids[2], ids[1]])
    for field in ("job_name", "status", "plan_time", "start_time", "instance_type"):
        assert getattr(listed.instances[0], field) == getattr(shown, field)
    sdk.stop_job_instance(dgc.StopJobInstanceRequest(job_name=job, instance_id=ids[-1]))
    show("manual-stop")
    sdk.restore_job_instance(dgc.RestoreJobInstanceRequest(job_name=job, instance_id=ids[-1]))
    show("waiting", "running", "success")


def test_the_sdk_comes_in_with_temporary_keys(make_service: ServiceMaker) -> None:
    service = make_service("huawei", security_token="TOKEN//+abc==")
    assert connect(service, "TOKEN//+abc==").list_jobs(dgc.ListJobsRequest()).total == 0
    with pytest.raises(ClientRequestException) as caught:
        connect(service).list_jobs(dgc.ListJobsRequest())
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")


@pytest.mark.parametrize("error_keys", ["error_code", "errorCode"])
def test_the_sdk_reads_the_code_of_a_rejection_in_either_spelling(make_service: ServiceMaker, error_keys: str) -> None:
    client = connect(make_service("huawei", error_keys=error_keys))
    with pytest.raises(ClientRequestException) as caught:
        client.show_job_instance(dgc.ShowJobInstanceRequest(job_name="gone", instance_id=1))
    assert (caught.value.status_code, caught.value.error_code) == (400, "DLF.0137")
    assert caught.value.error_msg == "Job instance does not exist."
    assert caught.value.request_id


def test_what_is_not_served_here_is_no_api(make_service: ServiceMaker) -> None:
    client = connect(make_service("huawei"))
    with pytest.raises(ClientRequestException) as caught:
        client.list_scripts(dgc.ListScriptsRequest())
    assert (caught.value.status_code, caught.value.error_code) == (404, "APIGW.0101")
