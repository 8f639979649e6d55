"""The example questions: query files in ``queries/examples``, with parameters that a person fills in by name.

Doors call it. The topic of an example is the first part of its file's name (``gaps_demand``); the order of topics is
the order of a visit: finding somebody first, upkeep of the directory last. Titles are the files' own (English) ones;
the messages of the pages hold translations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from capx_graph import queries
from capx_graph.directory import DirectoryCache
from capx_graph.directory.lookup import ITEM_ID, entry_meant
from capx_graph.errors import InvalidParameter, NotFound, OntologyError
from capx_graph.messages import told
from capx_graph.model import EntityKind
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.queries import ENTITY_TYPES, BoundQuery, Parameter, Query, Value
from capx_graph.terms import Term, iri
from capx_graph.textindex import TextField, TextHit

FOLDER = "examples/"
TOPICS = ("find", "gaps", "organizations", "people", "languages", "places", "events", "directory", "wikidata")
LONGEST_VALUE = 300
MOST_VALUES = 100

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DEFAULT = re.compile(r"\{\s*(?:\"(?P<text>[^\"]*)\"\S*|(?P<number>\d+))\s*\}|(?:LIMIT|OFFSET)\s+(?P<slice>\d+)")
_NAMED = re.compile(r".*\((?P<id>Q[1-9][0-9]*)\)", re.DOTALL)
"""``Brazil (Q238)``, as a field that offers things writes the one that was chosen."""

_OWN_NAMES = frozenset({TextField.LABEL, TextField.USERNAME, TextField.NAME, TextField.ALIAS})


@dataclass(frozen=True, slots=True)
class Example:
    """A question; ``federated`` means that it asks another service too."""

    name: str
    topic: str
    query: Query
    federated: bool

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is asked for before it runs."""
        return self.query.parameters

    def default(self, parameter: str) -> str:
        """The value that the file itself has for a parameter, as a person would write it; empty for "any"."""
        lines = self.query.text.split("\n")
        number = next(number for number, name, _ in self.query.slots if name == parameter)
        found = _DEFAULT.search(lines[number])
        value = next((group for group in found.groups() if group is not None), "") if found else ""
        is_day = _DAY.match(value) and "T00:00:00" in value
        return value[:10] if is_day else value


class Texts(Protocol):
    """The text index."""

    def search(
        self, text: str, *, kinds: Sequence[EntityKind], languages: Sequence[str], limit: int | None
    ) -> list[TextHit]: ...


@cache
def examples() -> tuple[Example, ...]:
    """All examples in the order of their topics; raises OntologyError for a file whose topic is none."""
    found = [_example(name) for name in queries.names() if name.startswith(FOLDER)]
    return tuple(sorted(found, key=lambda example: (TOPICS.index(example.topic), example.name)))


def example(name: str) -> Example:
    """One example; raises NotFound."""
    for found in examples():
        if found.name == name:
            return found
    raise NotFound(told("refused-absent", name[:60]))


def _example(name: str) -> Example:
    short = name.removeprefix(FOLDER)
    topic = short.partition("_")[0]
    if topic not in TOPICS:
        raise OntologyError(f"{name}: the name must begin with a topic: {', '.join(TOPICS)}")
    query = queries.load(name)
    return Example(short, topic, query, bool(re.search(r"(?m)^\s*SERVICE\b", query.text)))


class Binding:
    """Puts into a query what a person wrote: ``Q12``, ``wikidata:Q11024``, a code, or the name of the thing."""

    def __init__(self, directory: DirectoryCache, texts: Texts, namespaces: WikibaseNamespaces) -> None:
        self._directory = directory
        self._texts = texts
        self._namespaces = namespaces

    def bind(self, query: Query, values: Mapping[str, str | Sequence[str]], *, reader: Sequence[str]) -> BoundQuery:
        """The query with these values, its own defaults where one is missing or empty; raises InvalidParameter.

        Of several values a parameter that takes one has the first.
        """
        bound: dict[str, Value] = {}
        for parameter in query.parameters:
            found = [self._value(parameter, text, reader) for text in _written(parameter, values)]
            if parameter.many and len(found) > 1:
                bound[parameter.name] = [value for value in found if not isinstance(value, int)]
            elif found:
                bound[parameter.name] = found[0]
        return query.bind_some(bound)

    def _value(self, parameter: Parameter, written: str, reader: Sequence[str]) -> Term | int:
        if parameter.type in ("limit", "offset"):
            if not (written.isascii() and written.isdecimal()):
                raise InvalidParameter(parameter.name, written, told("mend-whole"))
            return int(written)
        if parameter.type == "instant" and _DAY.fullmatch(written):
            written += "T00:00:00Z"
        if parameter.type not in ENTITY_TYPES or ":" in written.removeprefix("wikidata:"):
            return parameter.read(written, namespaces=self._namespaces)
        kind = EntityKind(parameter.type) if parameter.type != "item" else None
        found = self._entity(written, kind, reader)
        if found is None:
            raise InvalidParameter(parameter.name, written, told("mend-entry"))
        return iri(self._namespaces.entity_iri(found))

    def _entity(self, written: str, kind: EntityKind | None, reader: Sequence[str]) -> str | None:
        """The id of what is meant; a name must be the whole name of a thing."""
        if named := _NAMED.fullmatch(written):
            written = named["id"]
        if kind and (meant := entry_meant(written, kind, self._directory.current())):
            return meant
        if ITEM_ID.fullmatch(written):
            return written.upper()
        hits = self._texts.search(written, kinds=[kind] if kind else [], languages=list(reader), limit=20)
        return next((hit.entity_id for hit in hits if hit.exact and hit.field in _OWN_NAMES), None)


def _written(parameter: Parameter, values: Mapping[str, str | Sequence[str]]) -> list[str]:
    """What was written for a parameter, trimmed, without empty texts; raises InvalidParameter."""
    given = values.get(parameter.name, "")
    texts = [" ".join(text.split()) for text in ([given] if isinstance(given, str) else given)]
    if len(texts) > MOST_VALUES:
        raise InvalidParameter(parameter.name, len(texts), told("mend-values", MOST_VALUES))
    for text in texts:
        if len(text) > LONGEST_VALUE:
            raise InvalidParameter(parameter.name, text[:40] + "…", told("mend-length", LONGEST_VALUE))
    return [text for text in texts if text][: None if parameter.many else 1]
