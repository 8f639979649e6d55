"""The data that is measured on: generated records, and questions drawn from them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class DataSet:
    """A directory of the bench format, and what questions can be asked about."""

    folder: Path
    people: int
    capacities: tuple[str, ...]
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    territories: tuple[str, ...]
    projects: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path) -> DataSet:
        capacities = _records(folder / "capacities.jsonl")
        with (folder / "people.jsonl").open(encoding="utf-8") as lines:
            people = sum(1 for _ in lines)
        return cls(
            folder,
            people,
            tuple(str(record["qid"]) for record in capacities if record["qid"]),
            tuple(str(record["labels"]["en"]) for record in capacities),
            tuple(str(record["code"]) for record in _records(folder / "languages.jsonl")),
            tuple(str(record["code"]) for record in _records(folder / "territories.jsonl")),
            tuple(str(record["code"]) for record in _records(folder / "projects.jsonl")),
        )

    def searches(self, facets: int, count: int) -> list[str]:
        """Paths of searches with so many facets, the same at every run; popular values come as often as rare ones."""
        stream = random.Random(f"bench {facets}")
        return ["/search.json?" + urlencode(self._facets(stream, facets)) for _ in range(count)]

    def text_searches(self, count: int) -> list[str]:
        stream = random.Random("bench text")
        return ["/search.json?" + urlencode({"q": stream.choice(self.labels)}) for _ in range(count)]

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


def _records(path: Path) -> list[dict[str, dict[str, str]]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
