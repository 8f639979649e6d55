"""The file of an RDF dump as Wikibase writes it (``dumpRdf.php``, Special:EntityData): looked through, then cut.

Imported by whoever takes in such a dump. ``survey`` reads all of it and refuses what is broken off, foreign or not
whole before anybody has written anything; ``blocks`` gives it entity by entity. Value and reference nodes are told
once and mentioned again later, so they are kept in memory until the end (some 300 bytes each).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from capx_graph.errors import DataError
from capx_graph.namespaces import WIKIBASE, WikibaseNamespaces
from capx_graph.repository.dumps.file import unpacked
from capx_graph.repository.ids import parse_id
from capx_graph.repository.rdf.properties import type_iri
from capx_graph.repository.rdf.vocabulary import ABOUT, DATASET, DERIVED_FROM, VERSION
from capx_graph.repository.values.datatypes import DATATYPES
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, RdfFormat, Term, Triple, stream_rdf

_PROPERTY_TYPE = NamedNode(WIKIBASE + "propertyType")
_DATATYPE_OF = {type_iri(datatype): datatype for datatype in DATATYPES}
_LEADS = re.compile(r"P[1-9][0-9]*|(?:statement|qualifier|reference)/value/P[1-9][0-9]*")
"""Predicates, after ``/prop/``, that only the mapping writes: to statement nodes and to value nodes."""
_TURTLE_STARTS = (b"@", b"<", b"#", b"_", b"p", b"P", b"b", b"B")


@dataclass(slots=True)
class Block:
    """One entity of the dump: its own triples and those of its statements, in the order of the file.

    ``told`` are the shared nodes that are described in its part of the file.
    """

    entity_id: str
    revision_id: int = 0
    own: list[Triple] = field(default_factory=list)
    statements: dict[str, list[Triple]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    has_sitelinks: bool = False

    def uses(self, reference: NamedNode) -> int:
        """How many statements have a reference."""
        everything = (triple for triples in self.statements.values() for triple in triples)
        return sum(triple.predicate == DERIVED_FROM and triple.object == reference for triple in everything)


@dataclass(slots=True)
class _DataNode:
    """The node that the triples are about which tell of an entity's page; its address is the dump writer's affair."""

    iri: str = ""
    about: str = ""

    def takes(self, triple: Triple, iri: str) -> bool:
        """Whether a triple is one of such a node's; remembers what the node is about."""
        if triple.predicate == RDF_TYPE and triple.object == DATASET:
            self.iri, self.about = iri, ""
        elif iri != self.iri:
            return False
        elif triple.predicate == ABOUT and isinstance(triple.object, NamedNode):
            self.about = triple.object.value
        return True


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look through the whole file found: the entities that it describes, the datatypes of properties."""

    entities: int
    datatypes: Mapping[str, str]


def is_rdf(path: Path) -> bool:
    """Whether a file begins as Turtle or N-Triples do, rather than as JSON; raises DataError."""
    try:
        with path.open("rb") as raw, unpacked(raw) as stream:
            return stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in _TURTLE_STARTS
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


class RdfFile:
    """The dump of one Wikibase; ``shared`` holds the value and reference nodes that ``blocks`` has met so far."""

    def __init__(self, path: Path, namespaces: WikibaseNamespaces) -> None:
        self.shared: dict[str, list[Triple]] = {}
        self.namespaces = namespaces
        self._path = path
        self._shared = (namespaces.value, namespaces.reference)
        self._described = (namespaces.statement, *self._shared)

    def survey(self) -> Survey:
        """Reads everything once; raises DataError for what is no whole dump of this Wikibase."""
        datatypes: dict[str, str] = {}
        entities = position = 0
        known: set[str] = set()
        awaited: set[str] = set()
        truthy = whole = False
        node = _DataNode()
        for triple, position in self._triples():
            subject, predicate, target = triple.subject, triple.predicate, triple.object
            if not isinstance(subject, NamedNode):
                continue
            if node.takes(triple, subject.value):
                if predicate == VERSION:
                    self._check_home(node, position)
                    entities += 1
            elif predicate == _PROPERTY_TYPE and isinstance(target, NamedNode):
                datatypes[self.namespaces.entity_id(subject.value)] = _DATATYPE_OF.get(target, "")
            if subject.value.startswith(self._described) and subject.value not in known:
                known.add(subject.value)
                awaited.discard(subject.value)
            if isinstance(target, NamedNode) and self._leads(predicate):
                whole = True
                if target.value not in known:
                    awaited.add(target.value)
            truthy = truthy or predicate.value.startswith(f"{self.namespaces.prop}direct/")
        if not entities:
            raise DataError(f"{self._path} describes no entity of {self.namespaces.entity} as Wikibase does")
        if awaited:
            raise DataError(
                f"{self._path} breaks off at byte {position}: it mentions {min(awaited)} and does not describe it"
            )
        if truthy and not whole:
            raise DataError(f"{self._path} has truthy statements only; dumpRdf.php --flavor full-dump has all")
        return Survey(entities, datatypes)

    def blocks(self) -> Iterator[Block]:
        """The entities, in the order of the file; what describes none of this Wikibase is passed over.

        Raises DataError.
        """
        block: Block | None = None
        node = _DataNode()
        for triple, _ in self._triples():
            if not isinstance(triple.subject, NamedNode):
                continue
            iri = triple.subject.value
            if node.takes(triple, iri):
                entity_id = parse_id(self.namespaces.entity_id(node.about))
                if entity_id and triple.predicate == VERSION:
                    if block is not None:
                        yield block
                    block = Block(entity_id, _number(triple.object))
            elif block is not None:
                self._add(block, iri, triple)
        if block is not None:
            yield block

    def _add(self, block: Block, iri: str, triple: Triple) -> None:
        if iri.startswith(self._shared):
            if iri not in block.told:
                block.told.add(iri)
                self.shared[iri] = []
            self.shared[iri].append(triple)
        elif iri.startswith(self.namespaces.statement):
            block.statements.setdefault(iri, []).append(triple)
        elif iri == f"{self.namespaces.entity}{block.entity_id}":
            block.own.append(triple)
        elif triple.predicate == ABOUT:
            block.has_sitelinks = True

    def _check_home(self, node: _DataNode, position: int) -> None:
        if not self.namespaces.entity_id(node.about):
            raise DataError(
                f"{self._path}, near byte {position}: <{node.about}> is no entity of {self.namespaces.entity}: this is "
                f"the dump of another Wikibase"
            )

    def _leads(self, predicate: NamedNode) -> bool:
        if predicate == DERIVED_FROM:
            return True
        prop = self.namespaces.prop
        return predicate.value.startswith(prop) and _LEADS.fullmatch(predicate.value, len(prop)) is not None

    def _triples(self) -> Iterator[tuple[Triple, int]]:
        """The triples, each with how far into the file (as stored) reading had come."""
        suffixes = self._path.suffixes
        form = RdfFormat.N_TRIPLES if ".nt" in suffixes[-2:] else RdfFormat.TURTLE
        with self._path.open("rb") as raw:
            try:
                with unpacked(raw) as stream:
                    for triple in stream_rdf(cast(BinaryIO, stream), form):
                        yield triple, raw.tell()
            except DataError as error:
                raise DataError(f"{self._path} is {error}") from error
            except (OSError, EOFError, zlib.error) as error:
                raise DataError(f"{self._path}, near byte {raw.tell()}: it cannot be read on: {error}") from error


def _number(term: Term | Triple) -> int:
    """A whole number; 0, which is no revision, for anything else."""
    return int(term.value) if isinstance(term, Literal) and term.value.isascii() and term.value.isdecimal() else 0
