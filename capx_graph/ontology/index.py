"""Triples of a Turtle file and of its translations by subject and predicate; only this package imports it.

Nodes are text here: an IRI, or ``_:`` and the label of a blank node. Literals are read by their own methods, so a
caller says which of both it expects; the other is an OntologyError that names the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from capx_graph.errors import OntologyError
from capx_graph.namespaces import OWL, RDF
from capx_graph.terms import BlankNode, Literal, NamedNode, Term, Triple, read_turtle

_NIL = RDF + "nil"


def triples_of(path: Path) -> Iterator[Triple]:
    """What a file says, and after it what ``translations/`` beside it adds: labels and definitions by language."""
    for file in (path, *sorted((path.parent / "translations").glob("*.ttl"))):
        yield from read_turtle(file)


class TripleIndex:
    """One file's triples and those of its translations; ``where`` names it in messages."""

    def __init__(self, path: Path) -> None:
        self.where = path.name
        self._objects: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples_of(path):
            assert not isinstance(triple.object, type(triple)), "Turtle without RDF-star"
            self._objects[_text(triple.subject)][triple.predicate.value].append(triple.object)

    def subjects(self) -> Iterator[str]:
        """IRIs that something is said of, in the file's order; blank nodes are reached from them."""
        return (subject for subject in self._objects if not subject.startswith("_:"))

    def predicates(self, subject: str) -> tuple[str, ...]:
        """The predicates that a subject has."""
        return tuple(self._objects[subject]) if subject in self._objects else ()

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """What a subject has for a predicate."""
        return self._objects[subject].get(predicate, []) if subject in self._objects else []

    def nodes(self, subject: str, predicate: str) -> tuple[str, ...]:
        """IRIs and blank nodes."""
        return tuple(self._node(subject, predicate, term) for term in self.objects(subject, predicate))

    def node(self, subject: str, predicate: str) -> str | None:
        """The one node, or None; two are an error."""
        return self._single(subject, predicate, self.nodes(subject, predicate))

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Literals, without their languages or datatypes."""
        return tuple(self._literal(subject, predicate, term).value for term in self.objects(subject, predicate))

    def text(self, subject: str, predicate: str) -> str | None:
        """The one literal, or None; two are an error."""
        return self._single(subject, predicate, self.texts(subject, predicate))

    def by_language(self, subject: str, predicate: str) -> dict[str, str]:
        """Language-tagged text; a language given twice or not at all is an error."""
        found: dict[str, str] = {}
        for term in self.objects(subject, predicate):
            literal = self._literal(subject, predicate, term)
            if literal.language is None or literal.language in found:
                raise self.error(subject, f"{predicate} must be given once a language, see {literal}")
            found[literal.language] = literal.value
        return found

    def all_by_language(self, subject: str, predicate: str) -> dict[str, tuple[str, ...]]:
        """Language-tagged texts, any number a language; those without a language are left out."""
        found: dict[str, tuple[str, ...]] = {}
        for term in self.objects(subject, predicate):
            literal = self._literal(subject, predicate, term)
            if literal.language is not None:
                found[literal.language] = (*found.get(literal.language, ()), literal.value)
        return found

    def list(self, node: str) -> tuple[str, ...]:
        """The members of an RDF list of nodes."""
        members = []
        while node != _NIL:
            member = self.node(node, RDF + "first")
            rest = self.node(node, RDF + "rest")
            if member is None or rest is None:
                raise self.error(node, "is not a list")
            members.append(member)
            node = rest
        return tuple(members)

    def union(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Classes named directly or inside an owl:unionOf."""
        classes: list[str] = []
        for node in self.nodes(subject, predicate):
            members = self.node(node, OWL + "unionOf") if node.startswith("_:") else None
            classes += self.list(members) if members else [node]
        return tuple(classes)

    def error(self, subject: str, problem: str) -> OntologyError:
        """A fault of this file, to be raised."""
        return OntologyError(f"{self.where}: <{subject}> {problem}")

    def _single(self, subject: str, predicate: str, values: tuple[str, ...]) -> str | None:
        if len(values) > 1:
            raise self.error(subject, f"{predicate} must be given once, not {len(values)} times")
        return values[0] if values else None

    def _node(self, subject: str, predicate: str, term: Term) -> str:
        if isinstance(term, Literal):
            raise self.error(subject, f"{predicate} must lead to a node, not to {term}")
        return _text(term)

    def _literal(self, subject: str, predicate: str, term: Term) -> Literal:
        if not isinstance(term, Literal):
            raise self.error(subject, f"{predicate} must be text, not {term}")
        return term


def _text(node: NamedNode | BlankNode | object) -> str:
    if isinstance(node, NamedNode):
        return node.value
    return str(node)
