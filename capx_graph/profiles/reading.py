"""What the graph says of a thing, gathered for a page; the rooms beside this one turn it into read models.

One reading serves one page: it holds the reader's languages, the directory of the moment, and asks the queries of
``queries/profile/``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote

from capx_graph import queries
from capx_graph.directory import Directory, Individuals, Naming
from capx_graph.directory.lookup import ITEM_ID, entry_meant
from capx_graph.directory.reading import Items
from capx_graph.errors import NotFound
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref, SearchPage, SearchRequest
from capx_graph.namespaces import CAPX, RDFS, SKOS
from capx_graph.profiles.model import Text
from capx_graph.store.base import GraphReader
from capx_graph.terms import Literal, NamedNode, Term, iri, literal


class Searching(Protocol):
    """Lists and counts of people come from the search, so that a page and a search never differ."""

    def run(self, request: SearchRequest) -> SearchPage: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about one thing by property; ``item`` is its id."""

    item: str
    values: Mapping[str, Sequence[Term]] = field(default_factory=dict)

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a property as text, in a fixed order."""
        return tuple(sorted(term.value for term in self.values.get(name, ()) if isinstance(term, Literal | NamedNode)))

    def text(self, name: str) -> str | None:
        """The first value of a property."""
        return next(iter(self.texts(name)), None)

    def files(self, name: str) -> tuple[str, ...]:
        """The files of Commons that a property names, by their names: the graph has their addresses."""
        return tuple(unquote(value.rpartition("/")[2]) for value in self.texts(name))

    def in_languages(self, name: str) -> tuple[Text, ...]:
        """The values of a property with their languages, in the order of these."""
        found = [Text(term.value, term.language) for term in self.values.get(name, ()) if isinstance(term, Literal)]
        return tuple(sorted(found, key=lambda text: (text.language or "", text.text)))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its IRI and what is said about it, by property."""

    iri: str
    details: Mapping[str, Sequence[Term]]


class Reading:
    """Reads for one page and one reader."""

    def __init__(
        self,
        graph: GraphReader,
        items: Items,
        *,
        directory: Directory,
        naming: Naming,
        individuals: Individuals,
        reader: Sequence[str],
    ) -> None:
        self._graph = graph
        self.items = items
        self.directory = directory
        self._naming = naming
        self._individuals = individuals
        self.reader = tuple(reader)

    def entry(self, value: str, kind: EntityKind) -> str:
        """The item of the directory that a value in an address means; raises NotFound."""
        found = entry_meant(value, kind, self.directory)
        if found is None:
            raise NotFound(told("refused-absent", value))
        return found

    def identified(self, values: Sequence[str], class_name: str, predicate: str) -> str:
        """The item of a class with one of these usernames or codes, or with this id; raises NotFound."""
        asked = [(_term(class_name), _term(predicate), literal(value)) for value in values]
        for (entity,) in self._graph.select(queries.load("profile/identified").bind(asked=asked)):
            if item := self.items.id(entity):
                return item
        item = values[0].upper()
        if ITEM_ID.fullmatch(item) and any(self._is_a(item, class_name)):
            return item
        raise NotFound(told("refused-absent", values[0]))

    def facts(self, item_ids: Sequence[str]) -> dict[str, Facts]:
        """What is said of these things."""
        found: dict[str, dict[str, list[Term]]] = {item: defaultdict(list) for item in item_ids}
        if item_ids:
            query = queries.load("profile/facts").bind(entity=self.items.iris(item_ids))
            for entity, predicate, value in self._graph.select(query):
                if isinstance(predicate, NamedNode) and value is not None:
                    found[self.items.id(entity)][predicate.value.removeprefix(CAPX)].append(value)
        return {item: Facts(item, values) for item, values in found.items()}

    def statements(self, item_id: str, links: Iterable[str]) -> dict[str, list[Statement]]:
        """The statements that a thing has by these links, such as ``offer``."""
        asked = [(self.items.iri(item_id), _term(link)) for link in links]
        found: dict[str, dict[str, dict[str, list[Term]]]] = defaultdict(dict)
        for link, statement, detail, value in self._graph.select(queries.load("profile/statements").bind(asked=asked)):
            if isinstance(link, NamedNode) and isinstance(statement, NamedNode) and isinstance(detail, NamedNode):
                details = found[link.value.removeprefix(CAPX)].setdefault(statement.value, defaultdict(list))
                if value is not None:
                    details[detail.value.removeprefix(CAPX)].append(value)
        return {link: [Statement(node, details) for node, details in held.items()] for link, held in found.items()}

    def pointing(self, item_id: str, predicates: Iterable[str]) -> dict[str, list[str]]:
        """The ids of things that point to this one by these properties."""
        asked = [(_term(name), self.items.iri(item_id)) for name in predicates]
        found: dict[str, list[str]] = defaultdict(list)
        for predicate, entity in self._graph.select(queries.load("profile/pointing").bind(asked=asked)):
            if isinstance(predicate, NamedNode) and (item := self.items.id(entity)):
                found[predicate.value.removeprefix(CAPX)].append(item)
        return found

    def taking_part(self, project_id: str) -> dict[str, str | None]:
        """The people who say that they take part in a project and when each was last active, the latest first."""
        query = queries.load("panels/project_people").bind(project=self.items.iri(project_id))
        found: dict[str, str | None] = {}
        for person, active in self._graph.select(query):
            if item := self.items.id(person):
                found.setdefault(item, active.value if isinstance(active, Literal) else None)
        return found

    def refs(self, terms: Iterable[Term | str]) -> tuple[Ref, ...]:
        """These things by name, each once, in the order of their labels."""
        ids = [term if isinstance(term, str) else self.items.id(term) for term in terms]
        refs = self._naming.refs([item for item in ids if item], self.reader)
        return tuple(sorted(refs.values(), key=lambda ref: (ref.label.casefold(), ref.id)))

    def by_id(self, item_ids: Iterable[str]) -> dict[str, Ref]:
        """These things by name."""
        return self._naming.refs(item_ids, self.reader)

    def ref(self, item_id: str) -> Ref:
        """One thing by name."""
        return self._naming.ref(item_id, self.reader)

    def individual(self, terms: Sequence[Term]) -> Ref | None:
        """The first of these fixed values, such as a level, by name."""
        return next(iter(self.individuals(terms)), None)

    def individuals(self, terms: Sequence[Term]) -> tuple[Ref, ...]:
        """These fixed values by name."""
        return self._individuals.refs(terms, self.reader)

    def description(self, item_id: str) -> Text | None:
        """What a thing is, in the best language of the reader."""
        found = self._naming.descriptions([item_id], self.reader).get(item_id)
        return Text(*found) if found else None

    def descriptions(self, item_ids: Sequence[str]) -> dict[str, Text]:
        """What things are."""
        found = self._naming.descriptions(item_ids, self.reader)
        return {item: Text(text, language) for item, (text, language) in found.items()}

    def names(self, item_id: str) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
        """All labels and all other names of a thing."""
        return self._all(item_id, iri(RDFS + "label")), self._all(item_id, iri(SKOS + "altLabel"))

    def _all(self, item_id: str, kind: NamedNode) -> tuple[Text, ...]:
        query = queries.load("directory/labels").bind(asked=[(self.items.iri(item_id), kind)], language=None)
        texts = [
            Text(text.value, text.language) for _, _, text in self._graph.select(query) if isinstance(text, Literal)
        ]
        return tuple(sorted(texts, key=lambda text: (text.language or "", text.text)))

    def _is_a(self, item_id: str, class_name: str) -> Iterable[bool]:
        query = queries.load("directory/identities").bind(entity=[self.items.iri(item_id)])
        return (class_ == _term(class_name) for _, class_, *_ in self._graph.select(query))


def _term(name: str) -> NamedNode:
    return iri(CAPX + name)
