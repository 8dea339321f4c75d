"""The fields and words that a provider's pages know, and what of a reply they do not."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, TypeAdapter

Record = Mapping[str, object]


class Kind(BaseModel):
    """One kind of record, over every generation of the pages."""

    fields: frozenset[str]
    words: Mapping[str, frozenset[str]] = {}
    """Of a field that holds one of them."""
    inside: Mapping[str, str] = {}
    """Of a field that holds a record or a list of records: their kind."""


Vocabulary = Mapping[str, Kind]


def read_vocabulary(provider: str) -> Vocabulary:
    file = Path(__file__).parent / "clouds" / f"{provider}.yaml"
    return TypeAdapter(dict[str, Kind]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))


def unknown_to_the_pages(vocabulary: Vocabulary, kind: str, records: Iterable[Record]) -> list[str]:
    """Fields, and words in fields, that no page names; of every record and those inside it."""
    return sorted({text for record in records for text in _unknown_in(vocabulary, kind, record)})


def _unknown_in(vocabulary: Vocabulary, kind: str, record: Record) -> Iterator[str]:
    known = vocabulary[kind]
    yield from (f"{kind}.{legible(name)}" for name in record.keys() - known.fields)
    for name, words in known.words.items():
        word = record.get(name)
        if isinstance(word, str) and word not in words:
            yield f"{kind}.{name} = {legible(word)}"
    for name, inner_kind in known.inside.items():
        value = record.get(name)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                yield from _unknown_in(vocabulary, inner_kind, inner)


def legible(text: str) -> str:
    """The text, if it is a plain word: anything else may be somebody's data, which has no place in a report."""
    is_word = len(text) <= 40 and text.isascii() and text.replace("-", "_").isidentifier()
    return text if is_word else "(not a plain word)"
