"""Open Telekom Cloud speaks DataArts Factory's API under hosts of its own: a connection leads there by `endpoint`."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport, new_session
from farsync.model.execution import ExecutionStatus
from farsync.providers import open_provider
from tests.contract.conftest import ServiceMaker
from tests.contract.services import DATAARTS, Service
from tests.contract.test_providers import follow

HOST = "dayu-dlf.eu-de.otc.t-systems.com"
HELD = {"endpoint": f"https://{HOST}", "region": "eu-de", "objectStorageEndpoint": "https://obs.example.com"}


class ToLoopback(HTTPAdapter):
    """Takes what is signed for one host to a service on this machine, the name of the host with it."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = endpoint
        self.hosts = set[str]()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        host = urlsplit(request.url or "").netloc
        self.hosts.add(host)
        request.headers["Host"] = host
        request.url = self.endpoint + request.path_url
        return super().send(request, *args, **options)


@pytest.fixture(params=DATAARTS.values(), ids=list(DATAARTS))
def service(request: pytest.FixtureRequest, make_service: ServiceMaker) -> Service:
    cloud, settings = request.param
    return make_service(cloud, **settings)


def test_a_connection_by_endpoint_signs_for_that_host_and_follows_a_job_to_its_end(service: Service) -> None:
    way = ToLoopback(service.emulator.description["endpoint"])

    def session() -> requests.Session:
        opened = new_session()
        opened.mount(f"https://{HOST}", way)
        return opened

    connection = parse_connection("default", json.dumps({**service.emulator.secret(), **HELD}))
    provider = open_provider(connection, Transport(session_factory=session), time.time)
    job = service.emulator.make_job()

    assert job in {listed.job for listed in provider.list_jobs().items}
    assert follow(provider, service.start(provider, job)).status is ExecutionStatus.SUCCEEDED
    assert way.hosts == {HOST}
