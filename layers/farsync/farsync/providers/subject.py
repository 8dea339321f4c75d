"""Whether a reply is about what was asked: one that belongs to another question is no answer."""


class OtherSubject(ValueError):
    """The reply is about another job or execution than the one asked for."""


def check_subject(asked: str, given: str | None) -> None:
    """Compares an id or name in a reply with the question's, if it is there. Raises OtherSubject."""
    if given is not None and given != asked:
        raise OtherSubject


def fault_in(error: ValueError) -> str:
    """What a person reads of a reply that cannot be taken; the error itself may repeat what the reply says."""
    return (
        "is about another job or execution than was asked for" if isinstance(error, OtherSubject) else "cannot be read"
    )
