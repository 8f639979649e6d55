"""Everything that is held about a member, handed out to them: as JSON, and as RDF in Turtle.

Doors call it. It has the public items whole, what every private store holds (never a secret), and the edits that they
made, by number, page and time. In RDF the items are as anywhere; what is private hangs on one node, its predicates
named after the fields of the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from capx_graph.accounts import Accounts
from capx_graph.errors import NotFound
from capx_graph.instants import from_epoch, stamp
from capx_graph.model import EntityJson
from capx_graph.namespaces import VOCABULARY_PREFIXES, XSD
from capx_graph.privacy.people import People
from capx_graph.privacy.stores import PrivateStore, Whom
from capx_graph.repository.history.lines import Which
from capx_graph.repository.ids import title_of
from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.repository.store import Repository
from capx_graph.terms import BlankNode, Literal, NamedNode, RdfFormat, Term, Triple, date_time, iri, literal, write_rdf

HELD = "urn:capx:held:"
"""How the predicates of what is private begin."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MemberExport:
    """What is held about one person."""

    name: str
    exported: str
    items: tuple[EntityJson, ...]
    private: Mapping[str, Mapping[str, object]]
    edits: tuple[Mapping[str, object], ...]
    triples: tuple[Triple, ...]

    def as_json(self) -> bytes:
        """The whole as one JSON object."""
        content = {
            "name": self.name,
            "exported": self.exported,
            "items": list(self.items),
            "private": self.private,
            "edits": list(self.edits),
        }
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")

    def as_turtle(self, prefixes: Mapping[str, str]) -> bytes:
        """The whole as RDF."""
        person = BlankNode()
        about: dict[str, object] = {"name": self.name, "exported": self.exported, **self.private, "edits": self.edits}
        triples = [*self.triples, *_triples_of(person, about)]
        return write_rdf(triples, RdfFormat.TURTLE, prefixes={**VOCABULARY_PREFIXES, **prefixes, "held": HELD})


def export_member(
    name: str,
    repository: Repository,
    accounts: Accounts,
    *,
    people: People,
    stores: Sequence[PrivateStore],
    at: datetime,
) -> MemberExport:
    """Everything held about who has or had this name; raises NotFound for nobody."""
    number = accounts.number_of(name)
    names = accounts.members.names(number) if number is not None else (name,)
    owned = [item for one in names for item in repository.owned_by(one)]
    ids = list(dict.fromkeys([*owned, *people.items(names)]))
    pages = [page for page in repository.pages(ids).values() if page.entity is not None]
    edits = tuple(edit for one in names for edit in _edits(repository, one))
    whom = Whom(number, names, tuple(ids))
    private = {store.name: held for store in stores if (held := store.export(whom))}
    if number is None and not pages and not edits and not private:
        raise NotFound(f"nothing here tells of anybody called {name!r}")
    rdf = EntityRdf(repository.namespaces, repository)
    return MemberExport(
        name=names[0],
        exported=stamp(at),
        items=tuple(page.entity for page in pages if page.entity is not None),
        private=private,
        edits=edits,
        triples=tuple(dict.fromkeys(triple for page in pages for triple in rdf.triples(page, Flavor.DUMP))),
    )


def _edits(repository: Repository, name: str) -> Iterator[Mapping[str, object]]:
    which, after = Which(actor=name), None
    while lines := repository.history.revisions(which=which, after=after, oldest_first=True, limit=_AT_ONCE):
        for line in lines:
            moment = stamp(from_epoch(line.at))
            yield {
                "revision": line.revision_id,
                "page": title_of(line.entity_id),
                "time": moment,
                "summary": line.summary,
            }
        after = lines[-1].revision_id + 1


def _triples_of(subject: BlankNode, content: Mapping[str, object]) -> Iterator[Triple]:
    for key, value in content.items():
        predicate = iri(HELD + "".join(letter if letter.isalnum() else "_" for letter in key))
        values: Iterable[object] = value if isinstance(value, list | tuple) else [value]
        for one in values:
            if isinstance(one, Mapping):
                node = BlankNode()
                yield Triple(subject, predicate, node)
                yield from _triples_of(node, one)
            elif one is not None:
                yield Triple(subject, predicate, _term(one))


def _term(value: object) -> Term:
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=NamedNode(XSD + "boolean"))
    if isinstance(value, int):
        return Literal(str(value), datatype=NamedNode(XSD + "integer"))
    text = str(value)
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return literal(text)
    return date_time(text)
