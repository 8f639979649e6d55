"""Every answer of the search equals a plain reading of the records, whichever finder gave it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from capx_graph.model import EntityKind, Role, SearchRequest
from tests.bench_data.search import PEOPLE, SearchBench, counts, draw, key, request
from tests.plain.search import Asked


@pytest.mark.parametrize("seed", [*range(16), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(16, 60))])
def test_hits_order_and_total_equal_a_plain_reading(bench: SearchBench, seed: int) -> None:
    random_ = random.Random(seed)
    asked = draw(bench.data, random_)
    sort = random_.choice(["relevance", "active", "name"])
    expected = bench.plain.ordered(bench.plain.find(asked), asked, sort)
    offset = random_.choice([0, 0, 7, max(0, len(expected) - 3)])
    wanted = request(asked, sort=sort, offset=offset)
    for search in (bench.by_bitmaps, bench.by_sparql):
        page = search.run(wanted)
        assert page.total == len(expected)
        assert [key(hit.ref) for hit in page.hits] == [
            (thing.kind, thing.key) for thing in expected[offset : offset + 20]
        ]
        assert page.next_offset == (offset + 20 if offset + 20 < len(expected) else None)


@pytest.mark.parametrize("seed", range(12))
def test_the_counts_of_every_facet_equal_a_plain_reading(bench: SearchBench, seed: int) -> None:
    asked = draw(bench.data, random.Random(1000 + seed))
    pages = [search.run(request(asked)) for search in (bench.by_bitmaps, bench.by_sparql)]
    for facet in ("class", "role", "level", "language", "project", "territory", "organization", "capacity"):
        expected = bench.plain.counts(facet, asked)
        for page in pages:
            assert counts(page, facet) == expected, facet


def test_nothing_asked_finds_everything(bench: SearchBench) -> None:
    page = bench.by_bitmaps.run(SearchRequest())
    assert page.total == len(bench.plain.find(Asked()))
    assert counts(page, "class") == bench.plain.counts("class", Asked())


@pytest.mark.parametrize("sort", ["relevance", "active", "name"])
def test_pages_together_are_the_whole_list_and_nothing_twice(bench: SearchBench, sort: str) -> None:
    asked = Asked(languages=("es", "pt"), classes=("person",))
    found: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = bench.by_bitmaps.run(request(asked, sort=sort, offset=offset, limit=37))
        found += [hit.name for hit in page.hits]
        offset = page.next_offset
    expected = bench.plain.ordered(bench.plain.find(asked), asked, sort)
    assert found == [thing.key for thing in expected]


@pytest.mark.parametrize("language", ["en", "pt", "es", "fr", "ar", "ja"])
def test_a_capacity_is_found_by_its_name_in_any_language(bench: SearchBench, language: str) -> None:
    """The same people whatever the language, and none by a capacity whose name merely begins so."""
    capacity = bench.data.records["capacity"][9]
    if language not in capacity["labels"]:
        capacity = bench.data.records["capacity"][1]
    expected = bench.plain.find(Asked(named=(capacity["qid"],), classes=("person",)))
    for search in (bench.by_bitmaps, bench.by_sparql):
        request = SearchRequest(text=capacity["labels"][language], classes=(EntityKind.PERSON,), limit=500)
        page = search.run(request)
        assert {hit.name for hit in page.hits} == {thing.key for thing in expected}


@pytest.mark.parametrize("number", [1, 9])
@pytest.mark.parametrize("within", [True, False])
def test_the_count_beside_a_role_is_what_choosing_it_gives_where_a_text_names_a_capacity(
    bench: SearchBench, number: int, within: bool
) -> None:
    capacity = bench.data.records["capacity"][number]
    more = (f"wikidata:{bench.data.records['capacity'][1]['qid']}",) if within else ()
    asked = SearchRequest(text=capacity["labels"]["en"], capacities=more, limit=0)
    plain = Asked(named=(capacity["qid"],), capacities=tuple(value.removeprefix("wikidata:") for value in more))
    for search in (bench.by_bitmaps, bench.by_sparql):
        given = counts(search.run(asked), "role")
        chosen = {role.value: search.run(replace(asked, roles=(role,))).total for role in Role}
        assert given == {role: total for role, total in chosen.items() if total} == bench.plain.counts("role", plain)


def test_a_person_who_only_offers_a_capacity_is_found_by_it(bench: SearchBench) -> None:
    record = next(record for record in bench.data.records["person"] if record["available"])
    request = SearchRequest(
        capacities=(f"wikidata:{record['available'][0]}",), roles=(Role.OFFERS,), descendants=False, limit=500
    )
    assert record["username"] in {hit.name for hit in bench.by_bitmaps.run(request).hits}


def test_nobody_inactive_is_found(bench: SearchBench) -> None:
    text = (bench.data.folder / "people.jsonl").read_text(encoding="utf-8")
    inactive = text.count('"active":false')
    assert inactive > 0
    assert bench.by_bitmaps.run(SearchRequest(classes=(EntityKind.PERSON,))).total == PEOPLE - inactive
