"""The list of DataArts Factory's instances: https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0094.html"""

from collections.abc import Callable
from datetime import datetime

from farsync.http_client.client import Transport
from farsync.http_client.response import Reply
from farsync.model.errors import AuthenticationFailed, FarsyncError
from farsync.model.execution import Execution
from farsync.providers.base import ExecutionPage
from farsync.providers.huawei.decoding import decode_instances
from farsync.providers.huawei.errors import Operation, reading
from farsync.providers.huawei.paging import Offsets
from farsync.providers.huawei.requests import INSTANCES_LIMIT, ListWindow, instances_url
from farsync.providers.plausible_times import plausible_page
from farsync.signing.huawei import HuaweiAuth

REASON_SILENCE_SECONDS = 2.0


class InstanceList:
    """Reads the list at `url`; `connection` is the name in the executions' references."""

    def __init__(self, url: str, connection: str, transport: Transport, auth: HuaweiAuth) -> None:
        self._url = url
        self._connection = connection
        self._transport = transport
        self._auth = auth

    def page_until(self, now: datetime, job: str, page: int, limit: int) -> ExecutionPage:
        """One page of the longest window that ends now."""
        window = ListWindow.until(now)

        def fetch_keys(offset: int, size: int) -> tuple[str, ...]:
            found = self._read(job, window, offset, 0, size)
            return tuple(execution.ref.execution_id for execution in found.listed)

        found = self._read(job, window, Offsets(fetch_keys).of_page(page, limit), page, limit)
        return found._replace(reaches_back_to=window.begin)

    def failure_reason(self, execution: Execution) -> str | None:
        """The message of a failure, which only the list has, and only in newer generations."""
        window = ListWindow.around(execution)
        if window is None:
            return None
        job = execution.ref.job
        try:
            listed = self._transport.get_once(
                instances_url(self._url, job, window, 0, INSTANCES_LIMIT),
                self._auth,
                read=self._reading(job, 0, INSTANCES_LIMIT),
                silence_seconds=REASON_SILENCE_SECONDS,
            ).items
        except AuthenticationFailed:
            # Rejected keys must rest, and who keeps them has to hear of it.
            raise
        except FarsyncError:
            # How it ended is known, and must not wait for why.
            return None
        return next((found.failure_reason for found in listed if found.ref == execution.ref), None)

    def _read(self, job: str, window: ListWindow, offset: int, page: int, limit: int) -> ExecutionPage:
        url = instances_url(self._url, job, window, offset, limit)
        return self._transport.get(url, self._auth, None, read=self._reading(job, page, limit))

    def _reading(self, job: str, page: int, limit: int) -> Callable[[Reply], ExecutionPage]:
        def decode(reply: Reply) -> ExecutionPage:
            return plausible_page(decode_instances(reply.body, self._connection, job, page, limit), reply)

        return reading(Operation.LIST_EXECUTIONS, decode)
