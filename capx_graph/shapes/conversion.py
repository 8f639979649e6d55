"""The shapes as files hold them, turned into a graph that pyshacl evaluates fast; and terms to rdflib and back.

Only the rooms of ``shapes`` import this. pyshacl evaluates a property shape that hangs on a node shape
(``sh:property``) once per focus node, and one that has a target of its own once for all focus nodes together: ten
times faster on a batch of 1,000 people. ``flatten`` therefore gives every property shape the targets of its node
shape; SHACL defines the results of both forms as the same, and a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from capx_graph.errors import DataError, OntologyError
from capx_graph.namespaces import RDF, RDFS, SHACL, XSD
from capx_graph.shapes.report import SHAPE
from capx_graph.terms import BlankNode, Literal, NamedNode, Term, Triple, iri

FOCUS = "urn:capx-graph:focus:"
"""Prefix of the markers of focus nodes: ``?x <urn:capx-graph:focus:CLASS> CLASS`` where a record is to be validated.

The types of what a record points to are in the graph as well, for ``sh:class``; were ``sh:targetClass`` kept, each
capacity that a person offers would be validated, and found wanting, without its own triples.
"""

_SH = SHACL
TARGET_CLASS = URIRef(_SH + "targetClass")
TARGET_SUBJECTS = URIRef(_SH + "targetSubjectsOf")
TARGETS = (TARGET_SUBJECTS, URIRef(_SH + "targetObjectsOf"), URIRef(_SH + "targetNode"))
PROPERTY = URIRef(_SH + "property")
PATH = URIRef(_SH + "path")
TYPE = URIRef(RDF + "type")
_PAIRS = tuple(URIRef(_SH + name) for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"))
_STEPS = tuple(
    URIRef(_SH + name)
    for name in ("alternativePath", "inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
)
_SCOPE = (URIRef(SHAPE + "scope"), URIRef(SHAPE + "WholeGraph"))
_FIRST, _REST = URIRef(RDF + "first"), URIRef(RDF + "rest")
_XSD_STRING = XSD + "string"
_STRINGS = frozenset((_XSD_STRING, RDF + "langString"))


class Converter:
    """Terms of the house as rdflib terms, each IRI made once: making one costs more than looking it up."""

    __slots__ = ("_iris",)

    def __init__(self) -> None:
        self._iris: dict[str, URIRef] = {}

    def iri(self, text: str) -> URIRef:
        """The same IRI for rdflib."""
        found = self._iris.get(text)
        if found is None:
            # past URIRef's own constructor: pyoxigraph has validated the text, and rdflib only warns
            found = self._iris[text] = str.__new__(URIRef, text)
        return found

    def node(self, term: object) -> Node:
        """The same term for rdflib; raises DataError."""
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            if datatype in _STRINGS:
                return RdfLiteral(term.value, lang=term.language)
            # normalize would rewrite what the record says, and the message shows the value
            return RdfLiteral(term.value, datatype=self.iri(datatype), normalize=False)
        if isinstance(term, BlankNode):
            return BNode(term.value)
        raise DataError(f"the shapes know nothing of triples within triples, such as {term}")


def term(node: Node) -> Term:
    """An rdflib term as a term of the house."""
    if isinstance(node, URIRef):
        return iri(str(node))
    if isinstance(node, RdfLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=iri(str(node.datatype or _XSD_STRING)))
    return BlankNode(str(node))


def graph_of(triples: Iterable[Triple]) -> Graph:
    """An rdflib graph of these triples."""
    graph = Graph(bind_namespaces="none")
    convert = Converter().node
    for triple in triples:
        graph.add((convert(triple.subject), convert(triple.predicate), convert(triple.object)))
    return graph


def flatten(shapes: Graph) -> Graph:
    """The same shapes with every target on the property shapes themselves, and classes as markers of focus nodes."""
    flat = Graph(bind_namespaces="none")
    for triple in shapes:
        flat.add(triple)
    for target in (TARGET_CLASS, *TARGETS):
        for shape, aim in list(shapes.subject_objects(target)):
            for inner in shapes.objects(shape, PROPERTY):
                flat.add((inner, target, aim))
                flat.remove((shape, PROPERTY, inner))
    for shape, aim in list(flat.subject_objects(TARGET_CLASS)):
        flat.remove((shape, TARGET_CLASS, aim))
        flat.add((shape, TARGET_SUBJECTS, URIRef(FOCUS + str(aim))))
    return flat


def whole_graph_only(flat: Graph) -> Graph:
    """Of the flattened shapes those that a record and its neighbours do not suffice for, with what they refer to."""
    kept = Graph(bind_namespaces="none")
    wide = set(flat.subjects(*_SCOPE))
    waiting, reached = list(wide), set(wide)
    while waiting:
        subject = waiting.pop()
        for predicate, value in flat.predicate_objects(subject):
            if predicate in TARGETS and subject not in wide:
                continue
            kept.add((subject, predicate, value))
            if value not in reached:
                reached.add(value)
                waiting.append(value)
    return kept


def target_classes(shapes: Graph) -> frozenset[str]:
    """The classes whose instances are validated."""
    return frozenset(str(aim) for aim in shapes.objects(None, TARGET_CLASS))


def predicates_read(flat: Graph) -> frozenset[str]:
    """The predicates that any shape reads: all other triples can stay out of the graph that is validated."""
    read = {str(TYPE), RDFS + "subClassOf"}
    for target in TARGETS[:2]:
        read.update(str(aim) for aim in flat.objects(None, target) if not str(aim).startswith(FOCUS))
    for pair in _PAIRS:
        read.update(str(value) for value in flat.objects(None, pair))
    for path in flat.objects(None, PATH):
        read.update(path_steps(flat, path))
    return frozenset(read)


def links(flat: Graph) -> frozenset[str]:
    """The predicates that shapes only pass through to statement nodes: ``capx:offer`` of ``capx:offer/capx:level``.

    Such a triple says something only where the node that it leads to has a triple that a shape reads; of the twenty
    of a person none or few do.
    """
    passed: set[str] = set()
    ending = {str(value) for pair in _PAIRS for value in flat.objects(None, pair)}
    ending.update(str(aim) for target in TARGETS for aim in flat.objects(None, target))
    for path in flat.objects(None, PATH):
        parts = list(flat.items(path)) if flat.value(path, _FIRST) is not None else [path]
        passed.update(step for part in parts[:-1] for step in path_steps(flat, part))
        ending.update(path_steps(flat, parts[-1]))
    return frozenset(passed - ending)


def path_steps(shapes: Graph, path: Node) -> tuple[str, ...]:
    """The predicates of a property path, in the order in which it names them; raises OntologyError for no path."""
    if isinstance(path, URIRef):
        return (str(path),)
    if shapes.value(path, _FIRST) is not None:
        return tuple(step for part in shapes.items(path) for step in path_steps(shapes, part))
    for kind in _STEPS:
        inner = shapes.value(path, kind)
        if inner is not None:
            return path_steps(shapes, inner)
    raise OntologyError(f"a sh:path of the shapes is no property path: {path.n3() if hasattr(path, 'n3') else path}")
