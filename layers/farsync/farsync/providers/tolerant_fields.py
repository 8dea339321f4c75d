"""Field types that read a provider's reply tolerantly: what is not as documented, or cannot be, counts as missing.

Unions are tried in compiled code, since a list may hold thousands of entries.
"""

from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from farsync.model.dates import LATEST_DATE, OLDEST_DATE

T = TypeVar("T")

LONGEST_WORD = 64
LONGEST_TEXT = 1000
LONGEST_PATH = 2048
"""A key of an object store has 1024 bytes at most, and its bucket stands before it."""
MOST_ENTRIES = 10_000
LARGEST_COUNT = 10**15 - 1
"""JSONata writes no more than 15 digits of a number: https://docs.jsonata.org/string-functions#string"""
MOST_MINUTES = 10**6


def _cut(longest: int, otherwise: str | None) -> BeforeValidator:
    return BeforeValidator(lambda value: value[:longest] if isinstance(value, str) else otherwise)


Nothing = Annotated[None, BeforeValidator(lambda _: None)]
Text = Annotated[
    Annotated[str, Field(max_length=LONGEST_TEXT)] | Annotated[str | None, _cut(LONGEST_TEXT, None)],
    Field(union_mode="left_to_right"),
]
Name = Annotated[
    Annotated[str, Field(max_length=LONGEST_TEXT)] | Annotated[str, _cut(LONGEST_TEXT, "")],
    Field(union_mode="left_to_right"),
]
Word = Annotated[
    Annotated[str, Field(max_length=LONGEST_WORD)] | Annotated[str, _cut(LONGEST_WORD, "")],
    Field(union_mode="left_to_right"),
]
# A part of a path is worth nothing.
Path = Annotated[Annotated[str, Field(max_length=LONGEST_PATH)] | Nothing, Field(union_mode="left_to_right")]
Count = Annotated[Annotated[int, Field(ge=0, le=LARGEST_COUNT)] | Nothing, Field(union_mode="left_to_right")]
Rate = Annotated[Annotated[float, Field(ge=0, le=LARGEST_COUNT)] | Nothing, Field(union_mode="left_to_right")]
# 0, which pages of both providers show, is no limit.
Minutes = Annotated[Annotated[int, Field(gt=0, le=MOST_MINUTES)] | Nothing, Field(union_mode="left_to_right")]
Moment = Annotated[AwareDatetime, Field(ge=OLDEST_DATE, lt=LATEST_DATE)]
PATTERN_OF_IDS = r"^[0-9A-Za-z_~:=+*-]+(\.[0-9A-Za-z_~:=+*-]+)*$"
LONGEST_ID = 128
IdOfExecution = Annotated[str, Field(pattern=PATTERN_OF_IDS, max_length=LONGEST_ID)]
"""What stands in paths and headers as it is."""

# Few values of a list come twice; its keys come with every entry.
TOLERANT = ConfigDict(
    frozen=True, extra="ignore", coerce_numbers_to_str=True, validate_by_name=False, cache_strings="keys"
)


class Listing(BaseModel):
    """A page of a list, whose fields `items` and `total` have names of the provider's."""

    model_config = TOLERANT

    total: Count = None

    def listed(self, items: tuple[T, ...] | None) -> tuple[T, ...]:
        """The items; none where a list without any is null or left out. Raises ValueError where it is no list."""
        if items is None and not (self.total == 0 or (self.total is None and "items" in self.model_fields_set)):
            raise ValueError("not a list")
        return items or ()
