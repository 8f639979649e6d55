"""The bench data matched by SPARQL and by the index, and a plain reading of the records beside them.

``PlainMatches`` is written from the published formula and the JSON Lines alone: dictionaries and sets, nothing shared
with the matchers. Everything is by natural key.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.directory.reading import Items
from capx_graph.index import Index
from capx_graph.matching import Asker, Matches, Matching
from capx_graph.model import EntityKind, Ref
from capx_graph.ontology import load_instance
from capx_graph.store.embedded import EmbeddedStore
from tests.bench_data.graph import SPACES, BenchGraph, generate

ASOF = datetime(2026, 6, 1, tzinfo=UTC)
LEVELS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "n": 6}


def matching(store: EmbeddedStore, *, load: bool) -> tuple[Matching, Index]:
    """The service over a graph, answered by the index or, while that is not loaded, by SPARQL."""
    directory = DirectoryCache(store, SPACES)
    index = Index(store, SPACES, directory)
    if load:
        index.load()
    naming = Naming(store, SPACES, directory)
    ids = load_instance("embedded")
    made = Matching(store, SPACES, index=index, directory=directory, naming=naming, instance=ids, clock=lambda: ASOF)
    return made, index


class MatchBench:
    """The bench data matched in every way."""

    def __init__(self, folder: Path) -> None:
        self.data = BenchGraph(folder)
        self.store = self.data.store()
        self.by_index, self.index = matching(self.store, load=True)
        self.by_sparql, _ = matching(self.store, load=False)
        self.items = Items(SPACES)
        self.plain = PlainMatches(self.data)
        lines = (folder / "bench_users.jsonl").read_text(encoding="utf-8").splitlines()
        self.users = [json.loads(line)["username"] for line in lines]

    @classmethod
    def generated(cls, shared: Path, folder: Path, *, people: int, seed: int = 1) -> MatchBench:
        return cls(generate(shared, people, folder, seed=seed))

    def asker(self, username: str, *, hierarchy: bool = True, saved: bool = False) -> Asker:
        """As the graph has the person; with ``saved`` the people and organizations in their lists are left out."""
        asker = replace(self.by_index.asker(username), hierarchy=hierarchy)
        return replace(asker, left_out=self.saved(username)) if saved else asker

    def saved(self, username: str) -> frozenset[str]:
        record = self.plain.people[username]
        people = {self.data.ids.get(("person", one["username"]), "") for one in record["saved_users"]}
        organizations = {self.data.ids["organization", one["code"]] for one in record["saved_orgs"]}
        return frozenset(people | organizations) - {""}


def key(ref: Ref) -> str:
    """The natural key of a thing, as the records have it."""
    return (ref.wikidata if ref.kind is EntityKind.CAPACITY else ref.code) or ref.id


def seen(matches: Matches) -> dict[str, list[tuple[str, int, int]]]:
    """Of each ranked list: key, count and points in order."""
    return {name: [(key(hit.ref), hit.count, hit.points) for hit in hits] for name, hits in matches.lists.items()}


@dataclass(eq=False)
class PlainMatches:
    """All records, and who matches whom by the published formula."""

    data: BenchGraph
    people: dict[str, dict[str, Any]] = field(init=False)
    organizations: dict[str, dict[str, Any]] = field(init=False)
    parents: dict[str, str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.people = {record["username"]: record for record in self.data.records["person"]}
        self.organizations = {record["code"]: record for record in self.data.records["organization"]}
        self.parents = {record["qid"]: record["parent"] for record in self.data.records["capacity"]}
        self.everybody = [*self.people.values(), *self.organizations.values()]

    def line(self, capacity: str | None) -> list[str]:
        """A capacity and all above it, the nearest first."""
        return [capacity, *self.line(self.parents[capacity])] if capacity else []

    def steps(self, offered: str, wanted: str, *, hierarchy: bool) -> int | None:
        """How many levels a wanted capacity lies above an offered one, None where the offer does not serve it."""
        line = self.line(offered) if hierarchy else [offered]
        return line.index(wanted) if wanted in line else None

    def lists(self, username: str, *, hierarchy: bool, left_out: set[str]) -> dict[str, list[tuple[str, int, int]]]:
        """Of each ranked list: key, count and points in order."""
        me = self.people[username]
        others = [record for name, record in self.people.items() if name != username and name not in left_out]
        managed = [record for code, record in self.organizations.items() if code not in left_out and record["managers"]]
        found: dict[str, list[tuple[Any, ...]]] = {}
        for name, candidates in (("people", others), ("organizations", managed)):
            for record in candidates:
                key_ = record.get("username") or record["code"]
                learn = self.fits(me["wanted"], record["available"], hierarchy=hierarchy)
                share = self.fits(record["wanted"], me["available"], hierarchy=hierarchy, mine_wanted=False)
                learned = sum(self.worth(one, "available", steps, hierarchy) for one, steps in learn.items())
                shared = sum(self.worth(one, "wanted", steps, hierarchy) for one, steps in share.items())
                factor, spoken = self.factor(me, record)
                language = 70 * max([min(pair) for pair in spoken.values()], default=0)
                exact = [{one for one, steps in side.items() if not steps} for side in (learn, share)]
                suffix = "" if name == "people" else "_organizations"
                tie = self.tie(record)
                if learn:
                    found.setdefault(f"learn_from{suffix}", []).append(
                        (key_, len(exact[0]), learned * (factor + language), tie)
                    )
                if share:
                    found.setdefault(f"share_with{suffix}", []).append(
                        (key_, len(exact[1]), shared * (factor + language), tie)
                    )
                if learn and share and name == "people":
                    both = (learned + shared) * (factor + language)
                    found.setdefault("swaps", []).append((key_, len(exact[0] | exact[1]), both, tie))
                if spoken and name == "people":
                    points = sum(self.rare(code) * min(pair) for code, pair in spoken.items()) * factor
                    found.setdefault("same_language", []).append((key_, len(spoken), points, tie))
        return {
            name: [row[:3] for row in sorted(rows, key=lambda row: (-row[2], row[3]))] for name, rows in found.items()
        }

    def fits(
        self, wanted: list[str], offered: list[str], *, hierarchy: bool, mine_wanted: bool = True
    ) -> dict[str, int]:
        """Of the asker's capacities those that match, each with the steps to the nearest of the other side."""
        best: dict[str, int] = {}
        for wish in wanted:
            for offer in offered:
                steps = self.steps(offer, wish, hierarchy=hierarchy)
                if steps is not None:
                    mine = wish if mine_wanted else offer
                    best[mine] = min(best.get(mine, steps), steps)
        return best

    @cache  # noqa: B019 as long as the records
    def worth(self, capacity: str, side: str, steps: int, hierarchy: bool) -> int:
        offering = sum(
            any(self.steps(offer, capacity, hierarchy=hierarchy) is not None for offer in record["available"])
            for record in self.everybody
        )
        seeking = sum(
            any(self.steps(capacity, wish, hierarchy=hierarchy) is not None for wish in record["wanted"])
            for record in self.everybody
        )
        holders = offering if side == "available" else seeking
        population = self.population()
        rarity = math.log(1 + population / max(1, holders)) / math.log(1 + population)
        points = round(1000 * rarity / math.log(math.e + seeking / max(1, offering)))
        return max(1, max(1, points) // (1 + steps))

    @cache  # noqa: B019
    def population(self) -> int:
        return sum(any(record[side] for side in ("known", "available", "wanted")) for record in self.everybody)

    @cache  # noqa: B019
    def rare(self, language: str) -> int:
        speakers = sum(
            any(skill["code"] == language and skill["proficiency"] != "0" for skill in record["languages"])
            for record in self.people.values()
        )
        return max(1, round(1000 * math.log(1 + self.population() / speakers) / math.log(1 + self.population())))

    def factor(self, me: dict[str, Any], other: dict[str, Any]) -> tuple[int, dict[str, tuple[int, int]]]:
        """Thousandths without language, and the common languages with both levels."""
        factor = 1000
        regions = [
            {up for code in record["territories"] for up in self.data.above["territory", code]}
            for record in (me, other)
        ]
        if set(me["territories"]) & set(other["territories"]):
            factor += 150
        elif regions[0] & regions[1]:
            factor += 75
        factor += 100 if set(me["projects"]) & set(other.get("projects", ())) else 0
        theirs = set(other.get("affiliations", ())) or {other.get("code")}
        factor += 100 if set(me["affiliations"]) & theirs else 0
        spoken = [
            {
                skill["code"]: LEVELS[skill["proficiency"]]
                for skill in record.get("languages", ())
                if skill["proficiency"] != "0"
            }
            for record in (me, other)
        ]
        return factor, {code: (spoken[0][code], spoken[1][code]) for code in spoken[0].keys() & spoken[1].keys()}

    def tie(self, record: dict[str, Any]) -> tuple[Any, ...]:
        active = datetime.fromisoformat(record.get("last_update") or record["updated"]).timestamp()
        name = record.get("username") or record["names"]["en"]
        kind = "person" if "username" in record else "organization"
        return -active, name.casefold(), self.data.ids[kind, record.get("username") or record["code"]]

    def events(self, username: str, *, hierarchy: bool) -> list[tuple[str, str]]:
        """Coming events as (id, begin), the next first."""
        me = self.people[username]
        mine = {*me["known"], *me["wanted"]}
        found = []
        for record in self.data.records["event"]:
            about = {up for held in record["capacities"] for up in (self.line(held) if hierarchy else [held])}
            if about & mine and datetime.fromisoformat(record["begin"]) >= ASOF:
                found.append((record["begin"], int(self.data.ids["event", record["id"]][1:]), record["id"]))
        return [(event, begin) for begin, _, event in sorted(found)]

    def to_consider(self, username: str) -> list[tuple[str, int]]:
        """Capacities with the number of people like the asker who want them, best first."""
        me = self.people[username]
        held = {*me["known"], *me["available"], *me["wanted"]}
        known = {up for one in held for up in self.line(one)}
        parents = {self.parents[one] for one in held} - {None}
        peers = [
            record
            for name, record in self.people.items()
            if name != username
            and len(held & {*record["known"], *record["available"], *record["wanted"]}) >= min(2, len(held))
        ]
        counts = Counter(one for record in peers for one in record["wanted"] if one not in known)
        close = {one: 2 if self.parents[one] in held | parents else 1 for one in counts}
        order = sorted(
            counts, key=lambda one: (-counts[one] * close[one], -counts[one], int(self.data.ids["capacity", one][1:]))
        )
        return [(one, counts[one]) for one in order]
