"""What the endpoint and its data are, in the words made for it: SPARQL 1.1 Service Description and VoID.

Numbers are counted on the graph, once for each state of it. An IRI for the default graph is not given: it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from capx_graph import queries
from capx_graph.namespaces import (
    CAPX,
    CC0,
    DCTERMS,
    FOAF,
    RDFS,
    SKOS,
    VOCABULARY_PREFIXES,
    VOID,
    WIKIBASE,
    WIKIDATA,
    WikibaseNamespaces,
)
from capx_graph.ontology import Ontology
from capx_graph.store.base import GraphReader, StoreState
from capx_graph.terms import (
    RDF_TYPE,
    BlankNode,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    integer,
    iri,
    literal,
    write_rdf,
)

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS_NS = "http://www.w3.org/ns/formats/"
RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)

_WIKIDATA_SET = "http://www.wikidata.org/"


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one state of the graph: entities, things by class, links to Wikidata by property."""

    entities: int
    classes: Mapping[str, int]
    links: Mapping[str, int]


class Description:
    """Describes one graph at one address."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        ontology: Ontology,
        *,
        title: str,
        federates: bool,
        dumps: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """``dumps`` gives the paths, below the base, of the files with the newest published RDF."""
        self._graph = graph
        self._namespaces = namespaces
        self._ontology = ontology
        self._title = title
        self._federates = federates
        self._dumps = dumps
        self._lock = Lock()
        self._counted: tuple[StoreState, Counts] | None = None

    def service(self, form: RdfFormat) -> bytes:
        """The description of the endpoint, that of its data included."""
        return self._written([*self._service(), *self._void()], form)

    def void(self, form: RdfFormat) -> bytes:
        """The description of the data."""
        return self._written(list(self._void()), form)

    @property
    def endpoint(self) -> str:
        """The address that queries are sent to."""
        return f"{self._namespaces.site}/sparql"

    @property
    def dataset(self) -> str:
        """The IRI of the data as a whole."""
        return f"{self._namespaces.site}/.well-known/void#data"

    def _service(self) -> Iterator[Triple]:
        service, dataset, graph = iri(f"{self.endpoint}#service"), iri(self.dataset), BlankNode("default")
        yield Triple(service, RDF_TYPE, iri(SD + "Service"))
        yield Triple(service, iri(SD + "endpoint"), iri(self.endpoint))
        yield Triple(service, iri(SD + "supportedLanguage"), iri(SD + "SPARQL11Query"))
        if self._federates:
            yield Triple(service, iri(SD + "feature"), iri(SD + "BasicFederatedQuery"))
        yield Triple(service, iri(SD + "languageExtension"), iri(WIKIBASE + "label"))
        for name in RESULT_FORMATS:
            yield Triple(service, iri(SD + "resultFormat"), iri(FORMATS_NS + name))
        yield Triple(service, iri(SD + "defaultDataset"), dataset)
        yield Triple(dataset, RDF_TYPE, iri(SD + "Dataset"))
        yield Triple(dataset, iri(SD + "defaultGraph"), graph)
        yield Triple(graph, RDF_TYPE, iri(SD + "Graph"))
        yield Triple(graph, iri(VOID + "triples"), integer(self._graph.state.triples))

    def _void(self) -> Iterator[Triple]:
        counts = self._counts()
        dataset = iri(self.dataset)
        yield Triple(dataset, RDF_TYPE, iri(VOID + "Dataset"))
        yield Triple(dataset, iri(DCTERMS + "title"), literal(self._title))
        yield Triple(dataset, iri(FOAF + "homepage"), iri(f"{self._namespaces.site}/"))
        yield Triple(dataset, iri(VOID + "sparqlEndpoint"), iri(self.endpoint))
        for path in self._dumps():
            yield Triple(dataset, iri(VOID + "dataDump"), iri(f"{self._namespaces.site}{path}"))
        yield Triple(dataset, iri(DCTERMS + "license"), iri(CC0))
        yield Triple(dataset, iri(VOID + "uriSpace"), literal(self._namespaces.entity))
        yield Triple(dataset, iri(VOID + "triples"), integer(self._graph.state.triples))
        yield Triple(dataset, iri(VOID + "entities"), integer(counts.entities))
        for name in (CAPX, SKOS, RDFS, WIKIBASE, VOCABULARY_PREFIXES["schema"]):
            yield Triple(dataset, iri(VOID + "vocabulary"), iri(name))
        for name, number in counts.classes.items():
            part = BlankNode("class" + name.removeprefix(CAPX))
            yield Triple(dataset, iri(VOID + "classPartition"), part)
            yield Triple(part, iri(VOID + "class"), iri(name))
            yield Triple(part, iri(VOID + "entities"), integer(number))
        yield from self._linksets(dataset, counts)

    def _linksets(self, dataset: NamedNode, counts: Counts) -> Iterator[Triple]:
        for name, number in counts.links.items():
            links = BlankNode("links" + name.rpartition("#")[2])
            yield Triple(dataset, iri(VOID + "subset"), links)
            yield Triple(links, RDF_TYPE, iri(VOID + "Linkset"))
            yield Triple(links, iri(VOID + "linkPredicate"), iri(name))
            yield Triple(links, iri(VOID + "subjectsTarget"), dataset)
            yield Triple(links, iri(VOID + "objectsTarget"), iri(_WIKIDATA_SET))
            yield Triple(links, iri(VOID + "triples"), integer(number))

    def _counts(self) -> Counts:
        with self._lock:
            state = self._graph.state
            if self._counted is None or self._counted[0] != state:
                self._counted = state, self._count()
            return self._counted[1]

    def _count(self) -> Counts:
        classes = [iri(term.iri) for term in self._ontology.classes.values()]
        by_class = self._graph.select(queries.load("description/classes").bind(**{"class": classes}))
        links = self._graph.select(queries.load("description/links").bind(home=literal(WIKIDATA)))
        entities = self._graph.select(queries.load("description/entities").unchanged())
        return Counts(
            entities=sum(_number(row[0]) for row in entities),
            classes={_value(name): _number(count) for name, count in by_class},
            links={_value(name): _number(count) for name, count in links},
        )

    def _written(self, triples: list[Triple], form: RdfFormat) -> bytes:
        names = ("capx", "rdf", "rdfs", "skos", "schema", "foaf", "dct", "void", "xsd", "wikibase", "owl")
        prefixes = {name: VOCABULARY_PREFIXES[name] for name in names} | {"sd": SD, "formats": FORMATS_NS}
        return write_rdf(triples, form, prefixes=prefixes if form in {RdfFormat.TURTLE, RdfFormat.RDF_XML} else None)


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _number(term: object) -> int:
    return int(_value(term))
