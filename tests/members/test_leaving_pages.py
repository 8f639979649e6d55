"""A member takes everything along and leaves, on the pages; and those who would do it for somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from capx_graph.repository.wsgi import COOKIE
from capx_graph.terms import RdfFormat, parse_rdf
from tests.houses.directory import PASSWORD, House, house
from tests.members.entering import fields, register, sign_in


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


def test_a_member_exports_confirms_by_name_and_is_gone(home: House) -> None:
    item = home.person("Carla Núñez", offers=home.item("36"))
    browser = home.browser("Carla Núñez")
    assert "/me/erase" in browser.get("/me").text
    assert "/me/export" in browser.get("/me").text
    held = browser.get("/me/export.json")
    assert held.headers["Content-Disposition"].startswith("attachment; filename=")
    assert [one["id"] for one in json.loads(held.data)["items"]] == [item]
    turtle = browser.get("/me/export.ttl")
    assert any(item in str(triple.subject) for triple in parse_rdf(turtle.data, RdfFormat.TURTLE))
    form = fields(browser.get("/me/erase"))
    wrong = browser.post("/me/erase", data=form | {"name": "Carla"})
    assert wrong.status_code == 400
    assert "That is not your username." in wrong.text
    done = browser.post("/me/erase", data=form | {"name": " Carla_Núñez "})
    assert (done.status_code, done.location) == (303, "/left")
    assert browser.get("/left").status_code == 200
    assert browser.get("/me").status_code == 303
    stranger = home.visitor()
    assert stranger.get("/person/Carla Núñez").status_code == 404
    assert stranger.get(f"/wiki/Special:EntityData/{item}.json").status_code == 404
    assert "Carla" not in home.found(home.item("36"))
    assert home.services.accounts.account("Carla Núñez") is None


def test_what_is_private_is_told_as_data_and_not_as_text_that_holds_data(home: House) -> None:
    browser = home.browser("Fina")
    wanted = home.item("36")
    form = home.form("/me/edit", "/me/edit", browser) | {"about.displayName": 'Fina [1] "x"', "wants": wanted}
    assert browser.post("/me/edit", data=form | {"save": "1"}).status_code == 303
    proposed = home.form("/propose/project", "/propose/project", browser)
    proposed |= {"names.language": "en", "names.label": '["a"]', "names.description": "", "save": "1"}
    assert browser.post("/propose/project", data=proposed).status_code == 303
    private = json.loads(browser.get("/me/export.json").data)["private"]
    values = {one["field"]: one["value"] for one in private["profile"]["private_value"]}
    assert values["wants"] == [{"name": "wants", "value": wanted}]
    assert values["about"] == [{"name": "displayName", "value": 'Fina [1] "x"'}]
    (one,) = private["managing"]["proposal"]
    assert one["content"]["names"] == [{"name": "label", "value": '["a"]', "language": "en"}]
    triples = list(parse_rdf(browser.get("/me/export.ttl").data, RdfFormat.TURTLE))
    assert any(f'"{wanted}"' in str(triple) for triple in triples)


def test_whoever_comes_back_lifts_their_tombstone_and_begins_anew(home: House) -> None:
    browser = home.browser("Dara")
    browser.post("/me/erase", data=fields(browser.get("/me/erase")) | {"name": "Dara"})
    assert home.services.erasures.tombstones.stands_for("Dara")
    again = home.visitor()
    assert register(again, "Dara").status_code == 303
    assert not home.services.erasures.tombstones.stands_for("Dara")
    assert json.loads(again.get("/me/export.json").data)["edits"] == []
    assert sign_in(home.visitor(), "Dara", PASSWORD).status_code == 303


@pytest.mark.parametrize("address", ["/me/export", "/me/export.json", "/me/export.ttl", "/me/erase"])
def test_a_stranger_gets_nothing_of_anybody(home: House, address: str) -> None:
    answer = home.visitor().get(address)
    assert answer.status_code == 303
    assert answer.location.startswith("/signin")


def test_no_form_of_another_page_site_or_member_erases_anybody(home: House) -> None:
    ana, ben = home.browser("Ana"), home.browser("Ben")
    foreign = fields(ben.get("/me/erase"))
    for form in ({}, {"token": ""}, {"token": "x" * 42}, foreign):
        assert ana.post("/me/erase", data=form | {"name": "Ana"}).status_code == 403
    own = fields(ana.get("/me/erase"))
    for name in ("Ben", "", "ana\x00", "<script>alert(1)</script>", "Ana" * 5000):
        answer = ana.post("/me/erase", data=own | {"name": name})
        assert answer.status_code == 400
        assert "<script>alert" not in answer.text
    assert ana.get("/me/erase?name=Ben").status_code == 200
    assert home.services.accounts.account("Ana") is not None
    assert home.services.accounts.account("Ben") is not None


def test_a_session_with_limited_rights_takes_nothing_along_and_erases_nobody(home: House) -> None:
    home.session("Eva")
    account = home.services.accounts.account("Eva")
    assert account is not None
    tool = home.visitor()
    tool.set_cookie(COOKIE, home.services.accounts.open_session(account, frozenset({"edit"})))
    assert tool.get("/me/export.json").status_code == 403
    form = fields(tool.get("/me/erase"))
    assert tool.post("/me/erase", data=form | {"name": "Eva"}).status_code == 403
    assert home.services.accounts.account("Eva") is not None
