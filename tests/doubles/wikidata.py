"""An endpoint that stands for Wikidata: ten things with a number each."""

from __future__ import annotations

import pyoxigraph

from tests.houses.endpoint import WIKIDATA

POPULATION = "http://www.wikidata.org/prop/direct/P1082"


def elsewhere(query: str) -> tuple[int, str, bytes]:
    """Stands for Wikidata: ten things with a number each."""
    store = pyoxigraph.Store()
    for n in range(1, 11):
        subject = pyoxigraph.NamedNode(f"{WIKIDATA}Q{n}0")
        store.add(pyoxigraph.Quad(subject, pyoxigraph.NamedNode(POPULATION), pyoxigraph.Literal(n)))
    answer = store.query(query)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    data = answer.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
    assert data is not None
    return 200, "application/sparql-results+json", data
