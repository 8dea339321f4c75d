"""Whether a reply is about what was asked: one that belongs to another question is no answer."""


class OtherSubject(ValueError):
    """The reply is about another job or execution than the one asked for."""


def check_subject(asked: str, told: str | None) -> None:
    """Holds an id or name in a reply against the one that was asked for. What a reply does not tell cannot differ.

    Raises OtherSubject.
    """
    if told is not None and told != asked:
        raise OtherSubject


def fault_in(error: ValueError) -> str:
    """What a person is told of a reply that cannot be taken; the error itself may repeat what the reply says."""
    return (
        "is about another job or execution than was asked for" if isinstance(error, OtherSubject) else "cannot be read"
    )
