"""A process that edits, catches up and rebuilds without end, to be killed at any moment by test_ingest_crash."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from capx_graph.ingest import Ingest
from capx_graph.model import Draft
from capx_graph.repository.store import Repository
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.textindex import TextIndex
from tests.houses.graph import INSTANCE, SETTINGS, item

CAPACITIES = [f"Q{n}" for n in range(201, 221)]
PEOPLE = [f"Q{n}" for n in range(301, 361)]


def main(folder: Path, seed: int) -> None:
    """Work in ``folder`` until killed; tells on standard output when it has begun, and of each edit that was kept."""
    choose = random.Random(seed)
    repository = Repository.open(folder / "data", settings=SETTINGS)
    store, texts = EmbeddedStore(folder / "graph"), TextIndex(folder / "text")
    ingest = Ingest(repository, store, texts, instance=INSTANCE)
    print("begun", flush=True)
    ingest.catch_up()
    repository.bulk([Draft(item(id_, "Capacity")) for id_ in CAPACITIES], actor="Test")
    for number in range(sys.maxsize):
        if choose.random() < 0.1:
            ingest.rebuild()
        elif choose.random() < 0.2:
            drafts = [item(choose.choice(CAPACITIES), "Capacity", broader=[choose.choice(CAPACITIES)])]
            repository.bulk([Draft(draft) for draft in drafts], actor="Test")
        else:
            name = f"person {seed} {number}"
            entity = item(choose.choice(PEOPLE), "Person", offers=choose.sample(CAPACITIES, 3), username=[name])
            repository.bulk([Draft(entity)], actor="Test")
            print(f"{entity['id']} {name}", flush=True)
        ingest.catch_up()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
