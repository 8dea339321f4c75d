"""From what a caller names to a stack whose API can be called."""

from collections.abc import Mapping

import requests

from farsync_client.aws import describe_stack
from farsync_client.errors import NoStackChosen
from farsync_client.identity import AwsIdentity, Caller, Signature, Token
from farsync_client.settings import StackSettings, load_settings, settings_path


def choose_stack(
    stack: str | None,
    *,
    region: str | None,
    profile: str | None,
    environ: Mapping[str, str],
    session: requests.Session,
) -> StackSettings:
    """The stack of this name, or the one in use; what is not stored is read from CloudFormation.

    `FARSYNC_API_URL` goes before everything: where the stack itself may not be read. Raises NoStackChosen, and what
    `describe_stack` does.
    """
    token_command = environ.get("FARSYNC_TOKEN_COMMAND")
    if stack is None and environ.get("FARSYNC_API_URL"):
        return StackSettings(
            stack="", api_url=environ["FARSYNC_API_URL"], region=region, profile=profile, token_command=token_command
        )
    settings = load_settings(settings_path(environ))
    name = stack or environ.get("FARSYNC_STACK") or settings.current
    if not name:
        raise NoStackChosen("No stack has been chosen yet.")
    stored = settings.stacks.get(name)
    if stored and region in (None, stored.region) and profile in (None, stored.profile):
        return stored
    return read_stack(
        name, region=region, profile=profile, token_command=token_command, environ=environ, session=session
    )


def read_stack(
    name: str,
    *,
    region: str | None,
    profile: str | None,
    token_command: str | None,
    environ: Mapping[str, str],
    session: requests.Session,
) -> StackSettings:
    """As CloudFormation has it. Raises NoFarsyncStack, and what `describe_stack` does."""
    identity = AwsIdentity(profile, region)
    facts = describe_stack(name, identity, session, environ)
    return StackSettings(
        stack=name,
        api_url=facts.api_url,
        region=identity.region,
        profile=profile,
        token_command=token_command,
        token_issuer=facts.parameters.get("JwtIssuer") or None,
        secrets_prefix=facts.parameters.get("SecretsPrefix") or "farsync",
        kms_key_arn=facts.parameters.get("KmsKeyArn") or None,
        outputs=facts.outputs,
    )


def caller_of(stack: StackSettings) -> Caller:
    if stack.token_command:
        return Token(stack.token_command)
    return Signature(AwsIdentity(stack.profile, stack.region), "execute-api")
