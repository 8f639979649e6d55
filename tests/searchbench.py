"""The bench data in a graph, searched by SPARQL and by bitmaps, with pages and a plain reading beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchgraph import SPACES, BenchGraph, generate
from plainsearch import Asked, PlainSearch

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.model import EntityKind, Role, SearchPage, SearchRequest
from capx_graph.ontology import load_instance
from capx_graph.profiles import Profiles
from capx_graph.search import Search
from capx_graph.textindex import TextEntry, TextField, TextIndex

PEOPLE = 1000


class SearchBench:
    """The bench data read in every way."""

    def __init__(self, shared: Path, folder: Path, *, people: int = PEOPLE) -> None:
        data = self.data = BenchGraph(generate(shared, people, folder / "data"))
        self.plain = PlainSearch(data)
        store = self.store = data.store()
        self.texts = TextIndex(folder / "text")
        with self.texts.rebuild("bench") as build:
            build.add(entry for kind in data.records for entry in entries(data, kind))
            build.finish(1)
            build.publish()
        ids = load_instance("embedded")
        directory = self.directory = DirectoryCache(store, SPACES)
        naming = Naming(store, SPACES, directory)
        self.by_sparql = Search(store, self.texts, SPACES, directory=directory, naming=naming, instance=ids)
        self.by_bitmaps = Search(store, self.texts, SPACES, directory=directory, naming=naming, instance=ids)
        self.by_bitmaps.load()
        self.profiles = Profiles(
            store,
            SPACES,
            directory=directory,
            naming=naming,
            search=self.by_bitmaps,
            instance=load_instance("embedded"),
        )
        self.keys = {item: key for key, item in data.ids.items()}

    def request(self, asked: Asked, *, sort: str = "relevance", limit: int = 20, offset: int = 0) -> SearchRequest:
        return SearchRequest(
            classes=tuple(EntityKind(word) for word in asked.classes),
            capacities=tuple(f"wikidata:{qid}" for qid in asked.capacities),
            roles=tuple(Role(word) for word in asked.roles),
            languages=asked.languages,
            levels=asked.levels,
            territories=tuple(code.lower() for code in asked.territories),
            organizations=tuple(self.data.ids["organization", code] for code in asked.organizations),
            projects=asked.projects,
            sort=sort,
            limit=limit,
            offset=offset,
            descendants=asked.descendants,
        )

    def counts(self, page: SearchPage, facet: str) -> dict[str, int]:
        values = {value.ref.id: value.count for value in page.facets[facet] if value.count}
        return {self.keys[key][1] if key in self.keys else key: count for key, count in values.items()}


def entries(data: BenchGraph, kind: str) -> Iterator[TextEntry]:
    for record in data.records[kind]:
        key = record.get("username") or record.get("id") or record.get("code") or record["qid"]
        names = record.get("labels") or record.get("names") or {"en": record.get("name") or record.get("display_name")}
        for language, text in names.items():
            yield TextEntry(data.ids[kind, key], EntityKind(kind), TextField.LABEL, language, text)
        if kind == "person":
            yield TextEntry(data.ids[kind, key], EntityKind(kind), TextField.USERNAME, None, key)
