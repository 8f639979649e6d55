"""The demonstration population: people, organizations, events and projects that nobody can take for real.

It is made as records of the bench format over the directory that is there, so it goes the way of every import. The
same seed, directory and day give the same records. Everybody is called "Demo" and a plant, and every item is
marked with capx:DemonstrationData, by which one command takes all of them away again.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from capx_graph.importers.benchformat import BenchFile
from capx_graph.importers.records import Line
from capx_graph.instants import stamp
from capx_graph.items.keys import Keys
from capx_graph.model import SYSTEM, EntityKind

OWNER = f"{SYSTEM}Demo"
"""Who owns the demonstration people: no account, so that nobody takes one over by registering a name."""
MARK = "DemonstrationData"
"""The individual of the ontology that marks every demonstration item as such."""

_MATERIAL = Path(__file__).with_name("demonstration.toml")
_PRONOUNS = ("she-her", "he-him", "they-them", "not-specified", "other")
_LEVELS = ("1", "2", "3", "3", "4", "5")
_HOURS = (1, 2, 4, 8, 48)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Place:
    weight: int
    native: tuple[str, ...]
    second: tuple[str, ...]


class Demonstration:
    """A source of records for the batch import, as a directory of files is one.

    ``keys`` are those of the repository, which must hold the directory; ``today`` is the day that dates lie around.
    """

    name = "demonstration"
    owner = OWNER
    mark = MARK

    def __init__(self, keys: Keys, *, today: datetime, people: int = 300, seed: int = 1) -> None:
        material = tomllib.loads(_MATERIAL.read_text(encoding="utf-8"))
        self._material = material
        self._today = today.replace(hour=0, minute=0, second=0, microsecond=0)
        self._seed = seed
        self._people = people
        self._languages = frozenset(keys.of_kind(EntityKind.LANGUAGE))
        self._projects = sorted(keys.of_kind(EntityKind.WIKIMEDIA_PROJECT))
        capacities = keys.of_kind(EntityKind.CAPACITY)
        self._capacities = self._shuffled(_one_key_each(capacities), "capacities")
        promised = capacities.get(material["promised"]["capacity"])
        self._promised = [key for key in self._capacities if capacities[key] == promised]
        self._places = self._known_places(frozenset(keys.of_kind(EntityKind.TERRITORY)))
        self._organizations = tuple(f"DEMO{number:02d}" for number in range(1, len(self._names("organizations")) + 1))

    def lines(self, file: BenchFile) -> Iterator[Line]:
        """The records of one file of the format; empty for what the directory holds."""
        makers = {
            EntityKind.ORGANIZATION: self._organization_records,
            EntityKind.PERSON: self._person_records,
            EntityKind.EVENT: self._event_records,
            EntityKind.PROJECT: self._project_records,
        }
        maker = makers.get(file.kind)
        for number, record in enumerate(maker() if maker else (), start=1):
            yield Line(f"demonstration/{file.name}", number, json.dumps(record, ensure_ascii=False))

    def _person_records(self) -> Iterator[dict[str, object]]:
        for number in range(1, self._people + 1):
            yield self._person(number)

    def _person(self, number: int) -> dict[str, object]:
        stream = self._stream("person", number)
        native = self._native(number)
        plants = self._plants(native)
        known = self._draw(stream, stream.randint(2, 9), self._capacities)
        others = [capacity for capacity in self._capacities if capacity not in known]
        about = self._material["about"]
        text_language = native if native in about else "en"
        joined = stream.randint(20, 1400)
        active = self._today - timedelta(days=stream.randrange(min(joined, 200)), microseconds=stream.randrange(10**11))
        promised = self._promised if number in self._material["promised"]["people"] else []
        return {
            "username": self._username(number),
            "display_name": f"Demo {plants[number % len(plants)]}",
            "pronoun": stream.choice(_PRONOUNS) if stream.random() < 0.6 else "",
            "about": about[text_language],
            "about_language": text_language,
            "territories": [self._territory(number)],
            "languages": [{"code": code, "proficiency": level} for code, level in self._spoken(stream, number)],
            "projects": stream.sample(self._projects, min(len(self._projects), stream.choice((0, 1, 1, 2, 3)))),
            "affiliations": stream.sample(self._organizations, stream.choice((0, 0, 1, 1, 2))),
            "known": _joined(known, promised),
            "available": _joined(
                stream.sample(known, stream.randint(1, len(known))) if stream.random() < 0.85 else [], promised
            ),
            "wanted": self._draw(stream, stream.randint(1, 5), others) if stream.random() < 0.85 else [],
            "joined": stamp(self._today - timedelta(days=joined)),
            "last_update": active.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }

    def _organization_records(self) -> Iterator[dict[str, object]]:
        kinds: Sequence[str] = self._material["organizations"]["kinds"]
        for place, (code, name) in enumerate(zip(self._organizations, self._names("organizations"), strict=True)):
            stream = self._stream("organization", place)
            known = self._draw(stream, stream.randint(3, 10), self._capacities)
            others = [capacity for capacity in self._capacities if capacity not in known]
            managers = sorted(stream.sample(range(1, self._people + 1), min(self._people, stream.choice((0, 1, 2, 2)))))
            yield {
                "code": code,
                "names": {"en": name},
                "type": kinds[place % len(kinds)],
                "territories": [self._territory(place)],
                "known": known,
                "available": stream.sample(known, stream.randint(1, len(known))),
                "wanted": self._draw(stream, stream.randint(1, 5), others),
                "managers": [{"username": self._username(number), "since": self._past(stream)} for number in managers],
                "website": f"https://{code.lower()}.example.org/",
                "updated": self._past(stream),
            }

    def _event_records(self) -> Iterator[dict[str, object]]:
        names = self._names("events")
        for number in range(1, 41):
            stream = self._stream("event", number)
            begin = self._today + timedelta(days=stream.randint(-120, 150), hours=stream.randint(7, 20))
            yield {
                "id": f"DEMOEV{number:02d}",
                "name": f"{names[number % len(names)]} {number}",
                "organization": stream.choice(self._organizations),
                "creator": self._username(stream.randint(1, self._people)),
                "location_type": stream.choice(("virtual", "virtual", "in_person", "hybrid")),
                "url": f"https://events.example.org/demo/{number}",
                "description": f"Made up for demonstration; it will not take place ({number}).",
                "begin": stamp(begin),
                "end": stamp(begin + timedelta(hours=stream.choice(_HOURS))),
                "capacities": self._draw(stream, stream.randint(1, 4), self._capacities),
            }

    def _project_records(self) -> Iterator[dict[str, object]]:
        names = self._names("projects")
        for number in range(1, 13):
            stream = self._stream("project", number)
            members = stream.sample(self._organizations, stream.randint(1, 3))
            yield {
                "id": f"DEMOPR{number:02d}",
                "name": f"{names[number % len(names)]} {number}",
                "description": f"A project made up for demonstration ({number}).",
                "url": f"https://projects.example.org/demo/{number}",
                "creator": self._username(stream.randint(1, self._people)),
                "created": self._past(stream),
                "capacities": self._draw(stream, stream.randint(1, 3), self._capacities),
                "members": [{"code": code, "accepted": stream.random() < 0.8} for code in members],
            }

    # -- what records are drawn from ---------------------------------------------------------------------------

    def _stream(self, *key: object) -> random.Random:
        """A random stream of its own for every record, so that one more record changes no other."""
        return random.Random("|".join(map(str, ("capx demonstration", self._seed, *key))))  # noqa: S311 not for secrets

    def _shuffled(self, items: Sequence[str], name: str) -> list[str]:
        shuffled = sorted(items)
        self._stream(name).shuffle(shuffled)
        return shuffled

    def _draw(self, stream: random.Random, count: int, items: Sequence[T]) -> list[T]:
        """Different items; the first are wanted most, as in real life a few capacities are on everybody's list."""
        weights = list(accumulate(1 / rank**0.7 for rank in range(1, len(items) + 1)))
        drawn: dict[T, None] = {}
        while len(drawn) < min(count, len(items)):
            drawn[stream.choices(items, cum_weights=weights)[0]] = None
        return list(drawn)

    def _known_places(self, territories: frozenset[str]) -> dict[str, _Place]:
        places = {
            code: _Place(place["weight"], self._known(place["native"]), self._known(place["second"]))
            for code, place in self._material["places"].items()
            if code in territories
        }
        return {code: place for code, place in places.items() if place.native}

    def _known(self, codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(code for code in codes if code in self._languages)

    def _territory(self, number: int) -> str:
        codes = list(self._places)
        return self._stream("territory", number).choices(codes, [place.weight for place in self._places.values()])[0]

    def _native(self, number: int) -> str:
        return self._stream("native", number).choice(self._places[self._territory(number)].native)

    def _spoken(self, stream: random.Random, number: int) -> list[tuple[str, str]]:
        native = self._native(number)
        second = self._places[self._territory(number)].second
        levels = [(code, stream.choice(_LEVELS)) for code in second if code != native and stream.random() < 0.7]
        if levels and stream.random() < 0.06:
            levels[-1] = (levels[-1][0], "0")
        return [(native, "n"), *levels]

    def _plants(self, language: str) -> Sequence[str]:
        plants: Mapping[str, Sequence[str]] = self._material["plants"]
        return plants.get(language) or plants.get(language.split("-", maxsplit=1)[0]) or plants["en"]

    def _username(self, number: int) -> str:
        """``Demo Aster 12``; every third name in the script of the person's language."""
        plants = self._plants(self._native(number) if number % 3 == 0 else "en")
        return f"Demo {plants[number % len(plants)]} {number}"

    def _names(self, section: str) -> Sequence[str]:
        names: Sequence[str] = self._material[section]["names"]
        return names

    def _past(self, stream: random.Random) -> str:
        return stamp(self._today - timedelta(days=stream.randint(1, 700)))


def _joined(some: Sequence[str], more: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*some, *more]))


def _one_key_each(ids_by_key: Mapping[str, str]) -> list[str]:
    """One key for every capacity: the same capacity has a Wikidata id and a number of the Capacity Exchange."""
    return list({entity_id: key for key, entity_id in ids_by_key.items()}.values())
