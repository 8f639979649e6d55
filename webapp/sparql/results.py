"""Answers of a query as tables that the server draws, for readers without scripts: IRIs stand by their names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from capx_graph.errors import CapxError, DataError
from capx_graph.model import Ref
from capx_graph.namespaces import VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.queryhelp import Meanings
from webapp.needs import services
from webapp.request.reader import reader
from webapp.request.visitor import address

MOST_DRAWN = 500
"""Rows of a table drawn on the server; the whole answer is a download."""

MOST_IDS = 20
_ID = re.compile(r"(?<![\w:<#])(?P<prefix>wd|wdt|p|ps|pq):[PQ][1-9][0-9]*\b")
_DECLARED = re.compile(r"\bprefix\s+(\w+)\s*:", re.IGNORECASE)
"""What the scripts beside find, too (``terms.js``)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a result: ``href`` where it leads somewhere, ``ref`` where it has a name of its own."""

    text: str
    href: str | None = None
    language: str | None = None
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """An answer as a table; ``verdict`` is that of an ASK, ``total`` counts the rows that are not drawn too.

    Where there are none, ``ids`` tells what the ids of the query name here, None for what nothing is.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    total: int
    verdict: bool | None = None
    ids: Mapping[str, Ref | None] = field(default_factory=dict)


def answered(text: str) -> tuple[ResultTable | None, CapxError | None]:
    """The table of a query that is run here and now, or what went wrong with it."""
    offered, chain = services().query_help, reader().chain
    try:
        answer = services().endpoint.results_json(text, reader=chain, client=address())
        table = result_table(answer, namespaces=offered.namespaces, meanings=offered.meanings, reader=chain)
        if table.verdict is None and not table.rows:
            table = replace(table, ids=ids_in(text, meanings=offered.meanings, reader=chain))
        return table, None
    except CapxError as error:
        return None, error


def ids_in(text: str, *, meanings: Meanings, reader: Sequence[str]) -> dict[str, Ref | None]:
    """What the ids of a query name here; not those with a prefix that the query declares itself.

    Numbers of properties and items are a Wikibase's own: who brings a query from another one finds other things.
    """
    declared = set(_DECLARED.findall(text))
    terms = [match.group() for match in _ID.finditer(text) if match["prefix"] not in declared]
    first = {term.partition(":")[2]: term for term in reversed(terms)}
    shown = [term for term in dict.fromkeys(terms) if first[term.partition(":")[2]] == term][:MOST_IDS]
    names = meanings.names(shown, reader=reader)
    return {term: names.get(term) for term in shown}


def result_table(
    answer: bytes, *, namespaces: WikibaseNamespaces, meanings: Meanings, reader: Sequence[str]
) -> ResultTable:
    """The table of SPARQL results in JSON, its IRIs named for the reader."""
    try:
        data = json.loads(answer)
        if "boolean" in data:
            return ResultTable((), (), 0, bool(data["boolean"]))
        columns = tuple(data["head"]["vars"])
        bindings = data["results"]["bindings"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"the endpoint did not answer SPARQL results in JSON: {error}") from error
    drawn = bindings[:MOST_DRAWN]
    written = _written(namespaces)
    terms = {
        value["value"]: written(value["value"]) for row in drawn for value in row.values() if value["type"] == "uri"
    }
    names = meanings.names((term for term in terms.values() if term), reader=reader)
    refs = {iri: names[term] for iri, term in terms.items() if term in names}
    shown = tuple(tuple(_cell(row.get(column), terms, refs) for column in columns) for row in drawn)
    return ResultTable(columns, shown, len(bindings))


def _cell(value: Mapping[str, str] | None, terms: Mapping[str, str | None], refs: Mapping[str, Ref]) -> Cell | None:
    if value is None:
        return None
    text = value["value"]
    if value["type"] == "uri":
        href = text if re.match(r"https?://", text) else None
        return Cell(terms.get(text) or text, href, None, refs.get(text))
    return Cell(text, None, value.get("xml:lang"))


def _written(namespaces: WikibaseNamespaces) -> _Writer:
    return _Writer({**VOCABULARY_PREFIXES, **namespaces.prefixes()})


class _Writer:
    """Writes IRIs with the prefixes that the endpoint knows; None for one that cannot be."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest namespace fits best: statements lie beneath entities.
        self._prefixes = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))

    def __call__(self, iri: str) -> str | None:
        for prefix, base in self._prefixes:
            if iri.startswith(base):
                local = iri[len(base) :]
                return f"{prefix}:{local}" if re.fullmatch(r"[\w-]+", local) else None
        return None
