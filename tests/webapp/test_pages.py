"""The pages over fixed services: what each address answers, in which language, with which headers."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

from capx_graph import languages, settings
from capx_graph.errors import CapxError, InvalidParameter, Unavailable
from capx_graph.model import Role
from tests import CHECKOUT
from tests.doubles.addresses import PAGES, PERSON
from tests.doubles.services import FakeServices
from webapp import create_app
from webapp.response.edition import sources


def text_of(html: str) -> str:
    """What a reader reads: tags gone, white space folded."""
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_drawn_in_the_readers_language(client: FlaskClient, page: str, language: str) -> None:
    answer = client.get(page, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in answer.text
    assert "⧼" not in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_script_or_style_of_its_own_or_asks_another_host(client: FlaskClient, page: str) -> None:
    # Data about the page is no script, whatever its element is called.
    html = client.get(page).text.replace('<script type="application/ld+json">', "")
    html = re.sub(r'<link rel="canonical"[^>]*>', "", html)  # says an address, and asks it for nothing
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
    loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*\bsrc="([^"]*)"|<link[^>]*\bhref="([^"]*)"', html)
    assert loaded
    assert all(address.startswith("/") for pair in loaded for address in pair if address)


@pytest.mark.parametrize("page", [*PAGES, "/capacity/Q1", "/search?limit=x", "/static/app.css", "/search.json"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, page: str) -> None:
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_reasons_are_sentences_with_links(client: FlaskClient) -> None:
    read = text_of(client.get("/search?capacity=Q201").text)
    assert "offers video editing, part of your media" in read
    assert "speaks Portuguese (native)" in read
    assert "based in Brazil, part of your Latin America" in read
    portuguese = client.get("/search?capacity=Q201", headers={"Accept-Language": "pt-BR"}).text
    portuguese = text_of(re.sub(r'<sup class="fallback".*?</sup>', "", portuguese))
    assert "oferece video editing, parte de media, que você procura" in portuguese


def test_the_search_gets_what_the_address_says(client: FlaskClient, services: FakeServices) -> None:
    client.get("/search?capacity=Q201&role=offers&role=wants&language=pt&uselang=ja&offset=20")
    (asked,) = services.search.asked
    assert (asked.capacities, asked.roles, asked.languages) == (("Q201",), (Role.OFFERS, Role.WANTS), ("pt",))
    assert asked.offset == 20
    assert asked.reader[0] == "ja"
    assert asked.reader[-1] == "en"


def test_the_json_has_the_documented_form(client: FlaskClient) -> None:
    for answer in (
        client.get("/search.json?capacity=Q201"),
        client.get("/search?capacity=Q201", headers={"Accept": "application/json"}),
        client.get("/?capacity=Q201", headers={"Accept": "application/json"}),
    ):
        data = answer.get_json()
        assert data.keys() == {"total", "hits", "facets", "next"}
        assert data["next"] == "/search.json?capacity=Q201&offset=20"
        hit = data["hits"][0]
        assert (hit["id"], hit["class"], hit["name"], hit["label"]) == ("Q700", "person", "Ana (demo)/café", "Ana")
        assert hit["reasons"][:2] == ["offers video editing, part of your media", "speaks Portuguese (native)"]
        assert len(hit["reasons"]) == len(hit["matches"])
        assert hit["matches"][0] == {
            "kind": "capacity",
            "role": "offers",
            "capacity": {"id": "Q202", "wikidata": None, "label": "video editing"},
            "asked": {"id": "Q201", "wikidata": None, "label": "media"},
        }
        assert data["facets"]["language"] == [{"id": "Q300", "code": "pt", "label": "Portuguese", "count": 9}]
        assert data["facets"]["role"][0] == {"id": "offers", "code": "offers", "label": "Offers", "count": 12}


def test_suggestions_carry_where_they_lead(client: FlaskClient) -> None:
    data = client.get("/suggest.json?q=vi&class=capacity").get_json()
    (suggestion,) = data["suggestions"]
    assert suggestion["url"] == "/search?capacity=Q202"
    assert suggestion["kind"] == "Capacity"
    assert data["summary"] == "1 suggestion"
    assert client.get("/suggest.json?q=").get_json()["suggestions"] == []


def test_filters_that_hold_are_ticked_and_can_be_removed(client: FlaskClient) -> None:
    html = client.get("/search?capacity=Q201&q=x").text
    assert re.search(r'name="capacity" value="Q201" checked', html)
    assert 'href="/search?q=x" aria-label="Remove filter: media"' in html


def test_a_bad_value_is_answered_with_what_to_mend(client: FlaskClient, services: FakeServices) -> None:
    page = client.get("/search?limit=x")
    assert page.status_code == 400
    assert "must be a whole number from 0 to 100" in page.text
    services.search.failure = InvalidParameter("capacity", "Q9<b>", "there is no such capacity")
    data = client.get("/search.json?capacity=Q9<b>")
    assert data.status_code == 400
    assert data.get_json()["error"]["parameter"] == "capacity"
    assert data.get_json()["error"]["rule"] == "there is no such capacity"


def test_what_is_not_there_is_a_page_that_says_so(client: FlaskClient) -> None:
    for address in ("/capacity/Q1", "/person/Nobody", "/nowhere", "/ontology/nope"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is no such page" in answer.text
    assert client.delete("/search").status_code == 405


def test_an_unforeseen_error_shows_no_traceback(client: FlaskClient, services: FakeServices) -> None:
    services.search.failure = RuntimeError("secret detail")
    answer = client.get("/search?q=x")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_is_told_to_the_operator_alone(
    client: FlaskClient, services: FakeServices, caplog: pytest.LogCaptureFixture
) -> None:
    services.search.failure = CapxError("the optimisation failed: secret detail")
    answer = client.get("/search?q=x")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


def test_a_busy_service_says_when_to_try_again(client: FlaskClient, services: FakeServices) -> None:
    services.search.failure = Unavailable("rebuilding")
    answer = client.get("/search.json?q=x")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("page", ["/", "/directory", "/capacity/Q202", "/search.json"])
def test_a_page_is_sent_again_only_when_the_graph_the_reader_or_the_address_changed(
    client: FlaskClient, services: FakeServices, page: str
) -> None:
    first = client.get(page)
    tag = first.headers["ETag"]
    asked_before = len(services.search.asked)
    again = client.get(page, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert len(services.search.asked) == asked_before
    assert again.headers["Vary"] == first.headers["Vary"]
    assert client.get(page, headers={"If-None-Match": tag, "Accept-Language": "ja"}).status_code == 200
    services.store.version += 1
    assert client.get(page, headers={"If-None-Match": tag}).status_code == 200


def test_a_page_is_sent_again_after_a_change_of_settings(services: FakeServices) -> None:
    def tag(**given: str) -> str:
        services.settings = settings.load({"CAPX_DATA": "data", **given})
        return create_app(services).test_client().get("/directory").headers["ETag"]

    before = tag()
    assert tag() == before
    assert tag(CAPX_CONTACT="https://example.org/talk") != before
    hosts = tag(CAPX_HOSTS="a.example,b.example")
    assert hosts == tag(CAPX_HOSTS="b.example,a.example")
    assert hosts != before


def test_the_program_is_all_that_answers_are_made_of() -> None:
    """What is not looked at would be answered from browsers after an update."""
    read = {path.relative_to(CHECKOUT).parts[0] for path, _ in sources()}
    assert {"webapp", "capx_graph", "ontology", "queries", "shapes"} <= read


def test_answers_vary_with_what_they_depend_on(client: FlaskClient) -> None:
    vary = {part.strip() for part in client.get("/").headers["Vary"].split(",")}
    assert {"Accept", "Accept-Encoding", "Accept-Language", "Cookie"} <= vary


def test_texts_are_compressed_for_clients_that_take_it(client: FlaskClient) -> None:
    plain = client.get("/static/app.css")
    packed = client.get("/static/app.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_the_language_of_the_address_wins_and_stays_in_every_link(client: FlaskClient) -> None:
    html = client.get("/search?uselang=de&q=x", headers={"Accept-Language": "fr"}).text
    assert '<html lang="de"' in html
    assert 'href="/directory?uselang=de"' in html
    assert '<input type="hidden" name="uselang" value="de">' in html


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("pt-BR", "pt-BR"), ("PT_br", "pt-BR"), ("zh-Hans-CN", "zh-Hans-CN"), ("zh-hant", "zh-Hant"),
        ("sr-el", "sr-Latn"), ("sr-Latn", "sr-Latn"), ("nb", "nb"), ("en-gb", "en-GB"), ("de-formal", "de-x-formal"),
        ("iw", "he"), ("in", "id"), ("es-MX", "es"), ("QQX", "qqx"), ("", "fr"), ("xx", "fr"), ("user", "fr"),
        ("a" * 5000, "fr"), ("%00", "fr"), ("en|de", "fr"), ("<script>", "fr"), ("../../etc", "fr"),
    ],
)  # fmt: skip
def test_a_language_is_understood_as_mediawiki_does_and_nonsense_means_nothing(
    client: FlaskClient, asked: str, shown: str
) -> None:
    answer = client.get("/", query_string={"uselang": asked}, headers={"Accept-Language": "fr"})
    assert answer.status_code == 200
    assert f'<html lang="{shown}" dir="{"rtl" if shown == "he" else "ltr"}"' in answer.text


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de-AT"), ("xx,pt-PT;q=0.8,fr;q=0.9", "fr"), ("zh-TW;q=0.3, ja;q=0.31", "ja"),
        ("fr;q=0, de", "de"), ("gl-ES, en;q=0.1", "gl"), ("*", "en"), (";;;q=,", "en"), ("sr-Latn-RS, uk;q=0.5", "uk"),
    ],
)  # fmt: skip
def test_a_browser_gets_the_first_of_its_languages_that_has_messages(
    client: FlaskClient, accepted: str, shown: str
) -> None:
    assert f'<html lang="{shown}"' in client.get("/", headers={"Accept-Language": accepted}).text


def test_keys_are_never_a_kept_choice(client: FlaskClient) -> None:
    client.set_cookie("capx_language", "qqx")
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "fr"}).text


def test_a_browser_that_names_languages_without_end_is_read_up_to_a_few_and_nothing_of_it_is_kept(
    client: FlaskClient,
) -> None:
    before = languages.fallback.cache_info().currsize
    nonsense = ",".join(f"x{number}-{'-' * 200}" for number in range(100))
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": f"{nonsense},fr"}).text
    assert languages.fallback.cache_info().currsize <= before + 1


def test_keys_are_shown_to_translators_instead_of_messages(client: FlaskClient) -> None:
    page = client.get("/search?q=x&uselang=qqx").text
    assert "(results-total: 42)" in page
    assert "(search-button)" in page
    assert 'href="/directory?uselang=qqx"' in page


def test_a_language_without_messages_falls_back_along_its_chain(client: FlaskClient) -> None:
    arabic = client.get("/?uselang=arz").text
    assert '<html lang="arz" dir="rtl"' in arabic
    assert "البحث" in arabic


def test_choices_are_kept_in_cookies_without_javascript(client: FlaskClient) -> None:
    kept = client.post("/preferences", data={"language": "fr", "return": "/directory"})
    assert (kept.status_code, kept.headers["Location"]) == (303, "/directory")
    assert "SameSite=Lax" in kept.headers["Set-Cookie"]
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "de"}).text
    client.post("/preferences", data={"appearance": "dark", "return": "/"})
    html = client.get("/").text
    assert 'data-appearance="dark"' in html
    assert "theme-wikimedia-ui-mode-dark.css" in html
    assert client.post("/preferences", data={"appearance": "neon"}).status_code == 400
    assert client.post("/preferences", data={"language": "../x"}).status_code == 400


def test_a_choice_leads_back_to_this_site_only(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"language": "fr", "return": "//evil.example/"})
    assert answer.headers["Location"] == "/search"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
    ],
)
def test_a_term_of_the_ontology_comes_in_the_form_that_is_asked_for(
    client: FlaskClient, accept: str, media: str
) -> None:
    for address in ("/ontology/offers", "/ontology/"):
        answer = client.get(address, headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.mimetype == media
    assert client.get("/ontology/offers?format=ttl").mimetype == "text/turtle"
    assert client.get("/ontology/offers?format=exe").status_code == 400
    assert "@context" in client.get("/ontology/context.jsonld").get_json()


@pytest.mark.parametrize("address", ["/w/api.php", "/entity/Q1", "/wiki/Special:EntityData/Q1.json"])
def test_the_addresses_of_the_wikibase_are_answered_by_it(client: FlaskClient, address: str) -> None:
    assert client.get(address).text == f"wiki {address}"


def test_demonstration_data_is_marked_in_a_banner_and_on_each_record(
    client: FlaskClient, services: FakeServices
) -> None:
    assert "demonstration-banner" in client.get("/").text
    assert "source-chip" in client.get(PERSON).text
    services.demonstration = False
    assert "demonstration-banner" not in client.get("/", headers={"If-None-Match": "x"}).text


def test_the_help_names_every_parameter(client: FlaskClient) -> None:
    html = client.get("/help/search").text
    for name in ("q", "class", "capacity", "role", "language", "level", "territory", "descendants", "uselang"):
        assert f"<code>{name}</code>" in html


def test_a_head_request_is_answered_like_a_get_without_its_body(client: FlaskClient) -> None:
    answer = client.head("/")
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_root_has_the_same_shape_in_every_language(client: FlaskClient, services: FakeServices) -> None:
    first = client.get("/palette.css").text
    services.profiles.nodes = tuple(reversed(services.profiles.nodes))
    services.store.version += 1
    assert client.get("/palette.css", headers={"Accept-Language": "ja"}).text == first
    assert first.index("root-be0078") < first.index("root-27ae60")
