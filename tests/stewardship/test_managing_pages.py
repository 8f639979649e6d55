"""Records that have managers, in the browser: every address asks who may, what is typed comes back when it is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from capx_graph.connected import load_embedded
from tests.houses.directory import House, house

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("managing")) as opened:
        yield opened


def saved(home: House, client: FlaskClient, item: str, **changes: object) -> int:
    """Sends the form of a record with some fields changed; answers the status."""
    address = f"/manage/{item}"
    text = client.get(address).text
    form: dict[str, object] = {**home.form(address, client=client), "save": "1"}
    for field in ("names.language", "names.label", "names.description"):
        form[field] = []
    label = next(iter(home.labels(item).items()))
    form |= {"names.language": [label[0]], "names.label": [label[1]], "names.description": [""]}
    assert text
    return client.post(
        address, data=form | {key.replace("__", "."): value for key, value in changes.items()}
    ).status_code


def test_a_visitor_is_asked_to_sign_in(home: House) -> None:
    item = home.organization("Visited Group")
    for address in ("/propose/organization", f"/manage/{item}", f"/manage/{item}/people", "/proposals"):
        answer = home.visitor().get(address)
        assert answer.status_code == 303
        assert "/signin" in answer.location
    for address in (f"/manage/{item}", f"/manage/{item}/people", f"/manage/{item}/ask", "/propose/organization"):
        assert home.visitor().post(address, data={}).status_code in (303, 403)


def test_a_guess_by_somebody_else_is_refused_at_every_address(home: House) -> None:
    item = home.organization("Guarded Group", manager="Ana")
    other, owner = home.browser("Bo"), home.browser("Ana")
    token = home.form("/propose/organization", client=other)["token"]
    assert home.form(f"/manage/{item}", client=owner)["token"] != token
    assert other.get(f"/manage/{item}").status_code == 403
    assert other.get(f"/manage/{item}/people").status_code == 403
    form = {"token": token, "save": "1", "newsTag": "stolen", "newsTag.seen": ""}
    assert other.post(f"/manage/{item}", data=form).status_code == 403
    for act in ("confirm", "invite", "belongs", "belongs-not", "invite-to-belong"):
        data = {"token": token, "do": act, "member": str(home.number("Bo")), "name": "Bo"}
        assert other.post(f"/manage/{item}/people", data=data).status_code == 403
    data = {"token": token, "do": "remove", "member": str(home.number("Ana")), "sure": "1"}
    assert other.post(f"/manage/{item}/people", data=data).status_code == 403
    for what in ("manage", "belong"):
        data = {"token": token, "accept": "1", "what": what}
        assert other.post(f"/manage/{item}/answer", data=data).status_code == 404
    managers = home.services.accounts.managers.of_item(item)
    assert [(one.member_id, one.confirmed) for one in managers] == [(home.number("Ana"), True)]
    assert "stolen" not in json.dumps(home.services.repository.page(item).entity)  # type: ignore[union-attr]


@pytest.mark.parametrize("item", ["Q1", "Q999999", "P1", "nonsense", "Q0", "Q" + "9" * 30])
def test_what_is_no_record_is_not_there(home: House, item: str) -> None:
    client = home.browser("Olga", "sysop")
    token = home.form("/propose/organization", client=client)["token"]
    assert client.get(f"/manage/{item}").status_code == 404
    assert client.get(f"/manage/{item}/people").status_code == 404
    assert client.post(f"/manage/{item}", data={"token": token}).status_code == 404


def test_a_persons_item_is_no_record_that_an_operator_edits(home: House) -> None:
    item = home.person("Somebody Private")
    assert home.browser("Olga", "sysop").get(f"/manage/{item}").status_code == 404


def test_a_form_of_another_site_changes_nothing(home: House) -> None:
    item = home.organization("Forged Group", manager="Ana")
    client = home.browser("Ana")
    for address, data in (
        (f"/manage/{item}", {"save": "1", "newsTag": "forged"}),
        (f"/manage/{item}/people", {"do": "remove", "member": str(home.number("Ana")), "sure": "1"}),
        (f"/manage/{item}/ask", {}),
        ("/propose/organization", {"save": "1", "names.label": "Forged", "names.language": "en"}),
        ("/proposals/1", {"do": "accept"}),
    ):
        assert client.post(address, data=data | {"token": "wrong"}).status_code == 403
    assert home.services.accounts.managers.manages(home.number("Ana"), item)


def test_a_program_with_a_bot_password_does_not_manage(home: House) -> None:
    item = home.organization("Tool Group", manager="Ana")
    account = home.services.accounts.account("Ana")
    assert account is not None
    client = home.visitor()
    client.set_cookie("capxwiki_session", home.services.accounts.open_session(account, frozenset({"edit"})))
    assert client.get(f"/manage/{item}").status_code == 403


def test_a_proposal_travels_from_its_form_to_its_manager(home: House) -> None:
    ana, operator = home.browser("Ana"), home.browser("Olga", "sysop")
    token = home.form("/propose/organization", client=ana)["token"]
    form = {
        "token": token, "save": "1", "names.language": ["pt", ""], "names.label": ["Wikimedistas do Vale", ""],
        "names.description": ["Um grupo", ""], "website": ["https://example.org/vale"], "reason": "Fundei o grupo",
    }  # fmt: skip
    answer = ana.post("/propose/organization", data=form)
    assert (answer.status_code, answer.location) == (303, "/me?proposed=1")
    assert home.client.get("/search.json?q=Wikimedistas+do+Vale").get_json()["total"] == 0
    assert "Wikimedistas do Vale" not in home.browser("Bo").get("/proposals").text
    assert "Wikimedistas do Vale" in ana.get("/me").text
    page = operator.get("/proposals").text
    assert "Wikimedistas do Vale" in page
    assert "Fundei o grupo" in page
    waiting = home.services.accounts.proposals.waiting()[-1].number
    assert home.browser("Bo").post(
        f"/proposals/{waiting}",
        data={
            "token": home.form("/propose/organization", client=home.browser("Bo"))["token"],
            "do": "accept",
        },
    ).status_code in (403, 404)
    data = {"token": home.form("/proposals", client=operator)["token"], "do": "accept"}
    assert operator.post(f"/proposals/{waiting}", data=data).status_code == 303
    assert operator.post(f"/proposals/{waiting}", data=data).status_code == 409
    (hit,) = home.client.get("/search.json?q=Wikimedistas+do+Vale").get_json()["hits"]
    assert ana.get(f"/manage/{hit['id']}").status_code == 200
    hidden = home.form("/me", f"/proposals/{waiting}", ana)
    assert ana.post(f"/proposals/{waiting}", data=hidden | {"do": "hide"}).status_code == 303
    assert f'action="/proposals/{waiting}"' not in ana.get("/me").text
    for number, act in ((waiting + 1, "accept"), (10**30, "accept"), (waiting + 1, "hide"), (waiting, "withdraw")):
        nothing = operator.post(f"/proposals/{number}?uselang=en", data=data | {"do": act})
        assert nothing.status_code == 404
        assert f"There is no proposal <bdi>{number}</bdi> here" in nothing.text


def test_what_is_there_already_stops_a_proposal_once(home: House) -> None:
    home.organization("Twice Proposed")
    client = home.browser("Ana")
    token = home.form("/propose/organization", client=client)["token"]
    form = {
        "token": token,
        "save": "1",
        "names.language": "en",
        "names.label": "Twice proposed",
        "names.description": "",
    }
    answer = client.post("/propose/organization", data=form)
    assert answer.status_code == 409
    assert 'name="anyway"' in answer.text
    assert client.post("/propose/organization", data=form | {"anyway": "1"}).status_code == 303
    taken = {"wikidata": "https://www.wikidata.org/wiki/Q77777777"}
    home.organization("Known Elsewhere", wikidataId="Q77777777")
    answer = client.post("/propose/organization", data=form | taken | {"anyway": "1"})
    assert answer.status_code == 409
    assert "Known Elsewhere" in answer.text


def test_only_what_changed_is_written_and_both_versions_of_a_conflict_are_shown(home: House) -> None:
    item = home.organization("Changing Group", manager="Ana", newsTag="before")
    client = home.browser("Ana")
    address = f"/manage/{item}"
    stale = home.form(address, client=client)
    assert saved(home, client, item, newsTag="during", website=["https://example.org/"]) == 303
    form = stale | {
        "save": "1", "newsTag": "after", "names.language": "en", "names.label": "Changing Group",
        "names.description": "", "website": "https://example.org/",
    }  # fmt: skip
    answer = client.post(address, data=form)
    assert answer.status_code == 409
    assert "during" in answer.text
    assert 'value="after"' in answer.text
    again = form | dict(re.findall(r'name="([\w]+\.seen)" value="([^"]*)"', answer.text))
    assert client.post(address, data=again).status_code == 303
    assert "after" in json.dumps(home.services.repository.page(item).entity)  # type: ignore[union-attr]


def test_things_are_added_and_taken_away_by_buttons(home: House) -> None:
    item = home.organization("Button Group", manager="Ana")
    client, capacity = home.browser("Ana"), home.item("36")
    address = f"/manage/{item}"
    form = home.form(address, client=client) | {
        "names.language": "en",
        "names.label": "Button Group",
        "names.description": "",
    }
    label = home.labels(capacity)["en"]
    page = client.post(address, data=form | {"offers.find": label, "find": "offers"}).text
    assert f'value="offers:{capacity}"' in page
    page = client.post(address, data=form | {"add": f"offers:{capacity}"}).text
    assert f'name="offers" value="{capacity}"' in page
    answer = client.post(address, data=form | {"offers": capacity, "save": "1"})
    assert answer.status_code == 303, re.findall(r"cdx-message__content.*", answer.text)
    assert home.client.get(f"/search.json?class=organization&capacity={capacity}&role=offers").get_json()["total"] == 1
    form = home.form(address, client=client) | {
        "names.language": "en",
        "names.label": "Button Group",
        "names.description": "",
    }
    data = form | {"offers": capacity, "offers.gone": capacity, "save": "1"}
    assert client.post(address, data=data).status_code == 303
    assert home.client.get(f"/search.json?class=organization&capacity={capacity}&role=offers").get_json()["total"] == 0


def test_a_wrong_value_comes_back_at_its_field(home: House) -> None:
    item = home.organization("Wrong Group", manager="Ana")
    client = home.browser("Ana")
    for change in (
        {"website": "javascript:alert(1)"}, {"names__label": "", "names__language": ""}, {"offers": "Q1"},
        {"names__language": "zz-none"}, {"documents": "x"}, {"account": "y" * 90},
    ):  # fmt: skip
        assert saved(home, client, item, **change) == 400


def test_hostile_text_is_text_on_every_page(home: House) -> None:
    item = home.organization("Hostile Group", manager="Ana")
    client, operator = home.browser("Ana"), home.browser("Olga", "sysop")
    assert saved(home, client, item, names__label=f"Hostile {HOSTILE}", newsTag=HOSTILE) == 303
    token = home.form("/propose/organization", client=client)["token"]
    form = {
        "token": token, "save": "1", "names.language": "en", "names.label": f"New {HOSTILE}",
        "names.description": HOSTILE, "reason": HOSTILE,
    }  # fmt: skip
    assert client.post("/propose/organization", data=form).status_code == 303
    for browser, address in (
        (client, f"/manage/{item}"), (client, f"/manage/{item}/people"), (client, "/me"), (operator, "/proposals"),
        (client, f"/organization/{item}"),
    ):  # fmt: skip
        page = browser.get(address)
        assert page.status_code == 200
        assert HOSTILE not in page.text
    data = {"token": token, "do": "invite", "name": HOSTILE}
    answer = client.post(f"/manage/{item}/people", data=data)
    assert answer.status_code == 404
    assert HOSTILE not in answer.text


def test_managers_invite_and_the_last_one_is_warned(home: House) -> None:
    item = home.organization("Inviting Managers", manager="Ana")
    ana, bo = home.browser("Ana"), home.browser("Bo")
    address = f"/manage/{item}/people"
    token = home.form(address, client=ana)["token"]
    me = str(home.number("Ana"))
    assert ana.post(address, data={"token": token, "do": "remove", "member": me}).status_code == 409
    assert ana.post(address, data={"token": token, "do": "invite", "name": "bo"}).status_code == 303
    assert bo.get(f"/manage/{item}").status_code == 403
    assert "Inviting Managers" in bo.get("/me").text
    data = {
        "token": home.form("/propose/organization", client=bo)["token"],
        "what": "manage",
        "accept": "1",
    }
    assert bo.post(f"/manage/{item}/answer", data=data).status_code == 303
    assert bo.get(f"/manage/{item}").status_code == 200
    assert ana.post(address, data={"token": token, "do": "remove", "member": me}).status_code == 303
    assert ana.get(address).status_code == 403


def test_what_managers_are_is_on_no_public_page(home: House) -> None:
    item = home.organization("Discreet Group", manager="Zenobia Discreet")
    for address in (f"/organization/{item}", f"/entity/{item}.json", f"/wiki/Item:{item}", f"/manage/{item}"):
        assert "Zenobia" not in home.visitor().get(address).text
    assert "Zenobia" not in home.browser("Bo").get(f"/organization/{item}").text


def test_the_api_does_not_let_others_edit_what_has_managers(home: House) -> None:
    item, free = home.organization("Api Group", manager="Ana"), home.organization("Free Group")

    def edits(name: str, target: str, *groups: str, **data: str) -> str:
        client = home.browser(name, *groups)
        token = client.get("/w/api.php?action=query&meta=tokens&format=json").get_json()["query"]["tokens"]["csrftoken"]
        call = {"action": "wbsetlabel", "id": target, "language": "fr", "value": name, "token": token, "format": "json"}
        answer = client.post("/w/api.php", data=call | data).get_json()
        return str(answer.get("error", {}).get("code", "saved"))

    assert edits("Bo", item) == "permissiondenied"
    assert edits("Ana", item) == "saved"
    assert edits("Olga", item, "sysop") == "saved"
    assert edits("Robot", item, "bot") == "saved"
    assert edits("Bo", free) == "saved"
    merge = {"action": "wbmergeitems", "fromid": item, "toid": free, "ignoreconflicts": "description"}
    assert edits("Bo", item, **merge) != "saved"
    clear = {"action": "wbeditentity", "id": item, "clear": "1", "data": "{}"}
    assert edits("Bo", item, **clear) == "permissiondenied"
    property_id = load_embedded().property_id("username")
    claim = {"action": "wbcreateclaim", "entity": free, "property": property_id, "snaktype": "value", "value": '"Bo"'}
    assert edits("Bo", free, **claim) == "permissiondenied"
    assert edits("Olga", free, "sysop", **claim) == "saved"
    assert home.labels(item)["fr"] == "Robot"
    rest = home.browser("Bo").put(
        f"/w/rest.php/wikibase/v1/entities/items/{item}/labels/de",
        json={"label": "stolen"},
        headers={
            "X-CSRF-Token": home.browser("Bo")
            .get("/w/api.php?action=query&meta=tokens&format=json")
            .get_json()["query"]["tokens"]["csrftoken"]
        },
    )
    assert rest.status_code == 403


def test_somebody_asks_to_manage_what_is_there(home: House) -> None:
    item = home.organization("Asked Group")
    client = home.browser("Ana")
    page = client.get(f"/organization/{item}").text
    assert f"/manage/{item}/ask" in page
    token = home.form(f"/organization/{item}", f"/manage/{item}/ask", client)["token"]
    assert client.post(f"/manage/{item}/ask", data={"token": token}).location == "/me?proposed=1"
    operator = home.browser("Olga", "sysop")
    assert "Asked Group" in operator.get("/proposals").text
    data = {
        "token": home.form(f"/manage/{item}/people", client=operator)["token"],
        "do": "confirm",
        "member": str(home.number("Ana")),
    }
    assert operator.post(f"/manage/{item}/people", data=data).status_code == 303
    assert client.get(f"/manage/{item}").status_code == 200


def test_nobody_registers_the_name_that_an_organization_gives_as_its_account(home: House) -> None:
    home.organization("Named Group", username="Named Group Account")
    client = home.visitor()
    form = home.form("/register", client=client) | {"password": "correct horse", "again": "correct horse"}
    assert client.post("/register", data=form | {"name": "named Group_Account"}).status_code == 409


def test_the_api_publishes_no_affiliation_that_the_organization_has_not_confirmed(home: House) -> None:
    group, person = home.organization("Reluctant Group"), home.person("Pia")
    client, found = home.browser("Pia"), home.services.accounts.members.by_id(home.number("Pia"))
    assert found is not None
    home.services.accounts.members.set_item(found, person)
    token = client.get("/w/api.php?action=query&meta=tokens&format=json").get_json()["query"]["tokens"]["csrftoken"]
    value = json.dumps({"entity-type": "item", "id": group})
    call = {
        "action": "wbcreateclaim", "entity": person, "property": load_embedded().property_id("affiliatedWith"),
        "snaktype": "value", "value": value, "token": token, "format": "json",
    }  # fmt: skip
    assert client.post("/w/api.php", data=call).get_json()["error"]["code"] == "permissiondenied"
    affiliations = home.services.accounts.affiliations
    affiliations.claim(home.number("Pia"), [group])
    affiliations.confirm(home.number("Pia"), group)
    assert "error" not in client.post("/w/api.php", data=call).get_json()


def test_a_member_sees_that_a_claim_was_declined(home: House) -> None:
    group = home.organization("Declining Group", manager="Ana")
    home.services.accounts.affiliations.claim(home.number("Rui"), [group])
    ana = home.browser("Ana")
    assert "Declining Group" in ana.get("/me").text
    data = {
        "token": home.form(f"/manage/{group}/people", client=ana)["token"],
        "do": "belongs-not",
        "member": str(home.number("Rui")),
    }
    assert ana.post(f"/manage/{group}/people", data=data).status_code == 303
    assert (
        f"/manage/{group}/people" not in ana.get("/me").text.partition('id="attention"')[2].partition("</section>")[0]
    )
    assert home.services.accounts.affiliations.of_organization(group)[0].declined
