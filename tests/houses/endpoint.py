"""A SPARQL endpoint over a small graph, as an application and as a server, for tests of what clients see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from capx_graph import settings
from capx_graph.endpoint.answering import Endpoint, open_endpoint
from capx_graph.linkeddata.description import Description
from capx_graph.namespaces import CAPX, RDFS, SCHEMA, SKOS, WikibaseNamespaces
from capx_graph.ontology import load_ontology
from capx_graph.settings import Settings
from capx_graph.store.base import Delta
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, Triple
from tests.houses import loopback
from webapp.rooms import sparql

HERE = WikibaseNamespaces("http://here.example")
WIKIDATA = "http://www.wikidata.org/entity/"
LABEL, MATCH = NamedNode(RDFS + "label"), NamedNode(SKOS + "exactMatch")
CAPACITIES = ("photography", "teaching", "translation", "cartography")


def wd(number: int) -> NamedNode:
    return NamedNode(f"{HERE.entity}Q{number}")


def graph() -> list[Triple]:
    """Four capacities with labels and identities, twenty people who offer them in turn."""
    found: list[Triple] = []
    for number, name in enumerate(CAPACITIES, 1):
        found += [
            Triple(wd(number), RDF_TYPE, NamedNode(CAPX + "Capacity")),
            Triple(wd(number), LABEL, Literal(name, language="en")),
            Triple(wd(number), MATCH, NamedNode(f"{WIKIDATA}Q{number}0")),
        ]
    found.append(Triple(wd(1), LABEL, Literal("fotografia", language="pt")))
    for number in range(100, 120):
        found += [
            Triple(wd(number), RDF_TYPE, NamedNode(CAPX + "Person")),
            Triple(wd(number), NamedNode(CAPX + "offers"), wd(number % 4 + 1)),
            Triple(NamedNode(f"{HERE.data}Q{number}"), NamedNode(SCHEMA + "about"), wd(number)),
        ]
    return found


@dataclass(frozen=True)
class House:
    """What the room of the endpoint needs of the services, and the application with that room alone."""

    app: Flask
    store: EmbeddedStore
    endpoint: Endpoint
    description: Description
    settings: Settings

    def add(self, *triples: Triple) -> None:
        self.store.apply(Delta(self.store.version + 1, added=triples))


@contextmanager
def opened(
    folder: Path, *, triples: Sequence[Triple] | None = None, services: Sequence[str] = (), **given: str
) -> Iterator[House]:
    """A house; ``given`` are settings by name."""
    environ = {f"CAPX_{name.upper()}": value for name, value in given.items()}
    environ |= {"CAPX_DATA": str(folder), "CAPX_SPARQL_SERVICES": ",".join(services) or "none"}
    chosen = settings.load({"CAPX_SPARQL_MEMORY": "512", "CAPX_SPARQL_TIMEOUT": "10", **environ})
    store = EmbeddedStore(folder / "graph")
    store.apply(Delta(1, added=graph() if triples is None else triples))
    try:
        with open_endpoint(store, HERE, chosen) as endpoint:
            app = Flask("sparql")
            description = Description(store, HERE, load_ontology(), title="test", federates=bool(services))
            house = House(app, store, endpoint, description, chosen)
            app.extensions.update(capx=house, capx_program="test")
            app.register_blueprint(sparql.blueprint)
            yield house
    finally:
        store.close()


@contextmanager
def served(house: House, port: int = 0) -> Iterator[str]:
    """The house behind a socket of this machine; its address."""
    with loopback.werkzeug(house.app, port=port) as address:
        yield f"{address}/sparql"
