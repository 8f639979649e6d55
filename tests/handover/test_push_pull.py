"""``capx push`` and ``capx pull``: a round trip loses nothing, and nothing that a person wrote is overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from capx_graph.cli.entry import capx
from capx_graph.model import Draft
from capx_graph.ontology import read_instance
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository
from capx_graph.wikibase.writer import Writer
from tests.houses.elsewhere import BASE, in_english
from tests.houses.handover import ENVIRONMENT, HERE, NAMES, House, alike, house, make_house, opened

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[False, True], ids=["empty", "shared"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_house(tmp_path_factory.mktemp("either") / "template", shared=request.param)


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wiki elsewhere that has everything."""
    folder = tmp_path_factory.mktemp("pushed")
    template = make_house(folder / "template", shared=True)
    with house(template, folder / "pushed") as made:
        assert made.run("push", "--yes").return_value == 0
    return folder / "pushed"


@pytest.fixture
def home(pushed: Path, tmp_path: Path) -> Iterator[House]:
    with house(pushed, tmp_path / "house") as found:
        yield found


def label(entity: dict[str, Any], language: str, text: str) -> None:
    entity["labels"][language] = {"language": language, "value": text}


def said(entity: Any, language: str) -> str | None:
    term = entity["labels"].get(language)
    return term["value"] if term else None


def test_a_round_trip_loses_nothing(either: Path, tmp_path: Path) -> None:
    with house(either, tmp_path / "house") as home:
        counts, steps = home.plan("push")
        assert counts == {"create": 9, "change": 0, "conflict": 0, "untouched": 0}
        assert steps[NAMES["event"]]["left_out"] == [NAMES["stray"]], "an item of no class of ours stays"
        assert home.wiki.edits == [] or "bulk" not in home.wiki.edits[-1]
        assert home.run("push", "--yes").return_value == 0
        items = home.wiki.items()
        there = read_instance(home.file)
        ana = items[home.there("ana")]
        offer = ana["claims"][there.property_id("offers")][0]
        assert (offer["rank"], list(offer["qualifiers"])) == (
            "preferred",
            [there.property_id("availability"), there.property_id("level")],
        )
        assert offer["references"][0]["snaks"]
        manager = items[home.there("group")]["claims"][there.property_id("manager")][0]
        assert manager["mainsnak"]["datavalue"]["value"]["id"] == home.there("ana")
        assert there.values("counterpart", ana, lambda _: None) == (f"http://here.example/entity/{NAMES['ana']}",)

        before = len(home.wiki.asked)
        assert home.plan("push")[0] == {"create": 0, "change": 0, "conflict": 0, "untouched": 9}
        assert home.plan("pull")[0] == {"create": 0, "change": 0, "conflict": 0, "untouched": 9}
        assert not [sent for sent in home.wiki.asked[before:] if sent.get("action", "").startswith("wbedit")]

        elsewhere = tmp_path / "another"
        with opened(elsewhere):
            pass
        assert home.run("pull", "--yes", data=elsewhere).return_value == 0
        again = {theirs: ours for ours, theirs in home.pairs(elsewhere).items()}
        pairs = {ours: again[theirs] for ours, theirs in home.pairs().items()}
        assert len(pairs) == 9
        different = alike(home.data, elsewhere, pairs)
        assert different == [], "what has no pair was left out on the way, so it is not compared"
        assert home.plan("pull", data=elsewhere)[0]["untouched"] == 9
        assert home.plan("push", data=elsewhere)[0]["untouched"] == 9
        with opened(elsewhere) as repository:
            page = repository.page(pairs[NAMES["ana"]])
            assert page is not None
            assert page.owner == "system>Handover", "nobody becomes Ana by registering that name"


def test_people_stay_here_unless_they_live_upstream(either: Path, tmp_path: Path) -> None:
    with house(either, tmp_path / "house") as home:
        counts, steps = home.plan("push", people=False)
        assert counts["create"] == 7
        assert NAMES["ana"] not in steps
        assert steps[NAMES["group"]]["left_out"] == [NAMES["ana"]], "the statement about a person stays with the person"
        assert home.run("push", "--yes", people=False).return_value == 0
        texts = json.dumps(home.wiki.items())
        # The ontology's Swahili has the word too.
        assert '"Ana"' not in texts
        assert "Ana, for tests." not in texts
        assert home.plan("pull", people=False)[0] == {"create": 0, "change": 0, "conflict": 0, "untouched": 7}


def test_an_edit_there_is_never_overwritten_and_comes_back(home: House) -> None:
    home.wiki.edit(home.there("root"), lambda entity: label(entity, "en", "conversation"))
    home.edit("root", lambda entity: label(entity, "fr", "communication"))
    counts, steps = home.plan("push")
    assert counts == {"create": 0, "change": 1, "conflict": 0, "untouched": 8}
    assert steps[NAMES["root"]]["changes"] == ["labels/fr"]
    home.run("push", "--yes")
    there = home.wiki.items()[home.there("root")]
    assert (said(there, "en"), said(there, "fr")) == ("conversation", "communication")
    assert home.plan("pull")[1][NAMES["root"]]["changes"] == ["labels/en"]
    home.run("pull", "--yes")
    assert said(home.entity("root"), "en") == "conversation"
    assert home.plan("push")[0]["untouched"] == 9


def test_what_changed_on_both_sides_waits_for_a_person(home: House) -> None:
    home.wiki.edit(home.there("root"), lambda entity: label(entity, "en", "theirs"))
    home.edit("root", lambda entity: (label(entity, "en", "ours"), label(entity, "de", "Austausch")))
    result = home.run("push", "--yes")
    assert result.return_value == 3
    there = home.wiki.items()[home.there("root")]
    assert (said(there, "en"), said(there, "de")) == ("theirs", "Austausch"), "what can be decided is done"
    assert home.run("pull", "--yes").return_value == 3
    assert said(home.entity("root"), "en") == "ours"
    counts, steps = home.plan("push")
    assert counts["conflict"] == 1
    assert steps[NAMES["root"]]["conflicts"] == ["labels/en"]
    home.edit("root", lambda entity: label(entity, "en", "theirs"))
    assert home.plan("push")[0]["conflict"] == 0, "decided by a person"


def test_statements_are_merged_one_by_one(home: House) -> None:
    there = read_instance(home.file)
    offers, knows, based = (HERE.property_id(name) for name in ("offers", "knows", "basedIn"))

    def ours(entity: dict[str, Any]) -> None:
        entity["claims"][offers][0]["rank"] = "normal"
        del entity["claims"][knows]

    def theirs(entity: dict[str, Any]) -> None:
        entity["claims"][there.property_id("basedIn")][0]["references"] = []
        spoken = entity["claims"][there.property_id("speaks")][0]
        spoken["qualifiers"] = {}
        spoken["qualifiers-order"] = []
        motto = {"snaktype": "value", "property": "P1", "datavalue": {"type": "string", "value": "a motto of theirs"}}
        entity["claims"]["P1"] = [{"type": "statement", "rank": "normal", "mainsnak": motto}]

    home.edit("ana", ours)
    home.wiki.edit(home.there("ana"), theirs)
    assert home.run("push", "--yes").return_value == 0
    entity = home.wiki.items()[home.there("ana")]
    assert entity["claims"][there.property_id("offers")][0]["rank"] == "normal"
    assert there.property_id("knows") not in entity["claims"]
    assert not entity["claims"][there.property_id("speaks")][0].get("qualifiers"), "their change stands"
    assert entity["claims"]["P1"], "what we have no word for is left alone"
    assert home.run("pull", "--yes").return_value == 0
    mine = home.entity("ana")
    assert not mine["claims"][HERE.property_id("speaks")][0].get("qualifiers")
    assert len(mine["claims"][based]) == 1
    assert knows not in mine["claims"]
    assert home.plan("push")[0]["change"] == home.plan("pull")[0]["change"] == 0


def test_two_new_values_of_one_statement_are_for_a_person(home: House) -> None:
    there = read_instance(home.file)

    def valued(name: str, value: str) -> Any:
        def change(entity: dict[str, Any]) -> None:
            entity["claims"][name][0]["mainsnak"]["datavalue"]["value"] = value

        return change

    home.edit("group", valued(HERE.property_id("website"), "https://ours.example/"))
    home.wiki.edit(home.there("group"), valued(there.property_id("website"), "https://theirs.example/"))
    counts, steps = home.plan("push")
    assert counts["conflict"] == 1
    assert steps[NAMES["group"]]["changes"] == []
    home.run("push", "--yes")
    assert "https://theirs.example/" in json.dumps(home.wiki.items()[home.there("group")])


def test_an_edit_in_the_last_moment_is_not_overwritten(home: House) -> None:
    """Between the comparison and our edit somebody there changes the very same label."""
    home.edit("root", lambda entity: label(entity, "en", "ours"))

    def meanwhile(sent: dict[str, str]) -> None:
        home.wiki.before_edit = None
        home.wiki.edit(sent["id"], lambda entity: label(entity, "en", "faster"))

    home.wiki.before_edit = meanwhile
    assert home.run("push", "--yes").return_value == 3
    assert said(home.wiki.items()[home.there("root")], "en") == "faster"
    assert home.plan("push")[0]["conflict"] == 1


def test_what_was_deleted_or_merged_is_told_and_not_made_again(home: House) -> None:
    items = len(home.wiki.items())
    home.wiki.repository.delete([home.there("event")], actor="A human")
    with opened(home.data) as repository:
        repository.delete([NAMES["leaf"]], actor="Somebody")
    counts, steps = home.plan("push")
    assert counts["conflict"] == 2
    assert steps[NAMES["event"]]["why"] == "was deleted there"
    assert steps[NAMES["leaf"]]["why"] == "was deleted here"
    home.run("push", "--yes")
    home.run("pull", "--yes")
    assert len(home.wiki.items()) == items - 1


@pytest.mark.parametrize("name", ["event", "ana"])
def test_what_was_merged_there_into_an_item_without_a_pair_is_still_ours(home: House, name: str) -> None:
    """It is no new item: what is said here alone stays, and who owns the item keeps it."""
    there, old, before = home.wiki.repository, home.there(name), home.entity(name)
    new = there.allocate("item", 1)[0]
    moved = json.loads(json.dumps(home.wiki.items()[old]).replace(f"{old}$", f"{new}$"))
    there.bulk([Draft({**moved, "id": new, "labels": in_english("merged")})], actor="A human")
    with there.transaction() as transaction:
        page = transaction.page(old)
        assert page is not None
        transaction.redirect(page, new, Author("A human"))
    counts, steps = home.plan("pull")
    assert (counts["create"], counts["conflict"], steps[NAMES[name]]["changes"]) == (0, 0, ["labels/en"])
    assert home.run("pull", "--yes").return_value == 0
    assert home.entity(name) == {**before, "labels": in_english("merged")}
    assert home.plan("pull")[0]["change"] == 0
    assert home.there(name) == new


def test_items_are_known_again_without_what_was_remembered(home: House) -> None:
    for path in (home.data / "handover").iterdir():
        path.unlink()
    assert home.plan("push")[0] == {"create": 0, "change": 0, "conflict": 0, "untouched": 9}
    there = read_instance(home.file)
    for item, entity in home.wiki.items().items():
        if there.values("counterpart", entity, lambda _: None) and there.term_of_item(item) is None:
            home.wiki.edit(item, lambda entity: entity["claims"].pop(there.property_id("counterpart"), None))
    for path in (home.data / "handover").iterdir():
        path.unlink()
    counts, steps = home.plan("push")
    assert counts["untouched"] == 8, "by Wikidata id, id of the Capacity Exchange, code, username"
    assert [step["kind"] for step in steps.values()] == ["create"], "an event has no key: its name alone pairs nobody"
    assert list(steps) == [NAMES["event"]]


class Cut(Exception):
    """The process dies here."""


@pytest.mark.parametrize("survived", [0, 3])
def test_a_push_that_is_cut_off_is_finished_by_the_next(pushed: Path, tmp_path: Path, survived: int) -> None:
    """The wiki saves an edit, and the answer never arrives: the worst moment."""
    create, count = Writer.create, 0

    def cut(self: Writer, *arguments: Any, **more: Any) -> Any:
        nonlocal count
        receipt = create(self, *arguments, **more)
        count += 1
        if count > survived:
            raise Cut
        return receipt

    with house(pushed.parent / "template", tmp_path / "house") as home:
        before = len(home.wiki.items())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "create", cut)
            with pytest.raises(Cut):
                home.run("push", "--yes")
            assert len(home.wiki.items()) == before + survived + 1
        assert home.run("push", "--yes").return_value == 0
        assert len(home.wiki.items()) == before + 9
        assert home.plan("push")[0] == {"create": 0, "change": 0, "conflict": 0, "untouched": 9}


def test_links_to_what_a_cut_run_did_not_reach_are_made_by_the_next(pushed: Path, tmp_path: Path) -> None:
    """The organization was made there, and its manager not yet."""
    create = Writer.create

    def cut(self: Writer, draft: Any, **more: Any) -> Any:
        if "Bo" in json.dumps(draft["labels"]) or "Ana" in json.dumps(draft["labels"]):
            raise Cut
        return create(self, draft, **more)

    with house(pushed.parent / "template", tmp_path / "house") as home:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "create", cut)
            with pytest.raises(Cut):
                home.run("push", "--yes")
        counts, steps = home.plan("push")
        assert counts == {"create": 2, "change": 1, "conflict": 0, "untouched": 6}
        assert steps[NAMES["group"]]["changes"] == ["links"]
        assert home.run("push", "--yes").return_value == 0
        assert home.plan("push")[0]["untouched"] == home.plan("pull")[0]["untouched"] == 9
        manager = read_instance(home.file).property_id("manager")
        assert manager in home.wiki.items()[home.there("group")]["claims"]


@pytest.mark.parametrize("survived", [0, 1])
def test_a_pull_that_is_cut_off_is_finished_by_the_next(home: House, tmp_path: Path, survived: int) -> None:
    bulk, count = Repository.bulk, 0

    def cut(self: Repository, drafts: Any, **more: Any) -> Any:
        nonlocal count
        if more.get("actor") in ("Handover", "system>Handover"):
            if count >= survived:
                raise Cut
            count += 1
        return bulk(self, drafts, **more)

    elsewhere = tmp_path / "another"
    with opened(elsewhere):
        pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Repository, "bulk", cut)
        with pytest.raises(Cut):
            home.run("pull", "--yes", data=elsewhere)
    assert home.run("pull", "--yes", data=elsewhere).return_value == 0
    again = {theirs: ours for ours, theirs in home.pairs(elsewhere).items()}
    pairs = {ours: again[theirs] for ours, theirs in home.pairs().items()}
    assert alike(home.data, elsewhere, pairs) == []
    with opened(elsewhere) as repository:
        items = [page for page in repository.scan("item") if int(page.entity_id[1:]) >= 200]
        assert len(items) == 9, "nothing doubled"


def test_a_members_own_item_is_theirs_alone(home: House) -> None:
    with opened(home.data) as repository:
        repository.give(NAMES["ana"], "Ana")
    home.wiki.edit(home.there("ana"), lambda entity: label(entity, "en", "Anna"))
    assert home.run("pull", "--yes").return_value == 3
    assert said(home.entity("ana"), "en") == "Ana"


def test_what_another_wiki_says_is_not_trusted(home: House) -> None:
    """Names with control characters on the terminal, an id that leads to nothing, a language nobody knows here."""
    there = read_instance(home.file)
    capacity = {"entity-type": "item", "numeric-id": 1, "id": there.item_id("Capacity")}
    claims = [
        {
            "type": "statement",
            "rank": "normal",
            "mainsnak": {
                "snaktype": "value",
                "property": there.property_id("instanceOf"),
                "datavalue": {"type": "wikibase-entityid", "value": capacity},
            },
        }
    ]
    evil = "\u202eevil\u0007 <script>alert(1)</script>"
    entity = {"type": "item", "id": "Q900", "claims": {there.property_id("instanceOf"): claims}}
    entity["labels"] = {"en": {"language": "en", "value": evil}}
    home.wiki.repository.bulk([Draft(entity)], actor="A stranger")
    shown = home.run("pull").stdout
    assert "\u0007" not in shown
    assert "\u202e" not in shown
    assert home.run("pull", "--yes").return_value == 0
    ours = {theirs: mine for mine, theirs in home.pairs().items()}["Q900"]
    with opened(home.data) as repository:
        page = repository.page(ours)
        assert page is not None
        assert page.entity is not None
        assert HERE.values("counterpart", page.entity, lambda _: None) == (f"{BASE}/entity/Q900",)


def test_who_is_erased_here_is_deleted_there_or_emptied(home: House) -> None:
    ana = home.there("ana")
    told = CliRunner(env=ENVIRONMENT).invoke(capx, ["--data", str(home.data), "erase", "Ana"], standalone_mode=False)
    assert f"remains elsewhere: {BASE}/entity/{ana}" in told.stderr
    assert "Ana" in json.dumps(home.wiki.items()[ana])
    assert "1 items there stand for people who were erased here" in home.run("push").stderr
    assert (
        f"only an administrator there can delete them with their histories: {ana}" in home.run("push", "--yes").stderr
    )
    emptied = home.wiki.items()[ana]
    assert (emptied["labels"], emptied["claims"]) == ({}, {})
    assert home.run("pull", "--yes").return_value in (0, 3)
    assert "Ana" not in json.dumps([page_of(home, item) for item in home.pairs()])
    home.wiki.accounts.set_groups("Robot", ("bot", "sysop"))
    home.run("push", "--yes")
    assert ana not in home.wiki.items()
    assert "stand for people" not in home.run("push").stderr


def page_of(home: House, item: str) -> Any:
    with opened(home.data) as repository:
        page = repository.page(item)
        return page.entity if page else None
