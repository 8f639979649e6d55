"""Validation of more than one sub-graph: batches of records, the whole graph, a file.

A batch is checked like a single record. The rules that need the whole graph (unique usernames, depth and circles of
the trees) are checked once more at the end, on the few triples that they read, so memory stays that of a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from capx_graph.errors import DataError, InvalidInput, NotFound
from capx_graph.shapes.engine import Shapes
from capx_graph.shapes.report import ValidationReport
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, RdfFormat, Term, Triple, parse_rdf

BATCH_SIZE = 1000
"""Records in a batch: 1.4 s on one core; larger ones are not faster and hold more memory."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to check (their ontology-layer triples, statement nodes included) and the types of what they point to."""

    triples: Sequence[Triple]
    context: Sequence[Triple] = ()


class Validator(Protocol):
    """Whatever checks batches one after the other: shapes in this process, or a pool of processes."""

    def reports(self, batches: Iterable[Batch]) -> Iterator[ValidationReport]: ...


@dataclass(frozen=True, slots=True)
class InProcess:
    """Checks batches in this process."""

    shapes: Shapes

    def reports(self, batches: Iterable[Batch]) -> Iterator[ValidationReport]:
        for batch in batches:
            yield self.shapes.validate(batch.triples, context=batch.context)


def validate_all(shapes: Shapes, batches: Iterable[Batch], *, validator: Validator | None = None) -> ValidationReport:
    """One report of everything: each batch, then the rules that need the whole graph."""
    wide: list[Triple] = []

    def noted() -> Iterator[Batch]:
        for batch in batches:
            wide.extend(triple for triple in batch.triples if triple.predicate.value in shapes.wide_predicates)
            yield batch

    results = [result for report in (validator or InProcess(shapes)).reports(noted()) for result in report.results]
    return ValidationReport.of((*results, *shapes.validate_wide(_worth_comparing(wide)).results))


def validate_file(shapes: Shapes, path: Path) -> ValidationReport:
    """The report on an RDF file, its format told by its extension; raises InvalidInput for an unknown one."""
    return validate_all(shapes, batches_of(list(read_rdf(path)), classes=shapes.classes))


def read_rdf(path: Path) -> Iterator[Triple]:
    """The triples of an RDF file, whatever graph they are in; nothing is fetched from the network.

    Raises NotFound and InvalidInput.
    """
    format_ = RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if format_ is None:
        raise InvalidInput(f"{path}: unknown kind of file; give .ttl, .nt, .jsonld, .rdf, .xml, .nq, .trig or .n3")
    if not path.is_file():
        raise NotFound(f"{path}: there is no such file")
    try:
        yield from parse_rdf(path.read_bytes(), format_, base=path.absolute().as_uri())
    except DataError as error:
        raise InvalidInput(f"{path}: {error}") from error


def batches_of(triples: Sequence[Triple], *, classes: frozenset[str], size: int = BATCH_SIZE) -> Iterator[Batch]:
    """A graph held in memory as batches of whole records, with statement nodes and the types of neighbours.

    What is no record and hangs on none comes last: it may lack only the class that would make it one.
    """
    types: dict[Term | Triple, list[Triple]] = {}
    owned: dict[Term | Triple, list[Triple]] = {}
    for triple in triples:
        owned.setdefault(triple.subject, []).append(triple)
        if triple.predicate == RDF_TYPE:
            types.setdefault(triple.subject, []).append(triple)
    records = [node for node, found in types.items() if any(_in(triple, classes) for triple in found)]
    known = frozenset(records)
    rest = dict.fromkeys(owned)
    waiting = iter(records)
    while chosen := list(islice(waiting, size)):
        inside = set(chosen)
        for node in chosen:
            inside.update(_nodes(owned[node], owned, known))
        for node in inside:
            rest.pop(node, None)
        yield _batch(inside, owned, types)
    if rest:
        yield _batch(rest.keys(), owned, types)


def _batch(
    nodes: Set[Term | Triple], owned: dict[Term | Triple, list[Triple]], types: dict[Term | Triple, list[Triple]]
) -> Batch:
    triples = [triple for node in nodes for triple in owned[node]]
    near = {triple.object for triple in triples} - nodes
    return Batch(triples, [triple for node in near for triple in types.get(node, ())])


def _nodes(
    triples: Iterable[Triple], owned: dict[Term | Triple, list[Triple]], records: frozenset[Term | Triple]
) -> Iterator[Term]:
    """The nodes that hang on a record and are no records: its statements."""
    for triple in triples:
        value = triple.object
        if not isinstance(value, Literal | Triple) and value in owned and value not in records:
            yield value


def _in(triple: Triple, classes: frozenset[str]) -> bool:
    return isinstance(triple.object, NamedNode) and triple.object.value in classes


def _worth_comparing(triples: Sequence[Triple]) -> list[Triple]:
    """Without texts that one record alone has: those cannot break a rule of uniqueness, and they are the most."""
    texts: Counter[tuple[object, object]] = Counter(
        (t.predicate, t.object) for t in triples if isinstance(t.object, Literal)
    )
    kept = [t for t in triples if t.predicate != RDF_TYPE and texts.get((t.predicate, t.object), 2) > 1]
    compared = {t.subject for t in kept}
    return [*kept, *(t for t in triples if t.predicate == RDF_TYPE and t.subject in compared)]
