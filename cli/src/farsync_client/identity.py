"""Who calls, and how a request shows it: AWS credentials as every AWS tool finds them, or a token of a command."""

import os
import shlex
import subprocess
from collections.abc import Callable
from typing import Any, Protocol

import requests
from requests.auth import AuthBase

from farsync_client.errors import NoCredentials, NoRegion, TokenCommandFailed

SIGNED_HEADERS = ("content-type", "idempotency-key", "x-amz-target")
TOKEN_COMMAND_SECONDS = 60


class Caller(Protocol):
    """Lays who calls onto a request."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest: ...

    def renew(self) -> bool:
        """After a rejection: whether another try with something newer is worth while."""


class AwsIdentity:
    """Credentials and region by botocore: environment, profiles, SSO, roles of machines."""

    def __init__(self, profile: str | None = None, region: str | None = None) -> None:
        self._profile = profile
        self._region = region
        self._session: Any = None

    @property
    def region(self) -> str:
        """Raises NoRegion.

        AWS_REGION goes before AWS_DEFAULT_REGION, the only one that botocore reads:
        https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
        """
        region = self._region or os.environ.get("AWS_REGION") or self._open().get_config_variable("region")
        if not region:
            raise NoRegion("No AWS region is known.")
        return str(region)

    def credentials(self) -> Any:
        """Raises NoCredentials."""
        from botocore.exceptions import BotoCoreError

        try:
            found = self._open().get_credentials()
            if found is None:
                raise NoCredentials("No AWS credentials were found.")
            return found.get_frozen_credentials()
        except BotoCoreError as error:
            raise NoCredentials(f"AWS credentials cannot be had: {error}.".replace("..", ".")) from error

    def _open(self) -> Any:
        # Takes a tenth of a second to import, which a stack with tokens need not pay.
        from botocore.exceptions import ProfileNotFound
        from botocore.session import Session

        if self._session is None:
            try:
                self._session = Session(profile=self._profile)
                self._session.get_scoped_config()
            except ProfileNotFound as error:
                raise NoCredentials(f"There is no AWS profile {self._profile}.") from error
        return self._session


class Signature(AuthBase):
    """Signature Version 4 for one service."""

    def __init__(self, identity: AwsIdentity, service: str) -> None:
        self._identity = identity
        self._service = service

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        kept = {name: request.headers[name] for name in SIGNED_HEADERS if name in request.headers}
        signed = AWSRequest(method=request.method, url=request.url, data=request.body or b"", headers=kept)
        SigV4Auth(self._identity.credentials(), self._service, self._identity.region).add_auth(signed)
        request.headers.update(signed.headers.items())
        return request

    def renew(self) -> bool:
        return False


def printed_by(command: str) -> str:
    """What a command prints. Raises TokenCommandFailed; its text holds nothing that was printed as a token."""
    try:
        done = subprocess.run(  # noqa: S603 - the caller's own command
            shlex.split(command), capture_output=True, text=True, timeout=TOKEN_COMMAND_SECONDS, check=False
        )
    except (OSError, ValueError) as error:
        raise TokenCommandFailed(f"The token command cannot be run: {error}.") from error
    except subprocess.TimeoutExpired as error:
        raise TokenCommandFailed(f"The token command took longer than {TOKEN_COMMAND_SECONDS} s.") from error
    if done.returncode or not done.stdout.strip():
        reason = done.stderr.strip().splitlines()[-1:] or ["it printed nothing"]
        raise TokenCommandFailed(f"The token command failed (exit code {done.returncode}): {reason[0]}.")
    return done.stdout.strip()


class Token(AuthBase):
    """A bearer token, asked for once, and again when it is rejected."""

    def __init__(self, command: str, printed_by: Callable[[str], str] = printed_by) -> None:
        self._command = command
        self._printed_by = printed_by
        self._token = ""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self._token = self._token or self._printed_by(self._command)
        request.headers["authorization"] = f"Bearer {self._token}"
        return request

    def renew(self) -> bool:
        self._token, last = "", self._token
        self._token = self._printed_by(self._command)
        return self._token != last
