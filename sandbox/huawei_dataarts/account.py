"""Whose service this is: keys, project and workspaces."""

import secrets
import string
from dataclasses import dataclass

from sandbox.huawei_dataarts.rejections import FactoryRejection
from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.http_messages import Request
from sandbox.provider_service.keys import Keys, keep


@dataclass(frozen=True)
class Account:
    keys: Keys
    project_id: str
    workspace: str
    """Id of the default workspace."""
    other_workspaces: tuple[str, ...]

    @property
    def log_folder(self) -> str:
        """Where runs log that name no `logPath`, as the provider names that bucket."""
        return f"obs://dlf-log-{self.project_id}"

    def bucket_name(self, workspace: str) -> str:
        """The bucket whose folders are the tables of a workspace's SQL nodes."""
        return "lake" if workspace == self.workspace else f"lake-{workspace}"

    def workspace_in(self, request: Request) -> str:
        """The one the header names, else the default one. Raises `FactoryRejection`."""
        workspace = request.headers.get("workspace", self.workspace)
        if workspace not in (self.workspace, *self.other_workspaces):
            raise FactoryRejection("0819", "The workspace ID does not exist.")
        return workspace


def resolve_account(settings: Settings) -> Account:
    """What the settings say, else what is kept in the folder, else something new and random."""
    letters = string.ascii_uppercase + string.digits
    fresh = {
        "accessKey": "".join(secrets.choice(letters) for _ in range(20)),
        "secretKey": secrets.token_hex(20),
        "projectId": secrets.token_hex(16),
        "workspace": secrets.token_hex(16),
    }
    kept = keep(settings.folder / "account.json", fresh)
    return Account(
        keys=Keys(settings.access_key or kept["accessKey"], settings.secret_key or kept["secretKey"]),
        project_id=settings.project_id or kept["projectId"],
        workspace=settings.workspace or kept["workspace"],
        other_workspaces=settings.other_workspaces,
    )
