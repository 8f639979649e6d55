"""Keeping the directory over the real services: adding, moving, merging, retiring, suggesting; who may, what not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.check import Check
from capx_graph.model import Decision
from capx_graph.suggestions import MOST_OPEN, Wish
from tests.directory.keeping import act, details, edit, parents
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

EVIL = "<script>alert(1)</script>\"'>"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture
def kept(home: House) -> House:
    """The house with a maintainer at the client."""
    home.sign_in("Mia", "maintainer")
    return home


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("unchanged")) as opened:
        opened.services.directory_work.suggestions.add(Wish("en", "x", parent=opened.item("36")), account="Bo")
        yield opened


@pytest.fixture
def unchanged(shared_house: House) -> Iterator[House]:
    """A house with a suggestion and a stranger at the client, in which nothing is changed."""
    before = shared_house.services.repository.head()
    yield House(shared_house.services, shared_house.client.application.test_client())
    assert shared_house.services.repository.head() == before
    assert shared_house.services.directory_work.suggestions.get(1).state is Decision.OPEN


@pytest.fixture
def maintained(unchanged: House) -> House:
    """That house with a maintainer at the client."""
    unchanged.sign_in("Mia", "maintainer")
    return unchanged


def test_a_maintainer_adds_a_capacity_and_it_is_found_at_once(kept: House) -> None:
    parent = kept.item("36")
    fields = kept.form("/directory/new", "/directory/new")
    given = {"label": "sign interpreting", "description": "turning speech into signs", "parent": parent}
    answer = kept.client.post("/directory/new", data=fields | given)
    assert answer.status_code == 303
    page = kept.client.get(answer.headers["Location"]).text
    assert "sign interpreting" in page
    assert "sign interpreting" in kept.client.get("/directory").text
    item = answer.headers["Location"].rpartition("/")[2]
    assert parents(kept, item) == (parent,)
    below = kept.form("/directory/new", "/directory/new") | {"label": "tactile signing", "parent": item}
    assert kept.client.post("/directory/new", data=below).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"label": ""}, "English label"),
        ({"label": "x" * 251}, "at most 250 characters"),
        ({"parent": ""}, "colour"),
        ({"parent": "", "colour": "red"}, "colour is"),
        ({"parent": "nonsense"}, "cannot be chosen"),
        ({"parent": "deep"}, "three levels"),
        ({"wikidata": "Q42x"}, "Wikidata"),
        ({"label": "communication", "description": "taken"}, "communication"),
    ],
)
def test_what_the_shapes_refuse_is_said_before_anything_is_written(
    maintained: House, changed: dict[str, str], said: str
) -> None:
    kept = maintained
    taxonomy = kept.services.directory_work.taxonomy
    if changed.get("parent") == "deep":
        tree = taxonomy.directory().tree
        changed = {
            "parent": next(
                item for item in tree.parents if len(tree.path(item)) == 2 and item in taxonomy.directory().entries
            )
        }
    if changed.get("description") == "taken":
        changed = changed | {"description": taxonomy.facts("36").details.description}
    before = kept.services.repository.head()
    given = {"label": "a new one", "description": "what it is", "parent": kept.item("36")} | changed
    answer = kept.client.post("/directory/new", data=kept.form("/directory/new", "/directory/new") | given)
    assert answer.status_code == 400
    assert said in answer.text
    assert kept.services.repository.head() == before


def test_a_capacity_is_moved_and_takes_its_people_along(kept: House) -> None:
    item, old, new = kept.item("11"), kept.item("10"), kept.item("36")
    child = kept.directory.tree.children[item][0]
    kept.person("Bea", offers=child)
    assert kept.found(old) == {"Bea"}
    assert edit(kept, item, parent=new) == 303
    assert parents(kept, item) == (new,)
    assert kept.found(old) == set()
    assert kept.found(new) == {"Bea"}
    assert f"moved below [[Item:{new}]]" in kept.services.repository.history.revisions(entity_id=item)[0].summary
    assert "moved below" in kept.client.get("/wiki/Special:RecentChanges").text
    assert list(Check(kept.services.ingest).differences()) == []


def test_a_move_below_itself_or_too_deep_is_refused(kept: House) -> None:
    root, child = kept.item("10"), kept.item("11")
    grandchild = kept.directory.tree.children[child][0]
    for target in (root, child, grandchild):
        answer = kept.client.post(
            f"/directory/edit/{root}", data=details(kept, root) | {"parent": target, "colour": ""}
        )
        assert answer.status_code == 400
        assert "lies below this capacity" in answer.text
    other = next(item for item in kept.directory.tree.children[kept.item("36")])
    answer = kept.client.post(f"/directory/edit/{child}", data=details(kept, child) | {"parent": other})
    assert answer.status_code == 400
    assert "three levels" in answer.text
    assert parents(kept, child) == (root,)


def test_of_two_maintainers_the_second_sees_what_the_first_made_of_it(kept: House) -> None:
    item = kept.item("11")
    seen = details(kept, item)
    assert edit(kept, item, label="money") == 303
    answer = kept.client.post(f"/directory/edit/{item}", data=seen | {"label": "funds"})
    assert answer.status_code == 409
    assert "Somebody else has changed this capacity meanwhile" in answer.text
    assert 'value="funds"' in answer.text
    assert "Now it is: <bdi>money</bdi>" in answer.text
    assert kept.labels(item)["en"] == "money"


def test_merging_keeps_people_parts_names_and_addresses(kept: House) -> None:
    tree = kept.directory.tree
    item, target = kept.item("11"), kept.item("36")
    part = tree.children[item][0]
    kept.person("Bea", offers=item)
    kept.person("Cid", wants=part)
    kept.person("Dan", offers=target)
    name = kept.labels(item)["en"]
    status, text = act(kept, item, "merge", target=target)
    assert status == 303, text
    assert kept.found(target) == {"Bea", "Dan"}
    assert kept.found(item) == {"Bea", "Dan"}
    assert kept.found(target, "wants") == {"Cid"}
    assert parents(kept, part) == (target,)
    page = kept.client.get(f"/capacity/{target}").text
    assert name in page
    assert kept.client.get(f"/capacity/{item}").status_code == 200
    assert "Bea" in kept.client.get("/person/Bea").text
    facts = kept.services.directory_work.taxonomy.facts(target)
    assert (facts.details.label, facts.details.parent, facts.details.colour) == ("communication", None, "#BE0078")
    entity = kept.services.repository.page(target)
    assert entity is not None
    assert entity.entity is not None
    assert all(
        len(entity.entity["claims"].get(kept.services.instance.property_id(single), ())) <= 1
        for single in ("capxId", "wikidataId", "broader", "colour")
    )
    assert list(Check(kept.services.ingest).differences()) == []


def test_merging_into_itself_or_below_itself_is_refused(kept: House) -> None:
    item = kept.item("10")
    part = kept.item("11")
    for target in (item, part):
        status, text = act(kept, item, "merge", target=target)
        assert status == 400
        assert "lies below it" in text
    assert act(kept, item, "merge", target="")[0] == 400
    assert kept.client.get(f"/capacity/{item}").status_code == 200


def test_a_retired_capacity_is_hidden_from_pickers_and_stays_on_profiles_with_a_hint(kept: House) -> None:
    tree = kept.directory.tree
    item = next(leaf for leaf in tree.children[kept.item("11")] if leaf not in tree.children)
    target, name = kept.item("36"), kept.labels(item)["en"]
    kept.person("Bea", offers=item)
    status, text = act(kept, item, "retire", replacement=target, reason="nobody uses it")
    assert status == 303, text
    page = kept.client.get(f"/capacity/{item}").text
    assert "This capacity is retired since" in page
    assert "Choose instead:" in page
    suggested = kept.client.get("/suggest.json", query_string={"q": name}).get_json()["suggestions"]
    assert item not in {one["id"] for one in suggested}
    for address in ("/directory", "/translate?to=sw&show=all", f"/directory/edit/{target}", "/directory/new"):
        assert f">{name}<" not in kept.client.get(address).text, address
    assert kept.found(item) == {"Bea"}
    profile = kept.client.get("/person/Bea").text
    assert name in profile
    assert ">retired<" in profile
    assert "nobody uses it" in kept.services.repository.history.revisions(entity_id=item)[0].summary
    assert act(kept, item, "restore")[0] == 303
    assert f">{name}<" in kept.client.get("/directory").text
    assert kept.services.directory_work.taxonomy.facts(item).replaced_by is None


def test_what_has_living_parts_is_not_retired_and_nothing_replaces_itself(kept: House) -> None:
    item = kept.item("10")
    status, text = act(kept, item, "retire", replacement="", reason="")
    assert status == 400
    assert "There are capacities below it" in text
    status, text = act(kept, kept.item("36"), "retire", replacement=kept.item("36"), reason="")
    assert status == 400
    assert "does not replace itself" in text


ADDRESSES = (
    "/directory/new",
    "/directory/edit/{item}",
    "/directory/edit/{item}/merge",
    "/directory/edit/{item}/retire",
    "/directory/edit/{item}/restore",
    "/directory/suggestions/1",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_plain_member_cannot_change_the_tree(unchanged: House, address: str) -> None:
    home = unchanged
    home.sign_in("Ana")
    item = home.item("11")
    token = home.form("/directory/suggest")["token"]
    page = home.services.repository.page(item)
    assert page is not None
    sent = {"token": token, "base": str(page.revision_id), "parent": home.item("36"), "label": "x", "reason": "x"}
    answer = home.client.post(address.format(item=item), data=sent)
    assert answer.status_code == 403
    assert "Only maintainers" in answer.text


@pytest.mark.parametrize("address", [*ADDRESSES, "/directory/suggest"])
@pytest.mark.parametrize("token", ["", "0" * 40 + "+\\"])
def test_a_form_of_another_site_changes_nothing(maintained: House, address: str, token: str) -> None:
    answer = maintained.client.post(
        address.format(item=maintained.item("11")), data={"token": token, "base": "1", "label": "x", "reason": "x"}
    )
    assert answer.status_code == 403
    assert maintained.services.directory_work.suggestions.of_account("Mia") == []


@pytest.mark.parametrize(
    "address", ["/directory/new", "/directory/edit/{item}", "/directory/suggest", "/directory/suggestions"]
)
def test_a_stranger_is_asked_to_sign_in(unchanged: House, address: str) -> None:
    answer = unchanged.client.get(address.format(item=unchanged.item("11")))
    assert answer.status_code in (200, 303)
    if answer.status_code == 303:
        assert answer.headers["Location"].startswith("/signin?return=%2Fdirectory")
    else:
        assert "Members do this here" in answer.text


def test_a_suggestion_becomes_a_capacity_and_its_suggester_reads_so(home: House) -> None:
    maintainer = home.client.application.test_client()
    home.sign_in("Ana")
    home.sign_in("Mia", "maintainer", client=maintainer)
    fields = home.form("/directory/suggest") | {
        "label": "tradução de sinais",
        "description": "passar fala para sinais",
        "language": "pt",
        "parent": home.item("36"),
        "reason": "muitas pessoas pedem",
    }
    assert home.client.post("/directory/suggest", data=fields).status_code == 303
    assert "waits" in home.client.get("/directory/suggest").text
    waiting = maintainer.get("/directory/suggestions").text
    assert "tradução de sinais" in waiting
    assert "muitas pessoas pedem" in waiting
    form = home.form("/directory/new?suggestion=1", "/directory/new", client=maintainer)
    given = {
        "label": "sign translation",
        "label-own": "tradução de sinais",
        "description-own": "passar fala para sinais",
    }
    answer = maintainer.post("/directory/new", data=form | given | {"parent": home.item("36"), "answer": "obrigada"})
    assert answer.status_code == 303
    item = answer.headers["Location"].rpartition("/")[2]
    assert home.labels(item) == {"en": "sign translation", "pt": "tradução de sinais"}
    own = home.client.get("/directory/suggest").text
    assert "accepted" in own
    assert "obrigada" in own
    assert f"/capacity/{item}" in own
    again = maintainer.post("/directory/new", data=form | given | {"parent": home.item("36")})
    assert again.status_code == 409


def test_a_declined_suggestion_tells_why(home: House) -> None:
    maintainer = home.client.application.test_client()
    home.sign_in("Ana")
    home.sign_in("Mia", "maintainer", client=maintainer)
    home.client.post(
        "/directory/suggest", data=home.form("/directory/suggest") | {"label": "talking", "language": "en"}
    )
    form = home.form("/directory/suggestions", "/directory/suggestions/1", client=maintainer)
    assert maintainer.post("/directory/suggestions/1", data=form | {"reason": " "}).status_code == 400
    nothing = maintainer.post(f"/directory/suggestions/{10**30}", data=form | {"reason": "there already"})
    assert nothing.status_code == 404
    assert "There is no suggestion" in nothing.text
    declined = form | {"reason": "there already", "same": home.item("36")}
    assert maintainer.post("/directory/suggestions/1", data=declined).status_code == 303
    own = home.client.get("/directory/suggest").text
    assert "declined" in own
    assert "there already" in own
    assert maintainer.post("/directory/suggestions/1", data=declined).status_code == 409


def test_suggestions_are_bounded_and_can_be_forgotten(home: House) -> None:
    home.sign_in("Ana")
    kept = home.services.directory_work.suggestions
    for number in range(MOST_OPEN):
        kept.add(Wish("en", f"wish {number} of nobody else"), account="Ana")
    answer = home.client.post(
        "/directory/suggest", data=home.form("/directory/suggest") | {"label": "x", "language": "en"}
    )
    assert answer.status_code == 400
    kept.decide(1, Decision.DECLINED, decider="Mia", answer="no")
    assert kept.forget("Ana") == MOST_OPEN
    assert kept.of_account("Ana") == []
    path = home.services.settings.data / "suggestions.sqlite"
    assert b"of nobody else" not in path.read_bytes()


@pytest.mark.parametrize("field", ["label", "description", "reason"])
def test_hostile_text_of_a_suggestion_stays_text(home: House, field: str) -> None:
    maintainer = home.client.application.test_client()
    home.sign_in("Ana")
    home.sign_in("Mia", "maintainer", client=maintainer)
    sent = home.form("/directory/suggest") | {"label": "x", "language": "en"} | {field: EVIL}
    assert home.client.post("/directory/suggest", data=sent).status_code == 303
    pages = [home.client.get("/directory/suggest").text]
    pages += [maintainer.get(address).text for address in ("/directory/suggestions", "/directory/new?suggestion=1")]
    for text in pages:
        assert "<script>alert" not in text
    assert any("alert(1)" in text for text in pages)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "nonsense"),
        ("language", "<b>"),
        ("label", ""),
        ("label", "x" * 251),
        ("label", "a\u202eb"),
        ("parent", "Q1"),
        ("parent", "' OR 1=1"),
    ],
)
def test_a_suggestion_that_cannot_be_is_refused_and_shown_again(unchanged: House, field: str, value: str) -> None:
    home = unchanged
    home.sign_in("Ana")
    sent = home.form("/directory/suggest") | {"label": "x", "language": "en"} | {field: value}
    assert home.client.post("/directory/suggest", data=sent).status_code in (400, 404)
    assert home.services.directory_work.suggestions.of_account("Ana") == []


@pytest.mark.parametrize(
    "address", ["/directory/edit/Q1", "/directory/edit/x", "/directory/new?suggestion=9", "/directory/edit/Q99999"]
)
def test_what_is_not_there_is_not_found(maintained: House, address: str) -> None:
    assert maintained.client.get(address).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "ja", "pt-br"])
def test_every_page_is_in_the_readers_language(maintained: House, language: str) -> None:
    for address in (
        "/directory/new",
        "/directory/new?suggestion=1",
        f"/directory/edit/{maintained.item('11')}",
        "/directory/suggest",
        "/directory/suggestions",
    ):
        answer = maintained.client.get(f"{address}{'&' if '?' in address else '?'}uselang={language}")
        assert answer.status_code == 200
        assert "⧼" not in answer.text
        assert answer.text.count("<h1") == 1
        assert answer.headers["Cache-Control"] == "no-store"
