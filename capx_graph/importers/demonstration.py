"""Adds the starter directory with the demonstration population, and takes the population away again.

What was done is remembered in ``demonstration.json`` in the data directory, so that ``make run`` adds it at the
very first start only: neither to data that somebody else put there, nor again after an operator removed it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from capx_graph.datadir import whole
from capx_graph.errors import DataError
from capx_graph.importers.directory import import_directory
from capx_graph.importers.importer import Importer, ProgressBar
from capx_graph.importers.population import MARK, OWNER, Demonstration
from capx_graph.instants import instant
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, values_of
from capx_graph.repository.store import Repository

_FILE = "demonstration.json"
_REJECTS = "demonstration-rejects.jsonl"


class DemoState(StrEnum):
    """What became of the demonstration in a data directory; ADDING is an addition that was broken off."""

    NEVER = "never"
    ADDING = "adding"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class DemoMemory:
    """The state, and the day that the dates of the population lie around."""

    state: DemoState
    today: datetime | None = None


def recall(data: Path) -> DemoMemory:
    """What is remembered in a data directory; raises DataError for a file that is not ours."""
    try:
        kept = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return DemoMemory(DemoState(kept["state"]), instant(kept["today"]))
    except FileNotFoundError:
        return DemoMemory(DemoState.NEVER)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{data / _FILE} cannot be read: {error}; remove it to begin anew") from error


def remember(data: Path, memory: DemoMemory) -> None:
    """Keeps the memory, whole or not at all."""
    assert memory.today is not None, "a demonstration that was ever added has its day"
    whole.put(data / _FILE, json.dumps({"state": memory.state, "today": memory.today.isoformat()}) + "\n")


def add_demonstration(
    repository: Repository,
    importer: Importer,
    vocabulary: Vocabulary,
    *,
    data: Path,
    now: datetime,
    people: int = 300,
    bar: ProgressBar | None = None,
) -> None:
    """Directory and population; what is there already stays as it is. Raises DataError."""
    memory = DemoMemory(DemoState.ADDING, recall(data).today or now)
    remember(data, memory)
    keys = KeyReader(vocabulary).scan(repository.scan("item"))
    import_directory(repository, vocabulary, keys)
    population = importer.run(
        lambda known: Demonstration(known, today=memory.today or now, people=people),
        rejects=data / _REJECTS,
        bar=bar,
    )
    if population.first_reject is not None:
        raise DataError(f"the demonstration does not keep its own rules: {population.first_reject}")
    remember(data, DemoMemory(DemoState.ADDED, memory.today))


def remove_demonstration(repository: Repository, vocabulary: Vocabulary, *, data: Path, now: datetime) -> int:
    """Deletes every item marked as demonstration data, nothing else; answers how many there were."""
    source, mark = vocabulary.property_id("source"), vocabulary.item_id(MARK)
    marked = [
        page.entity_id
        for page in repository.scan("item")
        if page.entity is not None and mark in values_of(page.entity, source)
    ]
    removed = repository.delete(marked, actor=OWNER, reason="the demonstration was removed")
    remember(data, DemoMemory(DemoState.REMOVED, recall(data).today or now))
    return len(removed)
