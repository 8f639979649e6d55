"""The example questions: every one answers something on the demonstration data, and takes what a person writes."""

from __future__ import annotations

import re

import pytest

from capx_graph import queries
from capx_graph.errors import InvalidParameter, NotFound, OntologyError
from capx_graph.model import EntityKind
from capx_graph.queries import BoundQuery
from capx_graph.queryhelp import gallery
from capx_graph.queryhelp.gallery import TOPICS, Binding, Example, examples
from capx_graph.store.base import Solutions
from tests.houses.demo_graph import DemoGraph

LOCAL = [example for example in examples() if not example.federated]
FEDERATED = [example for example in examples() if example.federated]
SERVICE = re.compile(r"SERVICE <[^>]+> \{[^}]*\}")


@pytest.fixture(scope="module")
def binding(demo: DemoGraph) -> Binding:
    return Binding(demo.directory, demo.texts, demo.namespaces)


def answer(demo: DemoGraph, query: BoundQuery) -> Solutions:
    return demo.store.select(query)


def test_there_are_at_least_25_questions_on_every_topic() -> None:
    assert len(examples()) >= 25
    assert {example.topic for example in examples()} == set(TOPICS)
    assert len({example.query.title for example in examples()}) == len(examples())


@pytest.mark.parametrize("example", LOCAL, ids=lambda example: example.name)
def test_a_question_is_answered_by_the_demonstration(example: Example, demo: DemoGraph) -> None:
    found = answer(demo, example.query.unchanged())
    assert found.rows
    assert all(any(row[column] is not None for row in found.rows) for column in range(len(found.variables)))


@pytest.mark.parametrize("example", FEDERATED, ids=lambda example: example.name)
def test_a_question_for_two_services_has_its_own_half(example: Example, demo: DemoGraph) -> None:
    """The other service is left out; what it would be asked about is there."""
    assert SERVICE.search(example.query.text)
    own = SERVICE.sub("", example.query.text)
    own = re.sub(r"(?m)^\s*FILTER\(LANG\(\?name\) = \?tag\)\n", "", own)
    assert answer(demo, BoundQuery(example.name, own)).rows


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_a_question_is_written_in_terms_that_every_instance_has(example: Example) -> None:
    assert not re.search(r"\b(wdt?|ps?|pq):[PQ]?\d", example.query.text)
    assert example.query.title.endswith("?")


@pytest.mark.parametrize(
    ("name", "parameter", "written"),
    [
        ("places_capacity", "capacity", "abuse FILTER"),
        ("gaps_territory", "territory", "R-SA"),
        ("gaps_territory", "territory", "Latin America and the Caribbean"),
        ("languages_levels", "language", "EN"),
        ("directory_untranslated", "tag", "eo"),
        ("events_calendar", "since", "2026-05-01"),
        ("events_calendar", "since", "2026-05-01T12:00:00Z"),
    ],
)
def test_a_parameter_is_written_as_people_write(
    name: str, parameter: str, written: str, demo: DemoGraph, binding: Binding
) -> None:
    bound = binding.bind(gallery.example(name).query, {parameter: written}, reader=("en",))
    assert bound.text != gallery.example(name).query.text
    assert answer(demo, bound).rows


def test_a_person_is_found_by_username(demo: DemoGraph, binding: Binding) -> None:
    person = next(hit for hit in demo.texts.search("Demo", kinds=[EntityKind.PERSON], limit=1))
    bound = binding.bind(gallery.example("find_matches").query, {"person": person.text}, reader=("en",))
    assert f"/{person.entity_id}>" in bound.text


def test_what_is_left_empty_keeps_the_default(binding: Binding) -> None:
    query = gallery.example("find_teachers").query
    assert binding.bind(query, {"capacity": "  "}, reader=("en",)).text == query.text


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("find_teachers", {"capacity": "no such thing"}),
        ("find_teachers", {"language": "x" * 1000}),
        ("find_teachers", {"language": "<http://a> } INSERT"}),
        ("events_calendar", {"since": "yesterday"}),
        ("directory_untranslated", {"tag": 'sw" }'}),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, values: dict[str, str], binding: Binding) -> None:
    with pytest.raises(InvalidParameter) as refused:
        binding.bind(gallery.example(name).query, values, reader=("en",))
    assert refused.value.name in values


def test_the_default_of_a_parameter_is_shown_as_people_write_it() -> None:
    assert gallery.example("directory_untranslated").default("tag") == "yo"
    assert gallery.example("gaps_sleeping").default("since") == "2026-03-01"
    assert gallery.example("find_teachers").default("capacity") == ""


def test_an_unknown_example_is_not_found() -> None:
    with pytest.raises(NotFound):
        gallery.example("../search/matches")


def test_a_file_without_a_topic_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "names", lambda: ("examples/whatever_else",))
    gallery.examples.cache_clear()
    with pytest.raises(OntologyError, match="topic"):
        examples()
    monkeypatch.undo()
    gallery.examples.cache_clear()


def test_a_parameter_that_takes_several_values_takes_them_and_another_the_first(
    binding: Binding, demo: DemoGraph
) -> None:
    """As the pages of matches hand over what somebody wants."""
    one, two = (entry.id for entry in demo.directory.current().of_kind(EntityKind.CAPACITY)[:2])
    query = queries.load("match/learn_from")
    bound = binding.bind(query, {"wanted": [one, "", two], "hierarchy": ["0", "1"]}, reader=("en",)).text
    wanted = f"VALUES ?wanted {{ <{demo.namespaces.entity}{one}> <{demo.namespaces.entity}{two}> }}"
    assert bound.count(wanted) == 2
    assert re.search(r"VALUES \?hierarchy \{ \"?0", bound)
    with pytest.raises(InvalidParameter, match="at most 100 values"):
        binding.bind(query, {"wanted": [one] * 101}, reader=("en",))
