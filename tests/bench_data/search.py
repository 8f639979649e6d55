"""The bench data in a graph, searched by SPARQL and by bitmaps, with pages and a plain reading beside them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.index import Index
from capx_graph.model import EntityKind, Ref, Role, SearchPage, SearchRequest
from capx_graph.ontology import load_instance
from capx_graph.profiles import Profiles
from capx_graph.search import Search
from capx_graph.textindex import TextEntry, TextField, TextIndex
from tests.bench_data.graph import SPACES, BenchGraph, generate
from tests.plain.search import Asked, PlainSearch

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
        self.index = Index(store, SPACES, directory)
        self.by_sparql, self.by_bitmaps = (
            Search(store, self.texts, SPACES, index=index, directory=directory, naming=naming, instance=ids)
            for index in (Index(store, SPACES, directory), self.index)
        )
        self.index.load()
        self.profiles = Profiles(
            store,
            SPACES,
            directory=directory,
            naming=naming,
            search=self.by_bitmaps,
            instance=load_instance("embedded"),
        )
        self.keys = {item: key for key, item in data.ids.items()}


def request(asked: Asked, *, sort: str = "relevance", limit: int = 20, offset: int = 0) -> SearchRequest:
    """The search as the service takes it."""
    return SearchRequest(
        classes=tuple(EntityKind(word) for word in asked.classes),
        capacities=tuple(f"wikidata:{qid}" for qid in asked.capacities),
        roles=tuple(Role(word) for word in asked.roles),
        languages=asked.languages,
        levels=asked.levels,
        territories=tuple(code.lower() for code in asked.territories),
        organizations=asked.organizations,
        projects=asked.projects,
        sort=sort,
        limit=limit,
        offset=offset,
        descendants=asked.descendants,
    )


def key(ref: Ref) -> tuple[str, str]:
    """Kind and natural key of a thing, as the records have it."""
    natural = ref.wikidata if ref.kind is EntityKind.CAPACITY else ref.code
    return str(ref.kind), natural or ref.id


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    """The counts of a facet by natural key."""
    values = [value for value in page.facets[facet] if value.count]
    return {key(value.ref)[1] if value.ref.kind else value.ref.id: value.count for value in values}


def draw(data: BenchGraph, random_: random.Random) -> Asked:
    """A search that somebody might make; popular values more often, so that most find something."""
    records = data.records

    def some(values: list[str], likely: float, most: int = 3) -> tuple[str, ...]:
        return tuple(random_.sample(values, random_.randint(1, most))) if random_.random() < likely else ()

    person = random_.choice(records["person"])
    held = {key for up in person["known"] for key in data.above["capacity", up]} or {records["capacity"][0]["qid"]}
    spoken = [skill["code"] for skill in person["languages"]] or ["en"]
    lives = {key for code in person["territories"] for key in data.above["territory", code]} or {"R-LAC"}
    return Asked(
        classes=some(["person", "organization", "event", "capacity", "territory", "project"], 0.4),
        capacities=some(sorted(held), 0.6, min(3, len(held))),
        roles=some(["offers", "wants", "knows"], 0.35, 2),
        languages=some(spoken, 0.5, len(spoken)),
        levels=some(["0", "1", "2", "3", "4", "5", "n"], 0.3, 4),
        territories=some(sorted(lives), 0.4, 1),
        organizations=some([record["code"] for record in records["organization"][:40]], 0.1),
        projects=some(["wiki", "commonswiki", "wikidatawiki"], 0.2, 2),
        descendants=random_.random() < 0.7,
    )


def entries(data: BenchGraph, kind: str) -> Iterator[TextEntry]:
    for record in data.records[kind]:
        key = record.get("username") or record.get("id") or record.get("code") or record["qid"]
        names = record.get("labels") or record.get("names") or {"en": record.get("name") or record.get("display_name")}
        for language, text in names.items():
            yield TextEntry(data.ids[kind, key], EntityKind(kind), TextField.LABEL, language, text)
        if kind == "person":
            yield TextEntry(data.ids[kind, key], EntityKind(kind), TextField.USERNAME, None, key)
