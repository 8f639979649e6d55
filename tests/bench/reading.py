"""What is asked over HTTP and how long answers take: search, text, matches, panels, rings; alone and under load.

A question whose address the service does not know is told and left out, so that the bench runs on older versions too.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from tests.bench.client import Reader, sparql_path
from tests.bench.dataset import DataSet
from tests.bench.figures import IDLE, Row, spread

MATCHES = "/person/{name}/matches.json?limit=20"
ANALYTICS = "/analytics.json"
RINGS = "/rings.json"
_WARM_UP = 5
_SMALL = "SELECT ?c { ?c a capx:Capacity } LIMIT 10"


@dataclass(frozen=True, slots=True)
class Question:
    """Some paths that ask the same kind of thing."""

    key: str
    name: str
    paths: Sequence[str]


def questions(data_set: DataSet, reader: Reader, *, requests: int) -> tuple[list[Question], list[str]]:
    """What this service can be asked, and what it cannot."""
    wanted = [
        *(Question(f"search-{n}", f"search, {n} facets", data_set.searches(n, requests)) for n in range(5)),
        Question("text", "search by text", data_set.text_searches(requests)),
        Question("matches", "matches of a person", _matches(data_set, requests)),
        *_panels(reader, data_set, requests // 2),
        Question("rings", f"rings over {len(data_set.attendees)} attendees", [_rings(data_set)]),
    ]
    known, missing = [], []
    for question in wanted:
        status = reader.ask(question.paths[0]).status if question.paths else http.client.NOT_FOUND
        if status == http.client.NOT_FOUND:
            missing.append(f"{question.name}: this service has no such address")
        elif status != http.client.OK:
            missing.append(f"{question.name}: answered {status}")
        else:
            known.append(question)
    return known, missing


def rows(asked: Sequence[Question], reader: Reader, *, state: str = IDLE) -> Iterator[Row]:
    """How long each question takes, one request after the other, warm."""
    for question in asked:
        once = question.key == "rings"
        for path in () if once else question.paths[:_WARM_UP]:
            reader.get(path)
        times = [reader.get(path).seconds for path in question.paths]
        yield spread(question.name, times, key=question.key, state=state)


def load_paths(asked: Sequence[Question]) -> list[str]:
    """What clients ask that load the service: everything but the slow rings, and SPARQL."""
    mixed = [path for question in asked if question.key != "rings" for path in question.paths[:50]]
    return [*mixed, *([sparql_path(_SMALL)] * (len(mixed) // 10))]


def matches_path(name: str) -> str:
    return MATCHES.format(name=quote(name, safe=""))


def _matches(data_set: DataSet, requests: int) -> list[str]:
    users = data_set.bench_users
    return [matches_path(users[number % len(users)]) for number in range(requests)]


def _rings(data_set: DataSet) -> str:
    return f"{RINGS}?{urlencode([('person', name) for name in data_set.attendees])}"


def _panels(reader: Reader, data_set: DataSet, count: int) -> Iterator[Question]:
    """Each panel, half of the times whole and half narrowed to something: what is asked for often may be kept."""
    answer = reader.ask(ANALYTICS)
    if answer.status != http.client.OK:
        yield Question("panel", "panels of analytics", ())
        return
    for name in answer.json()["panels"]:
        narrowed = [f"{panel_path(name)}?{urlencode(asked)}" for asked in data_set.narrowings(count // 2)]
        whole = [panel_path(name)] * (count - len(narrowed))
        yield Question(f"panel-{name}", f"analytics, {name}", [*whole, *narrowed])


def panel_path(name: str) -> str:
    return f"/analytics/{name}.json"
