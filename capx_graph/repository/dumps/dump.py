"""The whole repository as one stream: Wikibase's JSON dump, or its RDF as N-Triples or Turtle.

One entity a line (JSON) or a paragraph at a time, as of one moment: items in the order in which their pages were made,
then properties, so that a dump of an imported dump has the same order. Memory stays flat (only properties are held).
As in Wikibase's own dumps, JSON leaves redirects out and RDF has them, and licence and version are told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from capx_graph.instants import stamp
from capx_graph.model import Page
from capx_graph.namespaces import OWL, WIKIBASE
from capx_graph.repository.compact import json_text
from capx_graph.repository.ids import PROPERTY, kind_of
from capx_graph.repository.rdf import vocabulary as names
from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.repository.rdf.serialise import turtle_body, turtle_header, wikibase_prefixes
from capx_graph.repository.store import Repository
from capx_graph.terms import RDF_TYPE, NamedNode, Triple, date_time

_SAID_ONCE = (names.HAS_LICENCE, names.SOFTWARE_VERSION)
_DUMP = NamedNode(WIKIBASE + "Dump")
_ONTOLOGY = NamedNode("http://wikiba.se/ontology-1.0.owl")


class DumpFormat(StrEnum):
    """The values are the file extensions."""

    JSON = "json"
    N_TRIPLES = "nt"
    TURTLE = "ttl"


def write_dump(
    repository: Repository,
    stream: BinaryIO,
    format_: DumpFormat,
    *,
    at: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Writes every entity; answers their number, which ``progress`` hears on the way. ``at`` dates the dump."""
    written = 0

    def pages() -> Iterator[Page]:
        nonlocal written
        for page in _items_first(repository.scan()):
            if page.redirect_to is None or format_ != DumpFormat.JSON:
                yield page
                written += 1
                progress(written)

    if format_ == DumpFormat.JSON:
        _write_json(pages(), stream)
    else:
        _write_rdf(repository, pages(), stream, turtle=format_ == DumpFormat.TURTLE, at=at)
    return written


def dump_json(page: Page) -> str:
    """The line of an entity: its JSON with the number of its revision."""
    content = {**(page.entity or {}), "lastrevid": page.revision_id}
    return json_text(content)


def _items_first(pages: Iterable[Page]) -> Iterator[Page]:
    properties = []
    for page in pages:
        if kind_of(page.entity_id) == PROPERTY:
            properties.append(page)
        else:
            yield page
    yield from properties


def _write_json(pages: Iterable[Page], stream: BinaryIO) -> None:
    stream.write(b"[\n")
    separator = b""
    for page in pages:
        stream.write(separator + dump_json(page).encode("utf-8", "surrogatepass"))
        separator = b",\n"
    stream.write(b"\n]\n" if separator else b"]\n")


def _write_rdf(repository: Repository, pages: Iterable[Page], stream: BinaryIO, *, turtle: bool, at: datetime) -> None:
    rdf = EntityRdf(repository.namespaces, repository)
    prefixes = wikibase_prefixes(repository.namespaces)

    def write(triples: Iterable[Triple]) -> None:
        if turtle:
            stream.writelines(piece.encode() for piece in turtle_body(triples, prefixes))
        else:
            stream.writelines(f"{triple} .\n".encode() for triple in triples)

    if turtle:
        stream.writelines(line.encode() for line in turtle_header(prefixes))
    write(_header(at))
    for page in pages:
        triples = rdf.triples(page, Flavor.DUMP)
        write(triple for triple in triples if triple.predicate not in _SAID_ONCE)


def _header(at: datetime) -> Iterator[Triple]:
    yield Triple(_DUMP, RDF_TYPE, names.DATASET)
    yield Triple(_DUMP, RDF_TYPE, NamedNode(OWL + "Ontology"))
    yield Triple(_DUMP, names.HAS_LICENCE, names.LICENCE)
    yield Triple(_DUMP, names.SOFTWARE_VERSION, names.FORMAT_VERSION)
    yield Triple(_DUMP, names.DATE_MODIFIED, date_time(stamp(at)))
    yield Triple(_DUMP, NamedNode(OWL + "imports"), _ONTOLOGY)
