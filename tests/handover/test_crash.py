"""kill -9 at random moments of provision, push and pull: the next run finishes, and nothing is there twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from capx_graph.handover.state import Pairing
from capx_graph.ontology import load_ontology, read_instance
from tests.houses.elsewhere import WikiElsewhere, wiki_elsewhere
from tests.houses.handover import BASE, ENVIRONMENT, HERE, alike, opened
from tests.houses.process import killed

pytestmark = pytest.mark.slow

ROUNDS = 8
PEOPLE = 100
ONTOLOGY = load_ontology()


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[WikiElsewhere]:
    with wiki_elsewhere(tmp_path / "wiki", shared=True) as found:
        yield found


def command(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "capx_graph", "--data", str(data), *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, **ENVIRONMENT, "CAPX_PEOPLE": "upstream", "CAPX_BASE": BASE}


def interrupted(arguments: list[str], stream: random.Random, longest: float) -> None:
    """Starts a command again and again and kills it each time a little later."""
    for number in range(ROUNDS):
        process = subprocess.Popen(
            arguments, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        killed(process, after=1.5 + stream.uniform(0, longest) * (number + 1) / ROUNDS)


def finished(arguments: list[str]) -> float:
    begin = perf_counter()
    done = subprocess.run(
        arguments, env=environment(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return perf_counter() - begin


def labels(wiki: WikiElsewhere, kind: str) -> Counter[str]:
    pages = wiki.repository.scan(kind)
    return Counter(
        page.entity["labels"]["en"]["value"] for page in pages if page.entity and "en" in page.entity["labels"]
    )


def test_whenever_a_run_is_killed_the_next_one_finishes_it(wiki: WikiElsewhere, tmp_path: Path) -> None:
    stream = random.Random("handover")
    data, file, other = tmp_path / "here", tmp_path / "elsewhere.ttl", tmp_path / "other"
    finished(command(data, "demo", "add", "--people", str(PEOPLE)))
    where = ["--wikibase", wiki.address, "--instance", str(file), "--yes"]

    provision = command(data, "provision", *where, "--take", "P2", "--take", "P4", "--take", "Q1", "--take", "Q3")
    interrupted(provision, stream, 4.0)
    finished(provision)
    instance = read_instance(file)
    assert instance.is_complete
    properties = labels(wiki, "property")
    assert max(properties.values()) == 1
    assert len(properties) == 6 + sum(term.is_stored for term in ONTOLOGY.properties.values()) - 2

    before = len(wiki.items())
    push = command(data, "push", *where)
    interrupted(push, stream, 20.0)
    finished(push)
    pairing = Pairing(data, f"{wiki.repository.base}/entity/")
    pairs = {pair.here: pair.there for pair in pairing.all()}
    pairing.close()
    assert len(wiki.items()) == before + len(pairs), "an item for each, and none twice"
    said = Counter(
        iri for entity in wiki.items().values() for iri in instance.values("counterpart", entity, lambda _: None)
    )
    assert max(said.values()) == 1

    pull = command(other, "pull", *where)
    interrupted(pull, stream, 8.0)
    finished(pull)
    pairing = Pairing(other, f"{wiki.repository.base}/entity/")
    again = {pair.there: pair.here for pair in pairing.all()}
    pairing.close()
    assert alike(data, other, {ours: again[theirs] for ours, theirs in pairs.items()}) == []
    with opened(other) as repository:
        fresh = [p for p in repository.scan("item") if p.entity and HERE.term_of_item(p.entity_id) is None]
        assert len(fresh) == len(pairs)
