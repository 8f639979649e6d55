"""Saving people and organizations on the pages: a button for members, a list for its owner, nothing for others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from capx_graph.repository.wsgi import COOKIE
from tests.houses.directory import House, house
from webapp.rooms import saving

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        opened.person("Ben", offers=opened.item("36"))
        opened.person("Cleo", offers=opened.item("36"))
        yield opened


def browser(home: House, name: str | None = None) -> FlaskClient:
    client = home.visitor()
    if name:
        home.sign_in(name, client=client)
    return client


def item_of(home: House, name: str) -> str:
    return home.services.matching.asker(name).item


def form(home: House, client: FlaskClient, address: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in home.form(address, "/me/saved", client).items()}


def test_a_member_saves_from_a_page_notes_why_and_forgets(home: House) -> None:
    ana, ben = browser(home, "Ana"), item_of(home, "Ben")
    shown = form(home, ana, "/person/Ben?uselang=en")
    answer = ana.post("/me/saved", data=shown | {"act": "save"})
    assert (answer.status_code, answer.location) == (303, f"/person/Ben#{ben}")
    assert 'value="remove"' in ana.get("/person/Ben").text
    page = ana.get("/me/saved")
    assert "no-store" in page.headers["Cache-Control"]
    assert "Ben" in page.text
    note = f"met at {SCRIPT}\x00 \u202e the hackathon"
    answer = ana.post("/me/saved", data=shown | {"act": "note", "relation": "sharer", "note": note, "return": ""})
    assert answer.location == f"/me/saved#{ben}"
    page = ana.get("/me/saved").text
    assert SCRIPT not in page
    assert "the hackathon" in page
    assert '<option value="sharer" selected>' in page
    held = json.loads(ana.get("/me/export.json").data)["private"]["saved"]["saved"]
    assert held[0]["item"] == ben
    assert "hackathon" in held[0]["note"]
    ana.post("/me/saved", data=shown | {"act": "remove"})
    assert "Ben" not in ana.get("/me/saved").text


def test_hits_carry_the_button_and_a_script_is_answered_as_data(home: House) -> None:
    dan = browser(home, "Dan")
    shown = form(home, dan, "/search?class=person&role=offers")
    answer = dan.post("/me/saved", data=shown | {"act": "save"}, headers={"Accept": "application/json"})
    assert answer.get_json() == {"item": shown["item"], "saved": True}
    assert shown["return"] == "/search?class=person&role=offers"
    assert "save-form is-saved" in dan.get("/search?class=person&role=offers").text


def test_strangers_and_programs_see_no_button_and_no_list(home: House) -> None:
    for address in ("/person/Ben", "/search?class=person", "/person/Ben/matches"):
        assert "save-form" not in browser(home).get(address).text
    assert browser(home).get("/me/saved").status_code == 303
    home.session("Eve")
    account = home.services.accounts.account("Eve")
    assert account is not None
    limited = browser(home)
    limited.set_cookie(COOKIE, home.services.accounts.open_session(account, frozenset({"edit"})))
    assert limited.get("/me/saved").status_code in (303, 403)
    assert "save-form" not in limited.get("/person/Ben").text


def test_a_list_is_seen_by_its_owner_alone_and_nobody_learns_of_being_on_it(home: House) -> None:
    fay, ben = browser(home, "Fay"), item_of(home, "Ben")
    fay.post("/me/saved", data=form(home, fay, "/person/Ben") | {"act": "save"})
    other = browser(home, "Ben")
    for address in ("/me/saved", "/person/Ben", "/me/export.json"):
        assert "Fay" not in other.get(address).text
    assert "Fay" not in other.get("/me/matches").text
    assert "is-saved" not in browser(home, "Gus").get("/person/Ben").text
    assert home.services.accounts.saved.items(f"member:{_number(home, 'Fay')}") == {ben}


def _number(home: House, name: str) -> int:
    account = home.services.accounts.account(name)
    assert account is not None
    return account.user_id


def test_nobody_can_save_themselves(home: House) -> None:
    hal = browser(home, "Hal")
    home.person("Hal", wants=home.item("36"))
    account = home.services.accounts.account("Hal")
    assert account is not None
    member = home.services.accounts.members.of(account)
    home.services.accounts.members.set_item(member, item_of(home, "Hal"))
    shown = form(home, hal, "/person/Ben")
    assert "save-form" not in hal.get("/person/Hal").text
    oneself = hal.post("/me/saved?uselang=de", data=shown | {"act": "save", "item": item_of(home, "Hal")})
    assert oneself.status_code == 400
    assert "Das bist du selbst." in oneself.text
    capacity = hal.post("/me/saved?uselang=en", data=shown | {"act": "save", "item": home.item("36")})
    assert capacity.status_code == 400
    assert "is neither a person nor an organization" in capacity.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"token": ""}, 403),
        ({"token": "x" * 42}, 403),
        ({"act": ""}, 400),
        ({"act": SCRIPT}, 400),
        ({"item": "Q1' OR 1=1"}, 400),
        ({"item": ""}, 400),
        ({"item": "Q99999999"}, 404),
        ({"item": "P1"}, 404),
        ({"item": "capacity"}, 400),
        ({"act": "note", "note": "x" * 501}, 303),
    ],
)
def test_what_cannot_be_meant_is_refused(home: House, changed: dict[str, str], status: int) -> None:
    ivy = browser(home, "Ivy")
    if changed.get("item") == "capacity":
        changed = {"item": home.item("36")}
    shown = form(home, ivy, "/person/Ben") | {"act": "save"}
    assert ivy.post("/me/saved", data=shown | changed).status_code == status
    assert not home.services.accounts.saved.items(f"member:{_number(home, 'Ivy')}")


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b", "javascript:alert(1)"],
)
def test_the_form_leads_nowhere_else(home: House, back: str) -> None:
    jan = browser(home, "Jan")
    shown = form(home, jan, "/person/Ben")
    answer = jan.post("/me/saved", data=shown | {"act": "save", "return": back, "place": f"x\r\nA: b{SCRIPT}"})
    assert answer.location == "/search#xAbscriptalert1script"
    assert "evil" not in str(answer.headers)


def test_a_list_has_an_end(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_SAVED", 1)
    kim = browser(home, "Kim")
    shown = form(home, kim, "/person/Ben")
    kim.post("/me/saved", data=shown | {"act": "save"})
    answer = kim.post("/me/saved", data=shown | {"act": "save", "item": item_of(home, "Cleo")})
    assert answer.status_code == 400
    assert len(home.services.accounts.saved.items(f"member:{_number(home, 'Kim')}")) == 1


def test_matches_say_that_saved_ones_are_left_out(home: House) -> None:
    lou = browser(home, "Lou")
    lou.post("/me/saved", data=form(home, lou, "/person/Ben") | {"act": "save"})
    page = lou.get("/me/matches?uselang=en").text
    assert "1 that you saved is left out" in page
    assert "/me/matches?hierarchy=1&amp;saved=1&amp;uselang=en" in page
    page = lou.get("/me/matches?saved=1&uselang=en").text
    assert "that you saved are shown too" in page
    assert lou.get("/me/matches?saved=2").status_code == 400


def test_what_was_withdrawn_is_said_to_be_gone(home: House) -> None:
    home.person("Mo", offers=home.item("36"))
    nia, mo = browser(home, "Nia"), item_of(home, "Mo")
    nia.post("/me/saved", data=form(home, nia, "/person/Mo") | {"act": "save"})
    home.services.repository.delete([mo], actor="Mo")
    home.services.ingest.catch_up()
    page = nia.get("/me/saved?uselang=en").text
    assert f"{mo} is not public any more" in page
    assert "Mo<" not in page
