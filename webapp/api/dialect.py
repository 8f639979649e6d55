"""What /sparql understands besides SPARQL 1.1, and what it takes: for a page of help, from where the code has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capx_graph.endpoint.answering import default_prefixes
from capx_graph.endpoint.federator import without_keys
from capx_graph.store.functions import FUNCTIONS
from webapp.needs import services
from webapp.sparql.protocol import GRAPHS, LARGEST_BODY, TABLES
from webapp.sparql.views import VIEW_NAMES, VIEWS

LABELS = """SELECT ?person ?personLabel ?capacityLabel WHERE {
  ?person capx:offers ?capacity .
  SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en" }
} LIMIT 5"""
"""A query that asks for labels."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """``views`` maps each view to the names that a comment may call it by; ``limits`` are times and sizes as texts."""

    prefixes: Mapping[str, str]
    functions: tuple[str, ...]
    views: Mapping[str, tuple[str, ...]]
    tables: tuple[str, ...]
    graphs: tuple[str, ...]
    limits: tuple[str, ...]
    services: tuple[str, ...]


def dialect() -> Dialect:
    """What the endpoint of these services understands; an engine elsewhere has the functions that it has."""
    prefixes, settings = default_prefixes(services().namespaces), services().settings
    bounds = settings.sparql
    return Dialect(
        prefixes=dict(sorted(prefixes.items())),
        functions=() if settings.engine else tuple(_short(one.value, prefixes) for one in FUNCTIONS),
        views={view: tuple(name for name, meant in VIEW_NAMES.items() if meant == view) for view in VIEWS},
        tables=tuple(TABLES),
        graphs=tuple(GRAPHS),
        limits=(
            f"{bounds.timeout:g} s",
            *(f"{size >> 20} MiB" for size in (bounds.memory, bounds.result, LARGEST_BODY)),
            f"{bounds.allowance:g} s",
        ),
        services=tuple(sorted({without_keys(service) for service in bounds.services})),
    )


def _short(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI with its prefix, whole where it has none."""
    found = (f"{name}:{iri.removeprefix(space)}" for name, space in prefixes.items() if iri.startswith(space))
    return next(found, iri)
