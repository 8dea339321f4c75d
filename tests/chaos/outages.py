"""What is away for a while, and then there again: a provider, calls of AWS, a function, a mapping, a key."""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from tests.chaos.plan import Outage
from tests.chaos.recording import Record
from tests.chaos.world import World

ENDLESS_TIMES = 1_000_000


class Outages:
    """Those that are under way end early where `end_all` is called."""

    def __init__(self, world: World, record: Record) -> None:
        self._world = world
        self._record = record
        self._is_over = threading.Event()

    def last(self, outage: Outage) -> None:
        """Returns once it has ended."""
        end = self._begin(outage)
        self._record.note("outage", kind=outage.kind, subject=outage.subject, seconds=outage.seconds)
        try:
            self._is_over.wait(outage.seconds)
        finally:
            end()

    def end_all(self) -> None:
        self._is_over.set()

    def _begin(self, outage: Outage) -> Callable[[], object]:
        """Gives what ends it."""
        world, subject = self._world, outage.subject
        match outage.kind:
            case "provider":
                emulator = next(emulator for cloud, emulator in world.emulators.items() if cloud == subject)
                rules = [{**rule, "times": ENDLESS_TIMES} for rule in outage.rules]
                emulator.control("POST", "faults", rules)
                return lambda: emulator.control("DELETE", "faults", rules)
            case "aws":
                at_aws = [{**rule, "times": ENDLESS_TIMES} for rule in outage.rules]
                world.order_aws_faults("POST", at_aws)
                return lambda: world.order_aws_faults("DELETE", at_aws)
            case "function":
                world.sandbox.change_function(subject, "delete")
                return lambda: world.sandbox.change_function(subject, "restore")
            case "mapping":
                world.sandbox.change_mapping(subject, "pause")
                return lambda: world.sandbox.change_mapping(subject, "resume")
            case "quotas":
                world.sandbox.put("quotas", dict(outage.rules[0]))
                return lambda: world.sandbox.put("quotas", {})
            case "keys":
                return self._retire_keys(subject)

    def _retire_keys(self, connection: str) -> Callable[[], object]:
        """The secret holds keys that the provider does not know, as for a moment while somebody rotates them. Functions
        that begin now read those.
        """
        right = self._world.connections[connection]
        self._put(connection, {**right, "accessKey": "RETIREDKEY0123456789", "secretKey": self._world.retired_key})
        for function in ("poll_execution", "trigger_execution", "prepare_execution"):
            self._world.kill(function)
        return lambda: self._put(connection, right)

    def _put(self, connection: str, secret: Mapping[str, Any]) -> None:
        name = f"farsync/connections/{connection}"
        self._world.sandbox.secrets.put_secret_value(SecretId=name, SecretString=json.dumps(secret))
