"""A text of several words that nothing is called: taken for filters, or answered with names that resemble it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from capx_graph.directory import Naming
from capx_graph.errors import Unavailable
from capx_graph.model import SearchPage, SearchRequest
from capx_graph.search.bitmapfinder import BitmapFinder
from capx_graph.services import Services
from capx_graph.textindex import TextHit, TextIndex
from tests.bench_data.search import SearchBench, key
from tests.houses.demo import demonstration
from tests.plain.search import Asked
from webapp import create_app


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The starter directory and some demonstration people."""
    with demonstration(tmp_path_factory.mktemp("understood")) as services:
        yield services


@pytest.fixture(scope="module")
def client(demo: Services) -> FlaskClient:
    return create_app(demo).test_client()


def finders(bench: SearchBench, request: SearchRequest) -> list[SearchPage]:
    return [search.run(request) for search in (bench.by_bitmaps, bench.by_sparql)]


def test_words_of_two_kinds_find_what_the_filters_find_by_a_plain_reading(bench: SearchBench) -> None:
    capacity, person = bench.data.records["capacity"][9], bench.data.records["person"][0]
    place = next(record for record in bench.data.records["territory"] if record["code"] in person["territories"])
    asked = Asked(capacities=(capacity["qid"],), territories=(place["code"],))
    expected = bench.plain.ordered(bench.plain.find(asked), asked, "relevance")
    assert expected
    for text in (f"{capacity['labels']['en']} {place['name']}", f"{place['name']}, {capacity['labels']['ja']}"):
        for page in finders(bench, SearchRequest(text=text)):
            assert page.total == len(expected)
            assert [key(hit.ref) for hit in page.hits] == [(thing.kind, thing.key) for thing in expected[:20]]
            assert page.understood is not None
            assert {facet: [key(ref)[1] for ref in refs] for facet, refs in page.understood.filters.items()} == {
                "capacity": [capacity["qid"]],
                "territory": [place["code"]],
            }


def test_a_text_that_something_is_called_is_looked_for_as_it_stands(bench: SearchBench) -> None:
    for page in finders(bench, SearchRequest(text=bench.data.records["capacity"][9]["labels"]["en"])):
        assert page.total
        assert (page.understood, page.alike) == (None, ())


def understood(
    client: FlaskClient, text: str, language: str = "en", **more: str
) -> tuple[dict[str, list[str]], list[str]]:
    """The filters that a text was taken for, by what each is called in English or its code, and the words left."""
    found = client.get(
        "/search.json", query_string={"q": text, **more}, headers={"Accept-Language": language}
    ).get_json()
    told = found.get("understood", {"filters": {}, "aside": []})
    named = {
        name: [each if isinstance(each, str) else each.get("code") or each["id"] for each in values]
        for name, values in told["filters"].items()
    }
    return named, told["aside"]


@pytest.fixture(scope="module")
def speaking(client: FlaskClient) -> str:
    """The item of public speaking."""
    (found,) = [
        one
        for one in client.get("/suggest.json?q=public+speaking").get_json()["suggestions"]
        if one["label"] == "public speaking"
    ]
    return str(found["id"])


@pytest.mark.parametrize(
    ("text", "language", "more"),
    [
        ("oratória Brasil", "pt-br", {}),
        ("ORATORIA, brasil!", "en", {}),
        ("Brazil public speaking", "ja", {}),
        ("quem ensina oratória Brasil", "pt", {"role": ["offers"]}),
        ("who wants to learn public speaking Brazil", "en", {"role": ["wants"]}),
        ("hablar en público Brasil", "es", {}),
        ("人前で話すこと ブラジル", "ja", {}),
        ("ブラジル人前で話すこと教えて", "ja", {"role": ["offers"]}),
        ("öffentliches Reden Brasilien", "de", {}),
        ("الخطابة البرازيل", "ar", {}),
    ],
)
def test_capacity_and_place_are_understood_in_any_language(
    client: FlaskClient, speaking: str, text: str, language: str, more: dict[str, list[str]]
) -> None:
    assert understood(client, text, language) == ({"capacity": [speaking], "territory": ["BR"], **more}, [])


def test_words_that_name_nothing_are_left_aside_and_told(client: FlaskClient, speaking: str) -> None:
    found, aside = understood(client, "someone nice for public speaking in Brazil please")
    assert (found, aside) == ({"capacity": [speaking], "territory": ["BR"]}, ["someone nice for", "in", "please"])


def test_a_word_in_the_names_of_few_capacities_stands_for_them_where_none_is_named_wholly(client: FlaskClient) -> None:
    found, aside = understood(client, "photography in Ghana")
    labels = [
        ref["label"]
        for ref in client.get("/search.json?q=photography+Ghana").get_json()["understood"]["filters"]["capacity"]
    ]
    assert (sorted(found), aside, labels) == (["capacity", "territory"], ["in"], ["photo contest"])


def test_languages_projects_and_organizations_are_understood(client: FlaskClient, speaking: str) -> None:
    assert understood(client, "public speaking Portuguese")[0] == {"capacity": [speaking], "language": ["pt", "pt-br"]}
    assert understood(client, "Demo Open Shelf public speaking")[0] == {
        "capacity": [speaking],
        "organization": ["DEMO03"],
    }


def test_what_is_asked_already_is_not_asked_otherwise(client: FlaskClient, speaking: str) -> None:
    found, aside = understood(client, "public speaking Portuguese Brazil", territory="GH")
    assert (found, aside) == ({"capacity": [speaking], "language": ["pt", "pt-br"]}, ["Brazil"])


@pytest.mark.parametrize("text", ["zzz", "who teaches", "???", "qq ww xx", "' OR 1=1 --", "x" * 150])
def test_a_text_that_names_nothing_is_not_understood(client: FlaskClient, text: str) -> None:
    found = client.get("/search.json", query_string={"q": text}).get_json()
    assert "understood" not in found
    assert found["total"] == 0


@pytest.mark.parametrize(
    ("text", "meant"), [("quem ensina fotografia", "photo contest"), ("comunicaton", "communication")]
)
def test_names_that_resemble_the_words_are_offered_with_what_they_find(
    client: FlaskClient, text: str, meant: str
) -> None:
    found = client.get("/search.json", query_string={"q": text}, headers={"Accept-Language": "en"}).get_json()
    first = found["alike"][0]
    assert first["label"] == meant
    assert client.get(f"/search.json?capacity={first['id']}&limit=0").get_json()["total"] == first["count"] > 0


def test_names_in_the_readers_languages_are_offered_before_others_that_resemble_the_words_more(
    client: FlaskClient,
) -> None:
    """The Italian name of a press release is a letter nearer to it."""
    first = {
        language: client.get("/search.json?q=comunicaton", headers={"Accept-Language": language}).get_json()["alike"][0]
        for language in ("en", "it")
    }
    assert [first[language]["label"] for language in ("en", "it")] == ["communication", "comunicato stampa"]


@pytest.mark.parametrize(("language", "roles"), [("it", ["knows"]), ("en", [])])
def test_a_short_word_of_asking_counts_in_the_languages_of_the_reader(
    client: FlaskClient, speaking: str, language: str, roles: list[str]
) -> None:
    found, _ = understood(client, "public speaking sa", language)
    assert (found["capacity"], found.get("role", [])) == ([speaking], roles)


def test_a_vain_text_looks_up_the_names_of_capacities_and_of_nothing_else(
    demo: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words of a text are in what 100,000 people write of themselves; each looked up there took 0.1 s."""
    asked: list[str] = []
    search = TextIndex.search

    def counted(texts: TextIndex, text: str, **more: Any) -> list[TextHit]:
        asked.append(text)
        return search(texts, text, **more)

    monkeypatch.setattr(TextIndex, "search", counted)
    text = "comunicaton with everybody " * 6
    page = demo.search.run(SearchRequest(text=text))
    assert (page.total, {ref.ref.label for ref in page.alike} >= {"communication"}) == (0, True)
    assert asked == [text]


def test_without_the_engine_a_vain_text_is_answered_all_the_same(
    demo: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object, **__: object) -> None:
        raise Unavailable("engine silent")

    monkeypatch.setattr(Naming, "refs", silent)
    page = demo.search.run(SearchRequest(text="comunicaton"))
    assert (page.total, page.whole, page.alike[0].ref.label) == (0, False, "communication")
    monkeypatch.setattr(BitmapFinder, "find", Once(BitmapFinder.find, silent))
    page = demo.search.run(SearchRequest(text="oratória Brasil"))
    assert (page.total, page.understood, page.alike) == (0, None, ())


class Once:
    """A function the first time, another afterwards; a descriptor, to stand for a method."""

    def __init__(self, first: Callable[..., Any], then: Callable[..., Any]) -> None:
        self._left = [then, first]

    def __get__(self, instance: object, owner: type) -> Callable[..., Any]:
        function = self._left.pop() if len(self._left) > 1 else self._left[0]
        return partial(function, instance)


def test_the_page_shows_the_filters_each_to_be_taken_away_and_goes_on_with_them(
    client: FlaskClient, speaking: str
) -> None:
    html = client.get("/search", query_string={"q": "we\u202ell, oratória Brasil", "uselang": "en"}).text
    assert "Nothing is called “<bdi>well, oratória Brasil</bdi>”" in html
    assert "Left aside, since nothing is called so: <bdi>well</bdi>" in html
    assert f'href="/search?capacity={speaking}&amp;uselang=en"' in html
    assert 'href="/search?territory=BR&amp;uselang=en"' in html
    assert 'name="q" value=""' in html
    assert f'href="/search.json?capacity={speaking}&amp;territory=BR&amp;uselang=en"' in html


def test_the_next_page_of_an_understood_text_is_that_of_its_filters(client: FlaskClient) -> None:
    found = client.get("/search.json", query_string={"q": "communication Portuguese", "limit": "1"}).get_json()
    assert found["total"] > 1
    assert "q=" not in found["next"]
    again = client.get(found["next"]).get_json()
    assert again["total"] == found["total"]
    assert again["hits"][0]["id"] != found["hits"][0]["id"]
