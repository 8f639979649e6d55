"""Validation by the SHACL shapes of ``shapes/``, with pyshacl on the sub-graph of what is to be checked.

``pyshacl.validate`` is called plainly: its ``focus_nodes`` and ``use_shapes`` give false conformance (nested
``sh:node`` violations vanish). The records to check come as ``triples``, what they point to as ``context``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pyshacl
from rdflib import Graph, URIRef
from rdflib.term import Node

from capx_graph import resources
from capx_graph.errors import OntologyError
from capx_graph.languages import LAST_RESORT
from capx_graph.namespaces import SHACL
from capx_graph.shapes.conversion import (
    FOCUS,
    PATH,
    Converter,
    flatten,
    graph_of,
    links,
    path_steps,
    predicates_read,
    target_classes,
    term,
    whole_graph_only,
)
from capx_graph.shapes.report import Result, Severity, ValidationReport
from capx_graph.terms import RDF_TYPE, BlankNode, NamedNode, Term, Triple, iri, read_turtle

_FOCUS_NODE = URIRef(SHACL + "focusNode")
_VALUE = URIRef(SHACL + "value")
_SOURCE_SHAPE = URIRef(SHACL + "sourceShape")
_COMPONENT = URIRef(SHACL + "sourceConstraintComponent")
_RESULT = URIRef(SHACL + "result")
_MESSAGE = URIRef(SHACL + "message")
_SEVERITY = URIRef(SHACL + "severity")

_TYPE = RDF_TYPE.value

_PYSHACL = Lock()
"""pyshacl switches rdflib's handling of booleans for the whole process while it loads: one validation at a time."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a result says about the shape that it comes from."""

    iri: str
    severity: Severity
    path: NamedNode | None
    messages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes, loaded once and used for every validation; safe to share between threads.

    ``predicates`` are those that any shape reads: a caller may leave out triples of all others, ``validate`` does.
    """

    local: Graph
    wide: Graph
    classes: frozenset[str]
    links: frozenset[str]
    predicates: frozenset[str]
    wide_predicates: frozenset[str]
    rules: dict[Node, Rule]

    @classmethod
    def load(cls, directory: Path | None = None) -> Shapes:
        """The shapes of the house, or of another folder; raises OntologyError where they contradict themselves.

        ``messages/`` in it has the messages of further languages.
        """
        folder = directory or resources.shapes_dir()
        files = sorted((*folder.glob("*.ttl"), *folder.glob("messages/*.ttl")))
        return cls.of(triple for path in files for triple in read_turtle(path))

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Shapes:
        """Shapes from their triples."""
        source = graph_of(triples)
        local = flatten(source)
        rules = {shape: _rule(local, shape) for shape in {*local.subjects(PATH), *local.subjects(_MESSAGE)}}
        _leave_one_language(local)
        wide = whole_graph_only(local)
        return cls(
            local=local,
            wide=wide,
            classes=target_classes(source),
            links=links(local),
            predicates=predicates_read(local),
            wide_predicates=predicates_read(wide),
            rules=rules,
        )

    def validate(self, triples: Iterable[Triple], *, context: Iterable[Triple] = ()) -> ValidationReport:
        """Check the records whose ontology-layer triples (statement nodes included) these are.

        ``context`` holds the ``rdf:type`` of what they point to; when capacities or territories are checked, also
        the ``skos:broader`` or ``capx:partOf`` of all others, so that depth and circles are seen.
        """
        kept = list(triples)
        return self._run(self.local, self.predicates, kept, context)

    def validate_wide(self, triples: Iterable[Triple]) -> ValidationReport:
        """Check only the rules that need the whole graph: unique usernames, depth and circles of the trees."""
        return self._run(self.wide, self.wide_predicates, list(triples), ())

    def _run(
        self, shapes: Graph, predicates: frozenset[str], triples: list[Triple], context: Iterable[Triple]
    ) -> ValidationReport:
        data = self._graph(predicates, triples, context)
        with _PYSHACL:
            _, found, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
        if not isinstance(found, Graph):
            raise OntologyError(f"the shapes cannot be evaluated: {found}")
        results = list(found.objects(None, _RESULT))
        owners = self._owners(triples, {term(focus) for focus in found.objects(None, _FOCUS_NODE)})
        return ValidationReport.of(self._result(found, node, owners) for node in results)

    def _owners(self, triples: list[Triple], focuses: set[Term]) -> dict[Term, Term]:
        """The record of each focus node that is a statement node: who points to it."""
        records = {triple.subject for triple in triples if _is_record(triple, self.classes)}
        nodes = focuses - records
        if not nodes:
            return {}
        owners: dict[Term, Term] = {}
        for triple in triples:
            node, record = triple.object, triple.subject
            if node in nodes and record in records:
                assert isinstance(node, NamedNode | BlankNode)
                assert isinstance(record, NamedNode | BlankNode)
                owners[node] = record
        return owners

    def _graph(self, predicates: frozenset[str], triples: list[Triple], context: Iterable[Triple]) -> Graph:
        graph = Graph(bind_namespaces="none")
        converter = Converter()
        add, convert, classes = graph.store.add, converter.node, self.classes
        speaking: set[Node] = set()
        passed: list[tuple[Node, URIRef, Node]] = []
        for triple in triples:
            predicate = triple.predicate.value
            if predicate not in predicates:
                continue
            subject, value = convert(triple.subject), convert(triple.object)
            speaking.add(subject)
            if predicate in self.links:
                passed.append((subject, converter.iri(predicate), value))
                continue
            add((subject, converter.iri(predicate), value), graph)
            if predicate == _TYPE and str(value) in classes:
                add((subject, converter.iri(FOCUS + str(value)), value), graph)
        for link in passed:
            if link[2] in speaking:
                add(link, graph)
        for triple in context:
            predicate = triple.predicate.value
            if predicate in predicates:
                add((convert(triple.subject), converter.iri(predicate), convert(triple.object)), graph)
        return graph

    def _result(self, found: Graph, node: Node, owners: dict[Term, Term]) -> Result:
        focus, shape, value = (found.value(node, p) for p in (_FOCUS_NODE, _SOURCE_SHAPE, _VALUE))
        assert focus is not None
        assert shape is not None
        rule = self.rules[shape]
        focus_term = term(focus)
        return Result(
            severity=rule.severity,
            focus=focus_term,
            record=owners.get(focus_term, focus_term),
            path=rule.path,
            value=None if value is None or value == focus else term(value),
            shape=rule.iri,
            component=str(found.value(node, _COMPONENT)),
            messages=rule.messages,
        )


def _is_record(triple: Triple, classes: frozenset[str]) -> bool:
    return triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode) and triple.object.value in classes


def _leave_one_language(shapes: Graph) -> None:
    """pyshacl copies each message of a shape to each of its results; the rules know them all."""
    for shape, _, message in list(shapes.triples((None, _MESSAGE, None))):
        if getattr(message, "language", None) not in (None, LAST_RESORT):
            shapes.remove((shape, _MESSAGE, message))


def _rule(shapes: Graph, shape: Node) -> Rule:
    path = shapes.value(shape, PATH)
    severity = str(shapes.value(shape, _SEVERITY) or SHACL + Severity.VIOLATION).removeprefix(SHACL)
    messages = ((m.language or LAST_RESORT, str(m)) for m in shapes.objects(shape, _MESSAGE) if hasattr(m, "language"))
    return Rule(
        iri=str(shape),
        severity=Severity(severity),
        path=iri(path_steps(shapes, path)[0]) if path is not None else None,
        messages=tuple(sorted(messages)),
    )
