"""The panels of the analytics counted again by plain loops over the records: another way, to compare with.

Keys are natural: capacities by ``qid``, everything else by code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tests.bench_data.graph import ORGANIZATION_TYPES, BenchGraph

SINCE = "2026-05-02"
ROLES = {"knows": "known", "offers": "available", "wants": "wanted"}

Key = tuple[str, ...]
Counts = dict[Key, tuple[int, ...]]
Record = dict[str, Any]


class PlainAnalytics:
    """Counts of one bench data set; everybody in it is active."""

    def __init__(self, data: BenchGraph) -> None:
        self.data = data
        self.people = data.records["person"]

    def counts(self, panel: str, *, capacity: str = "", territory: str = "", language: str = "") -> Counts:
        count: Callable[[], Counts] = {
            "totals": self._totals,
            "directory_totals": self._directory_totals,
            "growth": self._growth,
            "capacities": self._capacities,
            "gap": lambda: self._gap(capacity, territory, language),
            "bottlenecks": self._bottlenecks,
            "territories": lambda: self._territories(capacity),
            "languages": self._languages,
            "languages_by_territory": self._languages_by_territory,
            "capacities_by_territory": lambda: self._capacities_by_territory(territory),
            "organizations": self._organizations,
            "translation": self._translation,
        }[panel]
        return {key: values for key, values in count().items() if any(values)}

    def _up(self, kind: str, keys: Iterable[str]) -> set[str]:
        return {above for key in keys for above in self.data.above[kind, key]}

    def _within(self, record: Record) -> set[str]:
        return self._up("territory", record["territories"])

    def _parts(self, kind: str, whole: str) -> list[str]:
        parents = {
            "capacity": {r["qid"]: [r["parent"]] if r["parent"] else [] for r in self.data.records["capacity"]},
            "territory": {r["code"]: r["parents"] for r in self.data.records["territory"]},
        }[kind]
        if not whole:
            return [key for key, above in parents.items() if not above]
        return [key for key, above in parents.items() if whole in above] or [whole]

    def _totals(self) -> Counts:
        return {
            ("people",): (len(self.people),),
            ("with_capacities",): (sum(any(p[field] for field in ROLES.values()) for p in self.people),),
            ("with_language",): (sum(bool(_spoken(p)) for p in self.people),),
            ("with_territory",): (sum(bool(p["territories"]) for p in self.people),),
            ("new",): (sum(p["joined"] >= SINCE for p in self.people),),
        }

    def _directory_totals(self) -> Counts:
        records = self.data.records
        managed = [organization["managers"] for organization in records["organization"]]
        return {
            ("capacities",): (len(records["capacity"]),),
            ("territories",): (len(records["territory"]),),
            ("languages",): (len(records["language"]),),
            ("wikimedia_projects",): (len(records["wikimedia_project"]),),
            ("events",): (len(records["event"]),),
            ("projects",): (len(records["project"]),),
            ("organizations",): (sum(map(bool, managed)),),
            ("new_capacities",): (sum(r["created"] >= SINCE for r in records["capacity"]),),
            ("new_organizations",): (sum(any(one["since"] >= SINCE for one in ones) for ones in managed),),
        }

    def _growth(self) -> Counts:
        months = Counter(person["joined"][:7] for person in self.people)
        return {(month,): (count, 0, 0) for month, count in months.items()}

    def _capacities(self) -> Counts:
        return self._roles(lambda person, held: [(key,) for key in self._up("capacity", held)])

    def _bottlenecks(self) -> Counts:
        exact = self._roles(lambda person, held: [(key,) for key in held])
        return {key: (offers, wants) for key, (_, offers, wants) in exact.items() if 0 < offers <= 2}

    def _gap(self, capacity: str, territory: str, language: str) -> Counts:
        capacities, territories = self._parts("capacity", capacity), self._parts("territory", territory)
        people = [person for person in self.people if not language or language in _spoken(person)]
        return {
            (some, there): tuple(
                sum(
                    some in self._up("capacity", person[ROLES[role]]) and there in self._within(person)
                    for person in people
                )
                for role in ("offers", "wants")
            )
            for some in capacities
            for there in territories
        }

    def _territories(self, capacity: str) -> Counts:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
        for person in self.people:
            for there in self._within(person):
                found[there,][0] += 1
                for place, role in ((1, "offers"), (2, "wants")):
                    held = self._up("capacity", person[ROLES[role]])
                    found[there,][place] += capacity in held if capacity else bool(held)
        return {key: tuple(counts) for key, counts in found.items()}

    def _languages(self) -> Counts:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
        for person in self.people:
            for skill in person["languages"]:
                if skill["proficiency"] != "0":
                    found[skill["code"],][0] += 1
                    found[skill["code"],][1] += skill["proficiency"] == "n"
        return {key: tuple(counts) for key, counts in found.items()}

    def _languages_by_territory(self) -> Counts:
        pairs = Counter((there, code) for p in self.people for there in p["territories"] for code in _spoken(p))
        return {key: (count,) for key, count in pairs.items()}

    def _capacities_by_territory(self, territory: str) -> Counts:
        def keys(person: Record, held: list[str]) -> list[Key]:
            return [(there, key) for there in person["territories"] if territory in ("", there) for key in held]

        return self._roles(keys)

    def _organizations(self) -> Counts:
        roots = set(self._parts("territory", ""))
        found: Counter[Key] = Counter()
        for organization in self.data.records["organization"]:
            if organization["managers"]:
                for region in (self._within(organization) & roots) or {""}:
                    found[ORGANIZATION_TYPES[organization["type"]], region] += 1
        return {key: (count,) for key, count in found.items()}

    def _translation(self) -> Counts:
        found: Counter[Key] = Counter()
        for record in self.data.records["capacity"]:
            found.update((code, "capacity") for code in record["labels"])
        for record in self.data.records["language"]:
            found.update((code, "language") for code in {"en", record["code"]})
        for kind in ("territory", "wikimedia_project"):
            found["en", kind] = len(self.data.records[kind])
        return {key: (count,) for key, count in found.items()}

    def _roles(self, keys: Callable[[Record, list[str]], list[Key]]) -> Counts:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
        for person in self.people:
            for place, field in enumerate(ROLES.values()):
                for key in keys(person, person[field]):
                    found[key][place] += 1
        return {key: tuple(counts) for key, counts in found.items()}


def _spoken(person: Record) -> set[str]:
    return {skill["code"] for skill in person["languages"] if skill["proficiency"] != "0"}
