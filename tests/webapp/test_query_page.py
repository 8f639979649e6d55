"""The query page, the gallery, short links and frames, as a browser without scripts and a program see them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from capx_graph.messages import Messages
from capx_graph.pace import Pace
from capx_graph.queryhelp.gallery import examples
from capx_graph.resources import messages_dir
from tests.doubles.querying import query_services
from tests.houses.demo_graph import DemoGraph
from webapp import create_app
from webapp.needs import SERVICES
from webapp.rooms.sharing import LINKS_AN_HOUR
from webapp.sparql.views import VIEW_NAMES, VIEWS, view_of

PEOPLE = "SELECT ?person ?name { ?person a capx:Person ; capx:displayName ?name } ORDER BY ?name LIMIT 3"
WDQS_VIEWS = (
    *("Table", "ImageGrid", "Map", "LineChart", "BarChart", "AreaChart", "ScatterChart", "BubbleChart"),
    *("TreeMap", "Tree", "Timeline", "Dimensions", "Graph", "Polestar", "PieChart"),
)


@pytest.fixture(scope="module")
def client(demo: DemoGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with query_services(demo, tmp_path_factory.mktemp("query")) as services:
        yield create_app(services).test_client()


def test_the_editor_opens_with_a_query_that_runs(client: FlaskClient) -> None:
    answer = client.get("/query")
    assert answer.status_code == 200
    begun = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)[1])  # type: ignore[index]
    assert "result-grid" in client.post("/query", data={"query": begun, "answer": "1"}).text


def test_a_plain_form_is_answered_with_a_table_that_names_things(client: FlaskClient) -> None:
    answer = client.post("/query", data={"query": PEOPLE, "answer": "1"})
    assert answer.text.count('<a href="/person/') == 3
    assert "Demo " in answer.text
    assert PEOPLE in unescape(answer.text)


def test_a_query_without_an_answer_is_told_what_its_ids_mean_here(client: FlaskClient) -> None:
    brought = "SELECT ?x { ?x wdt:P31 wd:Q5 ; p:P31 ?s . ?x wdt:P999999 ?y }"
    html = client.post("/query?uselang=en", data={"query": brought, "answer": "1"}).text
    told = dict(re.findall(r"<li><code>(.*?)</code> (.*?)</li>", html))
    assert list(told) == ["wdt:P31", "wd:Q5", "wdt:P999999"]
    assert "nothing here" in told["wdt:P999999"]
    assert re.search(r"[a-z]{3}", re.sub(r"<[^>]*>|nothing here", "", told["wdt:P31"]))
    assert "nothing here" not in told["wd:Q5"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { ?x a capx:Nothing }",
        "PREFIX wd: <http://www.wikidata.org/entity/> SELECT ?x { ?x a wd:Q5 }",
        "SELECT ?x { ?x a <http://www.wikidata.org/entity/Q5> }",
        PEOPLE,
    ],
)
def test_nothing_is_said_of_ids_where_there_are_none_of_this_wikibase(client: FlaskClient, query: str) -> None:
    html = client.post("/query", data={"query": query, "answer": "1"}).text
    assert not re.search(r"<li><code>(?:wdt?|p[sq]?):", html)


def test_the_page_is_called_as_the_query_calls_itself(client: FlaskClient) -> None:
    query = f"# title: Who <is> here?\n{PEOPLE}"
    assert "<title>Who &lt;is&gt; here? · Ask the graph · " in client.post("/query", data={"query": query}).text
    assert "<title>Ask the graph · " in client.post("/query", data={"query": PEOPLE}).text


def test_an_error_is_shown_with_its_place(client: FlaskClient) -> None:
    answer = client.post("/query", data={"query": "SELECT ?x {\n ?x ?y ?z }\nLIMITT 3", "answer": "1"})
    assert answer.status_code == 400
    assert "line 3" in answer.text


@pytest.mark.parametrize(("query", "shown"), [("ASK { ?x a capx:Person }", "Yes"), ("ASK { ?x a capx:No }", "No")])
def test_a_question_with_yes_or_no_is_answered_in_words(query: str, shown: str, client: FlaskClient) -> None:
    assert f'class="verdict">{shown}<' in client.post("/query", data={"query": query, "answer": "1"}).text


def test_hostile_text_is_shown_and_not_obeyed(client: FlaskClient) -> None:
    hostile = "</textarea><script>alert(1)</script>'\"><img src=x>"
    for answer in (
        client.get("/query", query_string={"query": hostile}),
        client.post("/query", data={"query": hostile, "answer": "1"}),
        client.get("/embed", query_string={"query": hostile}),
    ):
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


def test_only_the_editor_has_an_exception_from_the_policy(client: FlaskClient) -> None:
    policies = [client.get("/query").headers["Content-Security-Policy"] for _ in range(2)]
    assert policies[0] != policies[1]
    nonce = re.search(r"style-src 'self' 'nonce-([\w-]{16,})'", policies[0])
    assert nonce
    assert "unsafe" not in policies[0]
    for address in ("/query/examples", "/query/examples/places_people", "/embed?query=ASK+{}", "/search"):
        assert "nonce" not in client.get(address).headers["Content-Security-Policy"]


def test_pictures_of_another_site_are_allowed_only_where_somebody_asked(client: FlaskClient) -> None:
    """By the button on a page of ours: a link or a form elsewhere would make the choice for its reader."""
    form = {"query": PEOPLE, "pictures": "commons", "run": "1"}
    pressed = client.post("/query", data=form, headers={"Origin": "http://localhost"})
    assert "upload.wikimedia.org" in pressed.headers["Content-Security-Policy"]
    assert '"pictures": true' in unescape(pressed.text)
    for answer in (
        client.get("/query"),
        client.get("/query", query_string=form),
        client.get("/embed", query_string=form),
        client.post("/query", data=form),
        client.post("/query", data=form, headers={"Origin": "https://evil.example"}),
        client.post("/query?pictures=commons", data={"query": PEOPLE}, headers={"Origin": "http://localhost"}),
    ):
        assert "wikimedia.org" not in answer.headers["Content-Security-Policy"]
        assert '"pictures": true' not in unescape(answer.text)


def test_the_button_for_pictures_works_at_every_host_and_port_of_the_site(client: FlaskClient) -> None:
    """Behind a proxy that passes the host on without its port, too."""
    home = urlsplit(client.application.extensions[SERVICES].namespaces.site)
    form = {"query": PEOPLE, "pictures": "commons"}

    def allows(origin: str) -> bool:
        answer = client.post("/query", data=form, headers={"Host": "localhost", "Origin": origin})
        return "wikimedia.org" in answer.headers["Content-Security-Policy"]

    assert home.netloc != "localhost"
    assert allows(f"{home.scheme}://{home.netloc}")
    assert allows("http://localhost")
    for other in ("null", "", "http://[", f"http://{home.netloc}.evil.example", f"http://evil.example/{home.netloc}"):
        assert not allows(other)


def test_an_answer_may_stand_in_a_frame_and_nothing_else_may(client: FlaskClient) -> None:
    framed = client.get("/embed", query_string={"query": PEOPLE})
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert "Set-Cookie" not in framed.headers
    for address in ("/query", "/query/examples", "/q/22222222"):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_short_link_opens_the_query(client: FlaskClient) -> None:
    made = client.post("/q", data={"query": PEOPLE}, headers={"Accept": "application/json"}).get_json()
    assert PEOPLE in unescape(client.get(made["url"]).text)
    assert PEOPLE in unescape(client.get(f"/embed/{made['id']}").text)
    led = client.post("/q", data={"query": PEOPLE}, headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["Location"]) == (303, made["url"])
    assert client.get("/q/nothing1").status_code == 404
    assert client.post("/q", data={"query": ""}).status_code == 400


def test_links_have_a_pace() -> None:
    now = 0.0
    pace = Pace(most=2, seconds=10, clock=lambda: now)
    assert [pace.admits("a"), pace.admits("a"), pace.admits("a"), pace.admits("b")] == [True, True, False, True]
    now = 11.0
    assert pace.admits("a")


def test_one_short_link_too_many_is_refused_in_the_readers_language(client: FlaskClient) -> None:
    client = create_app(client.application.extensions["capx"]).test_client()
    form = {"query": "ASK { ?s a capx:Person }"}
    for _ in range(LINKS_AN_HOUR):
        assert client.post("/q", data=form).status_code == 303
    refused = client.post("/q", data=form, headers={"Accept-Language": "pt-BR", "Accept": "text/html"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert "São mais links curtos" in refused.text
    to_script = client.post("/q", data=form, headers={"Accept": "application/json"})
    assert (to_script.status_code, to_script.get_json()["error"]["code"]) == (429, "allowance-spent")


def test_the_gallery_lists_every_question_and_finds_some(client: FlaskClient) -> None:
    page = client.get("/query/examples").text
    assert all(f"/query/examples/{example.name}" in page for example in examples())
    found = client.get("/query/examples?q=bottle+alone").text
    assert found.count("example-card") == 0
    assert client.get("/query/examples?q=one+person+alone").text.count('class="example-card"') == 1


@pytest.mark.parametrize("name", ["find_teachers", "gaps_territory", "events_calendar", "directory_untranslated"])
def test_an_example_has_a_field_for_each_parameter_and_answers_without_scripts(name: str, client: FlaskClient) -> None:
    example = next(one for one in examples() if one.name == name)
    page = client.get(f"/query/examples/{name}?answer=1")
    assert page.status_code == 200
    assert all(f'name="{parameter.name}"' in page.text for parameter in example.parameters)
    assert "result-grid" in page.text


def test_a_chosen_thing_is_written_into_the_query(client: FlaskClient) -> None:
    found = client.get("/query/things.json?class=territory&q=Latin+Am").get_json()["things"][0]
    assert re.fullmatch(r"Latin America and the Caribbean \(Q\d+\)", found["value"])
    page = client.get("/query/examples/gaps_territory", query_string={"territory": found["value"]}).text
    item = found["value"].rpartition("(")[2].rstrip(")")
    assert f"VALUES ?territory {{ <http://capx.test/entity/{item}> }}" in unescape(page)


def test_a_value_that_is_nothing_is_marked_at_its_field(client: FlaskClient) -> None:
    page = client.get("/query/examples/gaps_territory?territory=Nowhere")
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text


def test_the_rule_that_a_value_breaks_is_told_in_the_readers_language(client: FlaskClient) -> None:
    rule = "es muss ein Tag oder ein Zeitpunkt wie 2026-06-01 oder 2026-06-01T14:00:00Z sein"
    for address in ("/query?open=examples/find_newcomers", "/query/examples/find_newcomers?answer=1"):
        page = client.get(f"{address}&uselang=de&since=gestern")
        assert page.status_code == 400
        assert rule in page.text
    assert "das ist kein Code einer Sprache" in client.get("/query?open=examples/wikidata_names&tag=!&uselang=de").text


def test_every_query_of_the_house_opens_in_the_editor(client: FlaskClient) -> None:
    page = client.get("/query?open=examples/directory_untranslated&tag=eo").text
    assert 'VALUES ?tag { "eo" }' in unescape(page)
    assert client.get("/query?open=../secrets").status_code == 404


def test_completions_and_names_are_in_the_readers_language(client: FlaskClient) -> None:
    found = client.get("/query/complete.json?q=oferece&kind=property&uselang=pt").get_json()["completions"]
    assert found[0]["written"] == "capx:offers"
    named = client.post("/query/names.json?uselang=de", data={"terms": "capx:Level3 wdt:P8 wd:Q1 nonsense"}).get_json()
    assert set(named["names"]) == {"capx:Level3", "wdt:P8", "wd:Q1"}
    assert client.get("/query/meaning.json?term=capx:offers&uselang=ja").get_json()["language"] == "ja"
    assert client.get("/query/meaning.json?term=capx:nothing").status_code == 404
    assert client.get("/query/complete.json?q=x&kind=nonsense").status_code == 400


@pytest.mark.parametrize("name", WDQS_VIEWS)
def test_views_go_by_their_names_on_the_wikidata_query_service(name: str) -> None:
    assert view_of(f'#defaultView:{name}{{"hide": ["?x"]}}\nSELECT ?x {{}}') in VIEWS
    assert VIEW_NAMES[name.lower()] in VIEWS


def test_the_view_chosen_comes_before_that_of_the_query() -> None:
    assert view_of("#defaultView:Map\nASK {}", ["BarChart"]) == "bar"
    assert view_of("# view: tree\nASK {}", [None, "nonsense"]) == "tree"
    assert view_of("ASK {}") == "table"


def test_the_english_texts_of_examples_are_those_of_their_files() -> None:
    messages = Messages.load(messages_dir())
    for example in examples():
        assert messages.raw("en", f"query-example-{example.name}-title") == example.query.title
        assert messages.raw("en", f"query-example-{example.name}-about") == example.query.description


def test_the_settings_of_the_scripts_are_complete(client: FlaskClient) -> None:
    page = client.get("/query?uselang=ar").text
    settings = json.loads(unescape(re.search(r"data-settings='([^']*)'", page)[1]))  # type: ignore[index]
    assert settings["direction"] == "rtl"
    assert not [text for text in settings["texts"].values() if "⧼" in text]
    assert set(settings["views"].values()) == set(VIEWS)
    for address in settings["files"].values():
        assert client.get(address).status_code == 200


def test_what_scripts_say_was_handed_to_them(client: FlaskClient) -> None:
    page = client.get("/query").text
    texts = json.loads(unescape(re.search(r"data-settings='([^']*)'", page)[1]))["texts"]  # type: ignore[index]
    folder = messages_dir().parent / "static" / "query"
    said = {
        key for path in folder.glob("*.js") for key in re.findall(r"\bsay\(\s*'([a-z-]+)'", path.read_text("utf-8"))
    }
    assert said | {"yes", "no"} == set(texts)
