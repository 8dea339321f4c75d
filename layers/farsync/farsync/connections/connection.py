"""A named connection: provider, endpoint and keys, as a secret holds them."""

import re
from abc import abstractmethod
from collections.abc import Hashable
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError

from farsync.connections.fields import Endpoint, Key, NamePattern
from farsync.connections.object_storage import ObjectStorage
from farsync.model.errors import ConnectionInvalid
from farsync.model.execution import WireModel
from farsync.model.json_text import JsonInvalid, read_json
from farsync.model.shown import shown
from farsync.model.validation import field_of

T = TypeVar("T")

PROVIDERS = "farsync.providers"
MOST_PROBLEMS = 5
LONGEST_TIMEOUT_SECONDS = 30 * 24 * 3600
"""No run takes longer."""


class Connection(WireModel):
    """What a secret `<prefix>/connections/<name>` holds for every cloud, as camelCase JSON, and the name beside it. The
    description of a field is what to do where it is missing or wrong.
    """

    name: str
    provider: str
    endpoint: Endpoint
    access_key: Annotated[Key, Field(description="give the access key as the console shows it, without spaces")]
    secret_key: Annotated[Key, Field(description="give the secret key as the console shows it, without spaces")]
    needs_attention_timeout_seconds: Annotated[
        int | None,
        Field(
            ge=1,
            le=LONGEST_TIMEOUT_SECONDS,
            description=f"give whole seconds from 1 to {LONGEST_TIMEOUT_SECONDS}, or leave it out to wait until the "
            "run's deadline",
        ),
    ] = None
    """How long an execution may wait for a person before its run ends it."""
    shared_parameters: Annotated[
        tuple[NamePattern, ...],
        Field(
            max_length=50,
            description="give a list of at most 50 names of secret parameters, in which '*' stands for any characters "
            "but '/'; or leave it out",
        ),
    ] = ()
    """Which secret parameters runs over this connection share with others; all else is read from its own."""
    watched_failure_reasons: Annotated[bool, Field(strict=True, description="give true, or leave it out")] = False
    """Whether the events of executions that runs did not start (watched, or attached to) hold what the provider says of
    a failure. It may repeat a parameter, and which of those are secret knows who started it.
    """

    object_storage_endpoint: Annotated[
        Endpoint | None,
        Field(
            description="give the https address of the provider's object storage (http on loopback only), or leave it "
            "out"
        ),
    ] = None
    """Where logs are read, if it is not the usual place."""

    @property
    def object_storage(self) -> ObjectStorage | None:
        """In which the provider keeps logs of executions; None where that is not known."""
        return None

    @property
    def credentials(self) -> tuple[Hashable, ...]:
        """What a provider accepts or rejects, and where: equal for connections whose signatures are accepted alike."""
        return self.endpoint, self.access_key, self.secret_key

    @property
    @abstractmethod
    def account(self) -> str:
        """What distinguishes two accounts of one provider in event ids; keys will not do, since they are rotated."""


def parse_connection(name: str, secret_text: str) -> Connection:
    """Read a connection; raises `ConnectionInvalid`, which names field and remedy and never holds a value."""
    content = _content(name, secret_text)
    if not isinstance(content, dict):
        raise ConnectionInvalid(f"Connection {name}: the secret must be a JSON object.")
    if "name" in content:
        raise ConnectionInvalid(f"Connection {name}: name: take it out; the secret's own name says it.")
    model = _model_for(name, content.get("provider"))
    try:
        return model.model_validate({**content, "name": name}, by_name=False)
    except ValidationError as failure:
        errors = failure.errors(include_input=False)
    problems = dict.fromkeys(_problem(model, error["type"], str(error["loc"][0])) for error in errors)
    raise ConnectionInvalid(f"Connection {name}: {'; '.join(list(problems)[:MOST_PROBLEMS])}.")


def _content(name: str, secret_text: str) -> object:
    try:
        return read_json(secret_text)
    except JsonInvalid as invalid:
        flaws = invalid.flaws
    if flaws[0].steps:
        problems = "; ".join(f"{field_of(flaw)}: {flaw.remedy}" for flaw in flaws[:MOST_PROBLEMS])
        raise ConnectionInvalid(f"Connection {name}: {problems}.")
    raise ConnectionInvalid(f"Connection {name}: the secret must be a JSON object; it {flaws[0].remedy}.")


def _model_for(name: str, provider: object) -> type[Connection]:
    if isinstance(provider, str) and re.fullmatch("[a-z][a-z0-9_]*", provider) and _is_package(provider):
        model: type[Connection] = import_module(f"{PROVIDERS}.{provider}").CONNECTION
        return model
    known = ", ".join(sorted(cloud.name for cloud in iter_modules(import_module(PROVIDERS).__path__) if cloud.ispkg))
    missing = "missing; " if provider is None else ""
    raise ConnectionInvalid(f"Connection {name}: provider: {missing}give one of {known}.")


def _is_package(provider: str) -> bool:
    spec = find_spec(f"{PROVIDERS}.{provider}")
    return spec is not None and spec.submodule_search_locations is not None


def _problem(model: type[Connection], kind: str, alias: str) -> str:
    if kind == "extra_forbidden":
        known = (str(field.alias) for name, field in model.model_fields.items() if name != "name")
        near = get_close_matches(alias, known, 1)
        return f"{shown(alias)}: there is no such field; {f'write {near[0]}, or ' if near else ''}take it out"
    remedy = next(field.description for field in model.model_fields.values() if field.alias == alias)
    missing = "missing; " if kind == "missing" else ""
    return f"{alias}: {missing}{remedy}"
