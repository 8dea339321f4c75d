"""Names of the IANA time zone database, and those that somebody may have meant."""

from difflib import get_close_matches
from zoneinfo import available_timezones

from pydantic_core import PydanticCustomError


def unknown_timezone(text: str) -> PydanticCustomError:
    """Why it is rejected, and what to write instead."""
    near = ", ".join(_near(text))
    return PydanticCustomError(
        "timezone", "is no name of the IANA time zone database; write one such as {near}", {"near": near}
    )


def _near(text: str) -> tuple[str, ...]:
    """Those of a continent, or by the whole name or the city alone; three at most, and one in any case."""
    zones, asked = sorted(available_timezones()), text.lower().replace(" ", "_").strip("/")
    if below := [zone for zone in zones if zone.lower().startswith(f"{asked}/")]:
        return tuple(below[:3])
    spelled = {spelling.lower(): zone for zone in zones for spelling in (zone.rpartition("/")[2], zone)}
    near = dict.fromkeys(spelled[name] for name in get_close_matches(asked, spelled, 3, cutoff=0.75))
    return tuple(near) or ("Asia/Seoul",)
