"""The directory's structure and the ontology are maintainers' at every door; its words are everybody's to translate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from capx_graph.connected import load_embedded
from capx_graph.model import EntityKind
from tests.houses.directory import House, house
from tests.repository.edits import edit, says

LABEL = {"labels": {"en": {"language": "en", "value": "Renamed by somebody"}}}
DENIED = "permissiondenied"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("structure")) as home:
        yield home


def entity(home: House, item: str) -> dict[str, Any]:
    page = home.services.repository.page(item)
    assert page is not None
    assert page.entity is not None
    return dict(page.entity)


def statement(home: House, item: str, name: str) -> dict[str, Any]:
    """The first statement of an item about a property."""
    return dict(entity(home, item)["claims"][load_embedded().property_id(name)][0])


def territory(home: House) -> str:
    """A territory that is part of another one."""
    directory = home.directory
    part_of = load_embedded().property_id("partOf")
    items = (item for (kind, _), item in directory.codes.items() if kind is EntityKind.TERRITORY)
    return next(item for item in items if part_of in entity(home, item)["claims"])


def value(item: str) -> str:
    return json.dumps({"entity-type": "item", "id": item})


def test_a_plain_account_does_not_restructure_the_directory_through_the_api(home: House) -> None:
    one, other = home.item("10"), home.item("36")
    before = entity(home, one), entity(home, other)
    said = statement(home, one, "instanceOf")
    moved = statement(home, territory(home), "partOf")
    moved["mainsnak"] = {**moved["mainsnak"], "datavalue": {"type": "wikibase-entityid", "value": {"id": other}}}
    broader, retired = load_embedded().property_id("broader"), load_embedded().property_id("retired")
    attempts: list[dict[str, str]] = [
        {"action": "wbmergeitems", "fromid": one, "toid": other, "ignoreconflicts": "description"},
        {"action": "wbremoveclaims", "claim": said["id"]},
        {"action": "wbsetclaim", "claim": json.dumps(moved)},
        {"action": "wbsetclaimvalue", "claim": said["id"], "snaktype": "value", "value": value(other)},
        {"action": "wbcreateclaim", "entity": one, "property": broader, "snaktype": "value", "value": value(other)},
        {"action": "wbcreateclaim", "entity": one, "property": retired, "snaktype": "somevalue"},
        {"action": "wbsetqualifier", "claim": said["id"], "property": retired, "snaktype": "somevalue"},
        {"action": "wbeditentity", "id": one, "clear": "1", "data": json.dumps(LABEL)},
        {"action": "wbeditentity", "id": one, "data": json.dumps({"claims": [{"id": said["id"], "remove": ""}]})},
        {"action": "wbeditentity", "id": one, "data": json.dumps({"claims": [{**said, "rank": "deprecated"}]})},
        {
            "action": "wbeditentity",
            "new": "item",
            "data": json.dumps(LABEL | {"claims": [says("instanceOf", "Capacity")]}),
        },
    ]
    for attempt in attempts:
        assert edit(home, "Mallory", **attempt)[0] == DENIED, attempt
    assert (entity(home, one), entity(home, other)) == before


def test_a_refusal_says_why(home: House) -> None:
    client = home.browser("Mallory")
    token = client.get("/w/api.php?action=query&meta=tokens&format=json").get_json()["query"]["tokens"]["csrftoken"]
    said = statement(home, home.item("10"), "instanceOf")["id"]
    asked = {"action": "wbremoveclaims", "claim": said, "token": token, "format": "json"}
    error = client.post("/w/api.php", data=asked).get_json()["error"]
    assert (error["code"], error["messages"][1]["parameters"]) == (DENIED, ["maintainer", "edit"])
    assert "for maintainers" in error["info"]


def test_words_of_the_directory_are_everybody_s(home: House) -> None:
    one = home.item("11")
    claims = entity(home, one)["claims"]
    assert edit(home, "Tina", action="wbsetlabel", id=one, language="sw", value="Neno")[0] == "saved"
    assert edit(home, "Tina", action="wbsetaliases", id=one, language="sw", add="Jina jingine")[0] == "saved"
    everything = {"labels": {"sw": {"language": "sw", "value": "Neno jipya"}}, "claims": claims}
    assert edit(home, "Tina", action="wbeditentity", id=one, data=json.dumps(everything))[0] == "saved"
    assert entity(home, one)["claims"] == claims
    marked = [says("unreviewedLanguage", "sw")]
    added = json.dumps({"claims": marked})
    assert edit(home, "Tina", action="wbeditentity", id=one, data=added)[0] == DENIED
    assert edit(home, "Robot", "bot", action="wbeditentity", id=one, data=added)[0] == "saved"
    mark = statement(home, one, "unreviewedLanguage")["id"]
    assert edit(home, "Tina", action="wbremoveclaims", claim=mark)[0] == "saved"


def test_maintainers_change_all_of_it(home: House) -> None:
    said = statement(home, home.item("12"), "capxId")
    for name, group in (("Mia", "maintainer"), ("Sven", "sysop"), ("Robot", "bot")):
        assert edit(home, name, group, action="wbremoveclaims", claim=said["id"])[0] == "saved"
        assert edit(home, name, group, action="wbsetclaim", claim=json.dumps(said))[0] == "saved"


def test_the_ontology_is_not_relabelled(home: House) -> None:
    term, klass = load_embedded().property_id("instanceOf"), load_embedded().item_id("Capacity")
    level = load_embedded().item_id("Level3")
    for entity_id in (term, klass, level):
        assert edit(home, "Mallory", action="wbsetlabel", id=entity_id, language="en", value="nonsense")[0] == DENIED
        assert edit(home, "Mallory", action="wbsetaliases", id=entity_id, language="en", add="nonsense")[0] == DENIED
    outcome, junk = edit(home, "Mallory", action="wbeditentity", new="item", data="{}")
    assert outcome == "saved"
    assert edit(home, "Mallory", action="wbcreateredirect", **{"from": junk, "to": klass})[0] == DENIED
    assert edit(home, "Mia", "maintainer", action="wbsetlabel", id=level, language="sw", value="juu")[0] == "saved"


def rest(home: House, client: FlaskClient, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    tokens = client.get("/w/api.php?action=query&meta=tokens&format=json").get_json()["query"]["tokens"]
    kind = "application/json-patch+json" if method == "PATCH" else "application/json"
    answer = client.open(
        f"/w/rest.php/wikibase/v1{path}",
        method=method,
        data=json.dumps(body),
        headers={"X-CSRF-Token": tokens["csrftoken"], "Content-Type": kind},
    )
    return answer.status_code, answer.get_json()


def test_the_rest_api_is_the_same_door(home: House) -> None:
    one, term = home.item("16"), load_embedded().property_id("instanceOf")
    said = statement(home, one, "instanceOf")["id"]
    mallory = home.browser("Mallory")
    new = {"property": {"id": load_embedded().property_id("colour")}, "value": {"type": "value", "content": "#000000"}}
    klass = load_embedded().item_id("Capacity")
    item = {
        "statements": {
            term: [{"property": {"id": term}, "value": {"type": "value", "content": klass}}],
        }
    }
    remove = [{"op": "remove", "path": f"/statements/{term}"}]
    attempts = [
        ("PATCH", f"/entities/items/{one}", {"patch": remove}),
        ("DELETE", f"/entities/items/{one}/statements/{said}", {}),
        ("DELETE", f"/statements/{said}", {}),
        (
            "PUT",
            f"/statements/{said}",
            {"statement": {**new, "property": {"id": term}, "value": {"type": "somevalue"}}},
        ),
        ("PATCH", f"/statements/{said}", {"patch": [{"op": "replace", "path": "/rank", "value": "deprecated"}]}),
        ("POST", f"/entities/items/{one}/statements", {"statement": new}),
        ("POST", "/entities/items", {"item": item}),
        ("PUT", f"/entities/properties/{term}/labels/en", {"label": "nonsense"}),
        ("PATCH", f"/entities/properties/{term}", {"patch": [{"op": "replace", "path": "/labels/en", "value": "no"}]}),
    ]
    for method, path, body in attempts:
        status, told = rest(home, mallory, method, path, body)
        assert (status, told.get("context")) == (403, {"denial_reason": "resource-protected"}), (path, told)
        assert "maintainers" in told["message"]
    assert rest(home, mallory, "PUT", f"/entities/items/{one}/labels/sw", {"label": "Neno"})[0] in (200, 201)


def test_an_earlier_state_is_brought_back_by_maintainers(home: House) -> None:
    one = home.item("17")
    page = home.services.repository.page(one)
    assert page is not None
    said = statement(home, one, "capxId")
    assert edit(home, "Mia", "maintainer", action="wbremoveclaims", claim=said["id"])[0] == "saved"
    mallory = home.browser("Mallory")
    address = f"/wiki/Item:{one}?action=edit&restore={page.revision_id}"
    form = home.form(address, f"/wiki/Item:{one}", mallory)
    assert mallory.post(f"/wiki/Item:{one}", data=form).status_code == 403
    assert load_embedded().property_id("capxId") not in entity(home, one)["claims"]
    maintainer = home.browser("Mia", "maintainer")
    form = home.form(address, f"/wiki/Item:{one}", maintainer)
    assert maintainer.post(f"/wiki/Item:{one}", data=form).status_code == 303
    assert statement(home, one, "capxId") == said
