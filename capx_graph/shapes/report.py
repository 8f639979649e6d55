"""What a validation found: results with severity, record, field, value, rule and messages, as text and as Turtle.

Plain values without pyshacl or rdflib, so they pickle: a pool of processes answers with them. ``conforms`` means
that nothing is a Violation (such a record may be taken); the Turtle's ``sh:conforms`` follows SHACL 1.0, where a
mere Info makes it false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.languages import reader_chain
from capx_graph.namespaces import CAPX, SHACL, VOCABULARY_PREFIXES, XSD
from capx_graph.terms import RDF_TYPE, BlankNode, Literal, NamedNode, RdfFormat, Term, Triple, iri, literal, write_rdf

SHAPE = "https://w3id.org/capx/shape/"
"""Namespace of the shapes; the rest of a shape's IRI is the name of its rule."""
NOW = iri(SHAPE + "now")
"""Until when, at a record that is checked, what has happened may have happened; whoever checks says it."""

_DIGITS = re.compile("[0-9]+")


class Severity(StrEnum):
    """How bad it is; the value is the local name in the SHACL vocabulary."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True)
class Result:
    """One finding.

    ``focus`` is the node that breaks the rule, ``record`` the entity that it belongs to: the same, or the subject of
    the statement node that ``focus`` is. ``path`` is the property to mend (of a longer path its first step), ``value``
    the value that offends, None where something is missing. ``shape`` is the IRI of the rule, ``messages`` its texts
    by language.
    """

    severity: Severity
    focus: Term
    record: Term
    path: NamedNode | None
    value: Term | None
    shape: str
    component: str
    messages: tuple[tuple[str, str], ...]

    @property
    def rule(self) -> str:
        """The short name of the rule, such as ``member-offers-known``."""
        return self.shape.removeprefix(SHAPE)

    @property
    def field(self) -> str:
        """The local name of the property to mend, such as ``offers``; empty where the rule has none."""
        return local_name(self.path.value) if self.path else ""

    @property
    def fault(self) -> tuple[str, str, str]:
        """What is wrong, whichever node holds it: the same before and after an edit that leaves it as it is."""
        return self.record.value, self.shape, str(self.value)

    def message(self, languages: Sequence[str] = ("en",)) -> str:
        """The message in the first of these languages, or of their relatives, that has one; else in English."""
        texts = dict(self.messages)
        return next((texts[code] for code in reader_chain(languages) if code in texts), self.rule)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The results of one validation, worst first, then by record and rule."""

    results: tuple[Result, ...] = ()

    @classmethod
    def of(cls, results: Iterable[Result]) -> ValidationReport:
        """A report of these results, sorted and without repetitions."""
        return cls(tuple(sorted(set(results), key=_order)))

    @property
    def conforms(self) -> bool:
        """Whether nothing is a Violation."""
        return not any(result.severity is Severity.VIOLATION for result in self.results)

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that refuse a record."""
        return self.of_severity(Severity.VIOLATION)

    def of_severity(self, severity: Severity) -> tuple[Result, ...]:
        """The results of one severity."""
        return tuple(result for result in self.results if result.severity is severity)

    def __add__(self, other: ValidationReport) -> ValidationReport:
        return ValidationReport.of((*self.results, *other.results))

    def text(self, languages: Sequence[str] = ("en",), *, name: Callable[[Term], str] | None = None) -> str:
        """The report for a terminal; ``name`` writes a term for people (default: its address or its text)."""
        return "\n".join(_lines(self, languages, name or plain)) + "\n"

    def turtle(self) -> bytes:
        """The report as a SHACL validation report in Turtle."""
        prefixes = {key: VOCABULARY_PREFIXES[key] for key in ("sh", "capx", "rdfs", "skos", "schema", "xsd")}
        return write_rdf(_report_triples(self), RdfFormat.TURTLE, prefixes=prefixes | {"shape": SHAPE})


def plain(term: Term) -> str:
    """A term as a person reads it: an address without its namespace where it is of the ontology, else in full."""
    return term.value.removeprefix(CAPX) if isinstance(term, NamedNode) else term.value


def local_name(address: str) -> str:
    """What follows the last ``/`` or ``#`` of an IRI."""
    return address.rstrip("/#").replace("#", "/").rsplit("/", maxsplit=1)[-1]


def _order(result: Result) -> tuple[object, ...]:
    worst_first = tuple(Severity).index(result.severity)
    return worst_first, _natural(result.record.value), result.shape, str(result.focus), str(result.value)


def _natural(text: str) -> str:
    """Orders Q9 before Q10."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(20), text)


def _lines(report: ValidationReport, languages: Sequence[str], name: Callable[[Term], str]) -> Iterator[str]:
    for result in report.results:
        value = "" if result.value is None else f" = {name(result.value)}"
        yield f"{result.severity}: {name(result.record)}: {result.field or result.rule}{value}"
        yield f"    {result.message(languages)} [{result.rule}]"
    counts = ", ".join(f"{severity}: {len(report.of_severity(severity))}" for severity in Severity)
    yield counts


def _report_triples(report: ValidationReport) -> Iterator[Triple]:
    root = BlankNode("report")
    boolean = iri(XSD + "boolean")
    yield Triple(root, RDF_TYPE, iri(SHACL + "ValidationReport"))
    yield Triple(root, iri(SHACL + "conforms"), Literal("false" if report.results else "true", datatype=boolean))
    for number, result in enumerate(report.results):
        node = BlankNode(f"result{number}")
        yield Triple(root, iri(SHACL + "result"), node)
        yield Triple(node, RDF_TYPE, iri(SHACL + "ValidationResult"))
        yield Triple(node, iri(SHACL + "resultSeverity"), iri(SHACL + result.severity))
        yield Triple(node, iri(SHACL + "focusNode"), result.focus)
        if result.path is not None:
            yield Triple(node, iri(SHACL + "resultPath"), result.path)
        if result.value is not None:
            yield Triple(node, iri(SHACL + "value"), result.value)
        yield Triple(node, iri(SHACL + "sourceShape"), iri(result.shape))
        yield Triple(node, iri(SHACL + "sourceConstraintComponent"), iri(result.component))
        for language, text in result.messages:
            yield Triple(node, iri(SHACL + "resultMessage"), literal(text, language))
