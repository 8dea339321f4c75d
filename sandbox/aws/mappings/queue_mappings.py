"""All mappings of a template: started and stopped with the sandbox, shown and paused through its own paths."""

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.mappings.poller import MappingPoller
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template.model import QueueMapping


class QueueMappings:
    """A mapping has as many pollers as a function has processes, or fewer where its concurrency is bounded."""

    def __init__(
        self, mappings: Sequence[QueueMapping], call_aws: Callable[[HttpRequest], HttpReply], settings: AwsSettings
    ) -> None:
        most = settings.processes_per_function
        self._pollers = [
            MappingPoller(mapping, call_aws, min(mapping.maximum_concurrency or most, most), settings.speed)
            for mapping in mappings
        ]

    def start(self) -> None:
        for poller in self._pollers:
            poller.start()

    def stop(self) -> None:
        for poller in self._pollers:
            poller.stop()

    def find(self, name: str) -> MappingPoller | None:
        """By its own name, or by its function's name or logical id."""
        for poller in self._pollers:
            mapping = poller.mapping
            if name in (mapping.name, mapping.function, mapping.function_id):
                return poller
        return None

    def names(self) -> list[str]:
        return [poller.mapping.name for poller in self._pollers]

    def as_json(self) -> dict[str, Any]:
        return {"mappings": [poller.as_json() for poller in self._pollers]}
