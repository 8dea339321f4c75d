"""A named connection: provider, endpoint and keys, from a secret; kept for a while, fetched again when
rejected.
"""

import json
import re
from abc import abstractmethod
from collections.abc import Callable, Hashable
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from farsync.aws_requests import AwsRequestFailed
from farsync.connection_fields import Endpoint, Key, NamePattern
from farsync.errors import AuthenticationFailed, ConnectionInvalid, InvalidRequest, PermissionDenied
from farsync.execution import WireModel
from farsync.stored_secrets import DEFAULT_PREFIX, connection_secret, parameter_secret, unreadable_connection
from farsync.vendor_clock import VendorClock

T = TypeVar("T")

CLOUDS = "farsync.providers.clouds"


class Connection(WireModel):
    """What a secret `<prefix>/connections/<name>` holds for every cloud, as camelCase JSON, and the name beside it.

    Each cloud adds its own fields and says what tells its accounts apart. The description of a field is what to do
    where it is missing or wrong.
    """

    # Each cloud's own model is what a secret is read by.
    model_config = ConfigDict(hide_input_in_errors=True, defer_build=True)

    name: str
    provider: str
    endpoint: Endpoint
    access_key: Annotated[Key, Field(description="give the access key as the console shows it, without spaces")]
    secret_key: Annotated[Key, Field(description="give the secret key as the console shows it, without spaces")]
    needs_attention_timeout_seconds: Annotated[
        int | None,
        Field(ge=1, description="give whole seconds from 1, or leave it out to wait until the run's deadline"),
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
    """Whether the events of watched executions hold what the provider says of a failure. It may repeat a parameter, and
    which of those are secret is known of runs only.
    """

    @property
    def credentials(self) -> tuple[Hashable, ...]:
        """What a vendor accepts or rejects, and where: equal for connections whose signatures are accepted alike."""
        return self.endpoint, self.access_key, self.secret_key

    @property
    @abstractmethod
    def account(self) -> str:
        """What tells two accounts of one provider apart in event ids; keys will not do, since they are rotated."""


def parse_connection(name: str, secret_text: str) -> Connection:
    """Read a connection; raises `ConnectionInvalid`, which names field and remedy and never holds a value."""
    content = _content(name, secret_text)
    if not isinstance(content, dict):
        raise ConnectionInvalid(f"Connection {name}: the secret must be a JSON object.")
    if "name" in content:
        raise ConnectionInvalid(f"Connection {name}: name: take it out; the secret's own name says it.")
    model = _model_of(name, content.get("provider"))
    try:
        return model.model_validate({**content, "name": name}, by_name=False)
    except ValidationError as failure:
        errors = failure.errors(include_input=False)
    problems = "; ".join(dict.fromkeys(_problem(model, error["type"], str(error["loc"][0])) for error in errors))
    raise ConnectionInvalid(f"Connection {name}: {problems}.")


def _content(name: str, secret_text: str) -> object:
    try:
        # Editors of Windows put a byte order mark before the text.
        return json.loads(secret_text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError):
        return None
    raise ConnectionInvalid(f"Connection {name}: the secret must be a JSON object; it is no JSON at {where}.")


def _model_of(name: str, provider: object) -> type[Connection]:
    if isinstance(provider, str) and re.fullmatch("[a-z][a-z0-9_]*", provider) and find_spec(f"{CLOUDS}.{provider}"):
        model: type[Connection] = import_module(f"{CLOUDS}.{provider}").CONNECTION
        return model
    from pkgutil import iter_modules  # only a wrong connection pays for it

    known = ", ".join(sorted(cloud.name for cloud in iter_modules(import_module(CLOUDS).__path__)))
    missing = "missing; " if provider is None else ""
    raise ConnectionInvalid(f"Connection {name}: provider: {missing}give one of {known}.")


def _problem(model: type[Connection], kind: str, alias: str) -> str:
    if kind == "extra_forbidden":
        return f"{alias}: there is no such field; take it out"
    remedy = next(field.description for field in model.model_fields.values() if field.alias == alias)
    missing = "missing; " if kind == "missing" else ""
    return f"{alias}: {missing}{remedy}"


class ConnectionStore:
    """Connections by name, each fetched at most once in `max_age_seconds`, and what was learned of their vendors.

    `fetch_secret` returns the text of the secret with the given id, or raises `AwsRequestFailed`; `clock`
    returns seconds; `secrets_prefix` is the first part of the stack's secret names.
    """

    def __init__(
        self,
        fetch_secret: Callable[[str], str],
        clock: Callable[[], float],
        max_age_seconds: float = 300,
        secrets_prefix: str = DEFAULT_PREFIX,
    ) -> None:
        self._secrets_prefix = secrets_prefix
        self._fetch_secret = fetch_secret
        self._clock = clock
        self._max_age_seconds = max_age_seconds
        self._fetched: dict[str, tuple[float, Connection]] = {}
        self._rest_ends_at: dict[tuple[Hashable, ...], float] = {}
        self._vendor_clocks: dict[str, VendorClock] = {}

    def get(self, name: str) -> Connection:
        """Raises `ConnectionNotFound`, `ConnectionInvalid`, and `InvalidRequest` for an impossible name."""
        fetched_at, connection = self._fetched.get(name, (0.0, None))
        if connection is not None and self._clock() - fetched_at < self._max_age_seconds:
            return connection
        return self.refetch(name)

    def refetch(self, name: str) -> Connection:
        """As `get`, but past the cache."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
            raise InvalidRequest("connection: give a name of 1 to 40 letters, digits, '-' and '_'.", field="connection")
        self._fetched.pop(name, None)
        secret_id = connection_secret(self._secrets_prefix, name)
        try:
            secret_text = self._fetch_secret(secret_id)
        except AwsRequestFailed as failure:
            raise unreadable_connection(name, secret_id, failure) from failure
        connection = parse_connection(name, secret_text)
        self._fetched[name] = (self._clock(), connection)
        return connection

    def parameter_secret(self, connection: Connection, name: str) -> str:
        """The id of the secret that `{"secret": name}` stands for in a run over the connection."""
        return parameter_secret(self._secrets_prefix, connection.name, connection.shared_parameters, name)

    def vendor_clock(self, name: str) -> VendorClock:
        """The clock of the vendor to whom the connection leads, the same one for as long as this store lives."""
        return self._vendor_clocks.setdefault(name, VendorClock(self._clock))

    def attempt(self, connection: Connection, action: Callable[[Connection], T]) -> T:
        """Run `action`, unless the vendor rejected these very keys and asked for a rest that is not over.

        Raises `AuthenticationFailed` then, without a request: each one more would prolong the vendor's lock.
        """
        credentials = connection.credentials
        seconds_left = self._rest_ends_at.get(credentials, 0.0) - self._clock()
        if seconds_left > 0:
            raise AuthenticationFailed(
                f"The vendor rejected these keys, and may lock a key that goes on trying; they are tried again in "
                f"{seconds_left:.0f} s, or as soon as the secret holds others.",
                retry_after_seconds=seconds_left,
            )
        try:
            return action(connection)
        except AuthenticationFailed as failure:
            if failure.retry_after_seconds is not None:
                self._rest_ends_at[credentials] = self._clock() + failure.retry_after_seconds
            raise


def with_fresh_keys(store: ConnectionStore, name: str, action: Callable[[Connection], T]) -> T:
    """Run `action`; when the vendor rejects the keys or what they may do, read the secret anew and run it once more.

    Keys that are right but not allowed to do this are not tried again unless the connection has changed.
    """
    connection = store.get(name)
    try:
        return store.attempt(connection, action)
    except AuthenticationFailed:
        return store.attempt(store.refetch(name), action)
    except PermissionDenied:
        fresh = store.refetch(name)
        if fresh == connection:
            raise
        return store.attempt(fresh, action)
