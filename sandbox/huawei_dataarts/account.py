"""Whose service this is: keys, project and workspaces."""

import secrets
import string
from dataclasses import dataclass

from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.keys import Keys, keep

ACCESS_KEY_LETTERS = string.ascii_uppercase + string.digits
SECRET_KEY_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Account:
    keys: Keys
    project_id: str
    workspace: str
    """Id of the default workspace."""
    other_workspaces: tuple[str, ...]

    @property
    def workspaces(self) -> tuple[str, ...]:
        return (self.workspace, *self.other_workspaces)

    @property
    def log_folder(self) -> str:
        """Where runs log that name no `logPath`, as the provider names that bucket."""
        return f"obs://dlf-log-{self.project_id}"

    def bucket_of(self, workspace: str) -> str:
        """The bucket whose folders are the tables of a workspace's SQL nodes."""
        return "lake" if workspace == self.workspace else f"lake-{workspace}"


def resolve_account(settings: Settings) -> Account:
    """What the settings say, else what is kept in the folder, else something new and random."""
    fresh = {
        "accessKey": "".join(secrets.choice(ACCESS_KEY_LETTERS) for _ in range(20)),
        "secretKey": "".join(secrets.choice(SECRET_KEY_LETTERS) for _ in range(40)),
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
