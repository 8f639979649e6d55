"""What the rooms around the query page share: the services they need, the views of a result, results as rows of cells.

The views go by the names of the Wikidata Query Service too (``#defaultView:BarChart``); one that is not drawn here
falls back to the nearest that is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import current_app

from capx_graph.errors import DataError
from capx_graph.model import Ref
from capx_graph.namespaces import CAPX, VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.queryhelp import Completions, Meanings
from capx_graph.queryhelp.gallery import Binding
from capx_graph.queryhelp.shortlinks import ShortLinks
from webapp.needs import Services

VIEWS = (
    "table",
    "bar",
    "line",
    "area",
    "pie",
    "scatter",
    "bubble",
    "treemap",
    "map",
    "graph",
    "tree",
    "timeline",
    "images",
)
"""In the order of the switch."""

_OTHER_NAMES = {
    "barchart": "bar",
    "histogram": "bar",
    "polestar": "bar",
    "linechart": "line",
    "areachart": "area",
    "piechart": "pie",
    "scatterchart": "scatter",
    "dimensions": "scatter",
    "multidimensional": "scatter",
    "bubblechart": "bubble",
    "mapregions": "map",
    "graphbuilder": "graph",
    "imagegrid": "images",
}
VIEW_NAMES: Mapping[str, str] = {view: view for view in VIEWS} | _OTHER_NAMES
"""Every name of a view, in lower case, to the view."""

LONGEST_QUERY = 50_000
MOST_DRAWN = 500
"""Rows of a table drawn on the server; the whole answer is a download."""


class Endpoint(Protocol):
    """Runs a query of anybody, with guard, deadline and caps; see ``capx_graph.endpoint.answering``."""

    def results_json(self, text: str, *, reader: tuple[str, ...], client: str) -> bytes: ...


class QueryHelp(Protocol):
    """What the query page offers beside the endpoint."""

    @property
    def namespaces(self) -> WikibaseNamespaces: ...
    @property
    def completions(self) -> Completions: ...
    @property
    def meanings(self) -> Meanings: ...
    @property
    def binding(self) -> Binding: ...
    @property
    def shortlinks(self) -> ShortLinks: ...


class QueryServices(Services, Protocol):
    """What the query page needs besides what every page needs."""

    @property
    def endpoint(self) -> Endpoint: ...
    @property
    def query_help(self) -> QueryHelp: ...


def endpoint() -> Endpoint:
    """The endpoint of this application."""
    services: QueryServices = current_app.extensions["capx"]
    return services.endpoint


def query_help() -> QueryHelp:
    """The help of this application."""
    services: QueryServices = current_app.extensions["capx"]
    return services.query_help


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a result: ``href`` where it leads somewhere, ``ref`` where it has a name of its own."""

    text: str
    href: str | None = None
    language: str | None = None
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """An answer as a table; ``verdict`` is that of an ASK, ``total`` counts the rows that are not drawn too."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    total: int
    verdict: bool | None = None


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


def default_prefixes(namespaces: WikibaseNamespaces) -> dict[str, str]:
    """The prefixes that a query may use without declaring them; those of this house first."""
    return {"capx": CAPX, **namespaces.prefixes(), **VOCABULARY_PREFIXES}


_VIEW = re.compile(r"(?im)^\s*#\s*(?:defaultView\s*:|view:)\s*([a-z]+)")


def view_of(text: str, chosen: Iterable[str | None] = ()) -> str:
    """The view that was chosen, else the one that the query's own comment asks for, else the table."""
    found = _VIEW.search(text)
    for name in (*chosen, found[1] if found else None):
        if name and name.lower() in VIEW_NAMES:
            return VIEW_NAMES[name.lower()]
    return "table"
