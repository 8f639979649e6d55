"""The data that is measured on: generated records, and questions drawn from them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ATTENDEES = 200
"""People of a conference, for whom teaching rings are looked for."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A directory of the bench format, and what questions can be asked about; ``now`` is the day it was made for."""

    folder: Path
    people: int
    now: str
    capacities: tuple[str, ...]
    parents: Mapping[str, str]
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    territories: tuple[str, ...]
    projects: tuple[str, ...]
    organizations: tuple[str, ...]
    bench_users: tuple[str, ...]
    attendees: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path) -> DataSet:
        capacities = _records(folder / "capacities.jsonl")
        people, attendees = _people(folder / "people.jsonl")
        return cls(
            folder,
            people,
            str(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["asof"]),
            tuple(str(record["qid"]) for record in capacities if record["qid"]),
            {str(record["qid"]): str(record["parent"]) for record in capacities if record["parent"]},
            tuple(str(record["labels"]["en"]) for record in capacities),
            tuple(str(record["code"]) for record in _records(folder / "languages.jsonl")),
            tuple(str(record["code"]) for record in _records(folder / "territories.jsonl")),
            tuple(str(record["code"]) for record in _records(folder / "projects.jsonl")),
            tuple(str(record["code"]) for record in _records(folder / "organizations.jsonl")),
            tuple(str(record["username"]) for record in _records(folder / "bench_users.jsonl")),
            attendees,
        )

    def searches(self, facets: int, count: int) -> list[str]:
        """Paths of searches with so many facets, the same at every run; popular values come as often as rare ones."""
        stream = random.Random(f"bench {facets}")
        return ["/search.json?" + urlencode(self._facets(stream, facets)) for _ in range(count)]

    def text_searches(self, count: int) -> list[str]:
        stream = random.Random("bench text")
        return ["/search.json?" + urlencode({"q": stream.choice(self.labels)}) for _ in range(count)]

    def narrowings(self, count: int) -> list[dict[str, str]]:
        """Parameters of panels: a territory, a language, a capacity; a panel passes over those it does not have."""
        stream = random.Random("bench narrowings")
        return [
            {
                "territory": stream.choice(self.territories),
                "language": stream.choice(self.languages),
                "capacity": f"wikidata:{stream.choice(self.capacities)}",
            }
            for _ in range(count)
        ]

    def roots(self) -> list[str]:
        """Capacities with none above them."""
        return [capacity for capacity in self.capacities if capacity not in self.parents]

    def branches(self) -> list[str]:
        """Capacities below a root that have others below them: what is moved."""
        above = set(self.parents.values())
        return [capacity for capacity, parent in self.parents.items() if capacity in above and parent in self.roots()]

    def _facets(self, stream: random.Random, facets: int) -> Sequence[tuple[str, str]]:
        chosen = [
            ("capacity", f"wikidata:{stream.choice(self.capacities)}"),
            ("language", stream.choice(self.languages)),
            ("territory", stream.choice(self.territories)),
            ("project", stream.choice(self.projects)),
        ][:facets]
        if facets:
            chosen.append(("role", stream.choice(("offers", "wants", "knows"))))
        return chosen


def generated(generator: Path, people: int, *, seed: int, folder: Path) -> DataSet:
    folder.mkdir(parents=True)
    command = [sys.executable, str(generator), "--people", str(people), "--seed", str(seed), "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return DataSet.read(folder)


def _people(path: Path) -> tuple[int, tuple[str, ...]]:
    """How many there are, and the names of some active ones from all over the file."""
    with path.open(encoding="utf-8") as lines:
        count = sum(1 for _ in lines)
    step = max(1, count // (ATTENDEES + ATTENDEES // 10))
    with path.open(encoding="utf-8") as lines:
        chosen = [json.loads(line) for number, line in enumerate(lines) if number % step == 0]
    return count, tuple(str(record["username"]) for record in chosen if record["active"])[:ATTENDEES]


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
