"""Field types that read a vendor's reply tolerantly: what is not as documented counts as missing.

A list may hold 100,000 entries: each union is tried from left to right in compiled code, and Python is called only
for what is not as documented.
"""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

Nothing = Annotated[None, BeforeValidator(lambda _: None)]
Text = Annotated[str | Nothing | None, Field(union_mode="left_to_right")]
Number = Annotated[int | Nothing, Field(union_mode="left_to_right")]
Word = Annotated[str | Annotated[str, BeforeValidator(lambda _: "")], Field(union_mode="left_to_right")]
Identifier = Annotated[str, Field(min_length=1)]

# Few values of a list come twice; its keys come with every entry.
TOLERANT = ConfigDict(
    frozen=True, extra="ignore", coerce_numbers_to_str=True, validate_by_name=False, cache_strings="keys"
)
