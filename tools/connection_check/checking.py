"""What the checks of all clouds have in common. A step that fails says so, and the others go on where they can."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.model.errors import AuthenticationFailed, FarsyncError, PermissionDenied
from tools.connection_check.raw_reading import RawReader
from tools.connection_check.report import Report
from tools.connection_check.vocabulary import Record, Vocabulary, unknown_to_the_pages

CLOUDS = "tools.connection_check.clouds"
PAGE_LIMIT = 100
JOBS_LOOKED_AT = 3

Seen = dict[str, list[Record]]
"""What was read, as the provider wrote it, by the kinds of its vocabulary."""


def has_check(connection: Connection) -> bool:
    return find_spec(f"{CLOUDS}.{connection.provider}") is not None


def check(connection: Connection, transport: Transport, clock: Callable[[], float]) -> Report:
    """Sends nothing but GETs, and none after one whose keys were rejected: a provider may lock a key that goes on
    trying. `clock` returns seconds since the Unix epoch.
    """
    cloud = import_module(f"{CLOUDS}.{connection.provider}.checking")
    report = Report(cloud.REMEDIES)
    try:
        cloud.check(report, connection, transport, clock)
    except AuthenticationFailed as error:
        report.failed("keys", error)
    return report


def check_keys(
    report: Report, raw: RawReader, list_jobs: Callable[[], Record], clock_window_seconds: float
) -> Record | None:
    """The first request: whether the keys are accepted, and how the clocks differ. Beyond the window the gateway
    rejects every signature.
    """
    listing = None
    try:
        listing = list_jobs()
    except PermissionDenied as error:
        report.ok("keys", "accepted")
        report.failed("list jobs", error)
    except AuthenticationFailed as error:
        report.failed("keys", error)
    except FarsyncError as error:
        report.failed("list jobs", error)
    else:
        report.ok("keys", "accepted")
    _report_clock(report, raw.clock_offset_seconds, clock_window_seconds)
    return listing


def _report_clock(report: Report, offset_seconds: float | None, window_seconds: float) -> None:
    if offset_seconds is None:
        report.note("clock", "not known, since no reply told a date")
        return
    side = "ahead of" if offset_seconds > 0 else "behind"
    text = f"the gateway is {abs(offset_seconds):.1f} s {side} this machine, give or take half a second"
    if abs(offset_seconds) < window_seconds / 2:
        report.ok("clock", text)
    else:
        report.note("clock", f"{text}; set this machine's clock, from {window_seconds:.0f} s on nothing works")


def report_unknown(report: Report, vocabulary: Vocabulary, seen: Seen) -> None:
    unknown = [text for kind, records in seen.items() for text in unknown_to_the_pages(vocabulary, kind, records)]
    if unknown:
        report.note("unknown to the provider's pages", ", ".join(dict.fromkeys(unknown)))
    else:
        report.ok("unknown to the provider's pages", "no field and no word")


def records_in(value: object) -> list[Record]:
    """The objects of a list in a reply."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
