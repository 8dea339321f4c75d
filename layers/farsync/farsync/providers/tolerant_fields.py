"""Field types that read a provider's reply tolerantly: what is not as documented counts as missing.

Unions are tried in compiled code, since a list may hold 100,000 entries.
"""

from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")

Nothing = Annotated[None, BeforeValidator(lambda _: None)]
Text = Annotated[str | Nothing | None, Field(union_mode="left_to_right")]
Number = Annotated[int | Nothing, Field(union_mode="left_to_right")]
Word = Annotated[str | Annotated[str, BeforeValidator(lambda _: "")], Field(union_mode="left_to_right")]
Identifier = Annotated[str, Field(min_length=1)]

# Few values of a list come twice; its keys come with every entry.
TOLERANT = ConfigDict(
    frozen=True, extra="ignore", coerce_numbers_to_str=True, validate_by_name=False, cache_strings="keys"
)


class Listing(BaseModel):
    """A page of a list, whose fields `items` and `total` have names of the provider's."""

    model_config = TOLERANT

    total: Number = None

    def listed(self, items: tuple[T, ...] | None) -> tuple[T, ...]:
        """The items; none where a list without any is null or left out. Raises ValueError where it is no list."""
        if items is None and not (self.total == 0 or (self.total is None and "items" in self.model_fields_set)):
            raise ValueError("not a list")
        return items or ()
