"""What the signers of both clouds have in common: the date of a signature, which a provider holds against its clock."""

from collections.abc import Callable
from typing import ClassVar

from requests.auth import AuthBase


class DatedAuth(AuthBase):
    """A signer that reads `clock` once per signature."""

    allowed_skew_seconds: ClassVar[float]
    """How far a signature's date may be from the provider's clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.signed_at = 0.0
        """When it signed last, by its clock."""

    def _date(self) -> float:
        self.signed_at = self.clock()
        return self.signed_at
