"""Everything that farsync talks to, on one machine: the providers' services and AWS, each with its real protocol."""

import importlib
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sandbox.folder_lock import FolderInUse, locked_folder
from sandbox.provider_process import ProviderProcess, SandboxFailed
from sandbox.settings import MODULES, Cloud, SandboxSettings

if TYPE_CHECKING:
    from sandbox.aws.running import AwsSandbox

BUCKETS = "bucketsDir"


class Sandbox:
    """A context manager: whatever began to start is stopped, however the block ends."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.folder = (settings.folder or Path(tempfile.mkdtemp(prefix="farsync-sandbox-"))).resolve()
        self._providers: dict[Cloud, dict[str, str]] = {}
        self._aws: AwsSandbox | None = None
        self._endings = ExitStack()
        if settings.folder is None:
            self._endings.callback(shutil.rmtree, self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def logs_folder(self) -> Path:
        return self.folder / "logs"

    def provider(self, cloud: Cloud) -> Mapping[str, str]:
        """Where that cloud is served, and the keys that its clients sign with; once it is started."""
        return self._providers[cloud]

    def buckets_folder(self, cloud: Cloud) -> Path:
        return Path(self.provider(cloud)[BUCKETS])

    def start(self) -> None:
        """All of it. Raises SandboxFailed, and the template's errors."""
        self.start_providers()
        self.start_aws()

    def start_providers(self) -> None:
        """Without AWS. Raises SandboxFailed."""
        try:
            self._endings.enter_context(locked_folder(self.folder))
            self.logs_folder.mkdir(exist_ok=True)
        except FolderInUse as error:
            raise SandboxFailed(f"--folder: {error}") from error
        except OSError as error:
            raise SandboxFailed(f"--folder: {self.folder} cannot be used: {error}") from error
        processes = {cloud: self._begin(cloud) for cloud in self.settings.clouds}
        # moto takes seconds to import: done here, while the other processes start.
        importlib.import_module("sandbox.aws.running")
        for cloud, process in processes.items():
            self._providers[cloud] = process.wait_until_ready()

    def start_aws(self) -> None:
        """AWS as the template describes it, with a connection to each cloud."""
        from sandbox.aws.running import AwsSandbox
        from sandbox.aws.settings import AwsSettings

        settings = self.settings
        self._aws = AwsSandbox(
            AwsSettings(
                template=settings.template,
                schedules=settings.schedules,
                folder=self.folder,
                parameters=settings.template_parameters,
                secrets={settings.connection_secret(name): value for name, value in self._connections().items()},
                speed=settings.speed,
                has_token_issuer=settings.has_token_issuer,
                processes_per_function=settings.processes_per_function,
            )
        )
        self._endings.callback(self._aws.stop)
        self._aws.start()

    def stop(self) -> None:
        """Ends every process and removes a temporary folder. Safe to call at any point of a start."""
        self._endings.close()

    def describe(self) -> dict[str, Any]:
        """What a client needs to know: endpoints, keys, folders, ARNs."""
        if self._aws is None:
            raise RuntimeError("AWS is not started")
        described: dict[str, Any] = dict(self._providers.items())
        described["aws"] = self._aws.describe()
        issuer = self._aws.describe_issuer()
        return described if issuer is None else described | {"jwt": issuer}

    def _begin(self, cloud: Cloud) -> ProviderProcess:
        options = self.settings.provider_options(cloud, self.folder / cloud)
        process = ProviderProcess(MODULES[cloud], options, self.logs_folder / f"{cloud}.log")
        self._endings.callback(process.stop)
        return process

    def _connections(self) -> dict[str, dict[str, str]]:
        """What a service says of itself is what a connection to it holds, but for the folder on this machine. Its
        object storage answers at the same address.
        """
        connections: dict[str, dict[str, str]] = {
            cloud: {
                "provider": cloud,
                "objectStorageEndpoint": described["endpoint"],
                **{key: value for key, value in described.items() if key != BUCKETS},
            }
            for cloud, described in self._providers.items()
        }
        return {"default": connections[self.settings.clouds[0]], **connections}
