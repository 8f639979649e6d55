"""Exchanging translations with a wiki on loopback and with files: pulled, pushed, listed, resumed, bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capx_graph import settings
from capx_graph.cli.entry import capx
from capx_graph.errors import Forbidden, InvalidInput, InvalidSetting, NotFound, OutcomeUnknown, Unavailable
from capx_graph.jobs.exchanging import Asked, exchange_with_wiki, import_bundle
from capx_graph.mediawiki import Connection, Limits, Wiki
from capx_graph.settings import Settings
from capx_graph.translation import Asked as Rows
from capx_graph.translation import Translated
from capx_graph.translation.exchange import Plan
from capx_graph.translation.merging import Action
from capx_graph.translation.state import State
from tests.doubles.translate_wiki import BUNDLE, PASSWORD, USER, MetaWiki, serving
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

COMMUNICATION = "Q11024"
"""The Wikidata id of the capacity that the Capacity Exchange numbers 36."""
AS_ANA = Asked(account="Ana", pause=0.0)


@pytest.fixture
def meta() -> MetaWiki:
    wiki = MetaWiki()
    wiki.bundle({f"{COMMUNICATION}-label": "communication"})
    return wiki


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        opened.session("Ana")
        yield opened


@pytest.fixture
def given(home: House, meta: MetaWiki) -> Iterator[Settings]:
    with serving(meta) as api:
        own = home.services.settings
        yield replace(
            own,
            contact="tests@example.org",
            meta=replace(own.meta, api=api, bundle=BUNDLE, user=USER, password=PASSWORD),
        )


def run(given: Settings, action: Action, **changed: Any) -> Plan:
    return exchange_with_wiki(given, action, asked=replace(AS_ANA, **changed), sleep=lambda _: None)


def label(home: House, language: str, capx_id: str = "36") -> str | None:
    return home.labels(home.item(capx_id)).get(language)


def translate(home: House, language: str, text: str, capx_id: str = "36") -> None:
    item = home.item(capx_id)
    work = home.services.directory_work
    row = work.desk.row(item, Rows("en", language), reader=("en",))
    work.saving.save(Translated(item, "en", language, row.revision, text, row.target.description), account="Ana")


def whys(plan: Plan, key: str = f"{COMMUNICATION}-label") -> dict[str, tuple[str, str]]:
    return {
        step.unit.language: (step.decision.action.value, step.decision.why)
        for step in plan.steps
        if step.unit.key == key
    }


def test_what_is_missing_here_is_pulled_under_the_given_account(home: House, meta: MetaWiki, given: Settings) -> None:
    meta.at_once = 2
    for language, text in (("sw", "mawasiliano"), ("yo", "ìbánisọ̀rọ̀"), ("he", "תקשורת"), ("qqq", "documentation")):
        meta.translation(f"{COMMUNICATION}-label", language, text)
    meta.translation("Q999999-label", "sw", "something else")
    plan = run(given, Action.PULL)
    assert label(home, "sw") == "mawasiliano"
    assert label(home, "he") == "תקשורת"
    assert plan.unknown == ("Q999999-label",)
    assert whys(plan)["qqq"] == ("leave", "is in no language that a Wikibase has")
    page = home.services.repository.page(home.item("36"))
    assert page is not None
    line = home.services.repository.history.revision(page.revision_id)
    assert line is not None
    assert line.actor == "Ana"
    assert "from Module:CapacityExchange/capacities.json on 127.0.0.1" in line.summary
    home.services.ingest.catch_up()
    assert "mawasiliano" in home.client.get("/directory?uselang=sw").text


def test_a_plan_changes_nothing(home: House, meta: MetaWiki, given: Settings) -> None:
    meta.translation(f"{COMMUNICATION}-label", "sw", "mawasiliano")
    before = home.services.repository.head()
    for action in (Action.PULL, Action.PUSH):
        plan = run(given, action, dry_run=True)
        assert whys(plan)["sw"] == ("pull", "missing here")
    assert home.services.repository.head() == before
    assert not meta.edits
    assert not list(given.data.glob("translation/exchange-*.json"))


def test_a_text_that_awaits_review_here_gives_way_and_is_not_pushed(
    home: House, meta: MetaWiki, given: Settings
) -> None:
    meta.translation(f"{COMMUNICATION}-label", "fr", "la communication")
    meta.translation(f"{COMMUNICATION}-description", "fr", "dire les choses")
    plan = run(given, Action.PULL)
    assert label(home, "fr") == "la communication"
    desk = home.services.directory_work.desk
    home.services.ingest.catch_up()
    assert desk.row(home.item("36"), Rows("en", "fr"), reader=("en",)).standing == "done"
    assert whys(plan)["de"] == ("leave", "awaits review here")
    run(given, Action.PUSH)
    assert meta.text(f"{COMMUNICATION}-label", "de") is None


def test_the_newer_of_two_wins_and_then_whichever_side_changed(home: House, meta: MetaWiki, given: Settings) -> None:
    key = f"{COMMUNICATION}-label"
    translate(home, "sw", "ours")
    translate(home, "yo", "ours")
    meta.translation(key, "sw", "theirs", at="2020-01-01T00:00:00Z")
    meta.translation(key, "yo", "theirs", at="2099-01-01T00:00:00Z")
    run(given, Action.PULL)
    run(given, Action.PUSH)
    assert (label(home, "sw"), meta.text(key, "sw")) == ("ours", "ours")
    assert (label(home, "yo"), meta.text(key, "yo")) == ("theirs", "theirs")
    # Changed there alone, though its clock is far behind: in step before, so it is a change.
    meta.translation(key, "sw", "better", at="2020-01-02T00:00:00Z")
    translate(home, "yo", "better")
    run(given, Action.PUSH)
    run(given, Action.PULL)
    assert (label(home, "sw"), meta.text(key, "sw")) == ("better", "better")
    assert (label(home, "yo"), meta.text(key, "yo")) == ("better", "better")
    # Changed on both sides since: nobody's text is overwritten.
    translate(home, "sw", "mine")
    meta.translation(key, "sw", "yours", at="2099-01-01T00:00:00Z")
    for action in (Action.PULL, Action.PUSH):
        assert whys(run(given, action))["sw"] == ("person", "changed on both sides")
    assert (label(home, "sw"), meta.text(key, "sw")) == ("mine", "yours")


def test_a_second_run_has_nothing_left_to_do(home: House, meta: MetaWiki, given: Settings) -> None:
    translate(home, "sw", "mawasiliano")
    meta.translation(f"{COMMUNICATION}-label", "yo", " ìbánisọ̀rọ̀\n")
    for action in (Action.PUSH, Action.PULL):
        run(given, action)
    before, edits = home.services.repository.head(), len(meta.edits)
    for action in (Action.PUSH, Action.PULL):
        plan = run(given, action)
        assert not [
            step
            for step in plan.of(action)
            if step.unit.language != "en" and not step.draft and step.unit.key == f"{COMMUNICATION}-label"
        ]
    assert home.services.repository.head() == before
    assert len(meta.edits) == edits


def test_a_push_is_an_edit_a_text_under_the_bot_password(home: House, meta: MetaWiki, given: Settings) -> None:
    translate(home, "sw", "mawasiliano")
    run(given, Action.PUSH)
    (edit,) = [edit for edit in meta.edits if edit["title"].endswith("/sw")]
    assert edit["title"] == f"Translations:{BUNDLE}/{COMMUNICATION}-label/sw"
    assert (edit["text"], edit["assert"], edit["createonly"]) == ("mawasiliano", "user", "1")
    assert meta.agents == {"capx-graph/0.1.0 (tests@example.org)"}
    assert all(asked["maxlag"] == "5" for asked in meta.asked)
    assert BUNDLE not in {edit["title"] for edit in meta.edits}
    plan = run(given, Action.PUSH)
    assert not plan.of(Action.PUSH)
    assert whys(plan, "capx11-label")["en"] == ("leave", "is of the source language; --source hands it over")


def test_the_source_language_is_pushed_in_one_edit_when_asked(home: House, meta: MetaWiki, given: Settings) -> None:
    plan = run(given, Action.PUSH, source=True)
    (edit,) = [edit for edit in meta.edits if edit["title"] == BUNDLE]
    messages = json.loads(edit["text"])
    assert messages["@metadata"]["label"] == "x"
    assert messages[f"{COMMUNICATION}-label"] == "communication"
    assert len(plan.steps) > len(messages) > 134
    assert "capx36-label" not in messages
    assert any(key.startswith("capx") for key in messages)


def test_an_access_token_does_instead_of_a_password(home: House, meta: MetaWiki, given: Settings) -> None:
    translate(home, "sw", "mawasiliano")
    token = replace(given, meta=replace(given.meta, user="", password="", token="a-token"))
    run(token, Action.PUSH)
    assert meta.text(f"{COMMUNICATION}-label", "sw") == "mawasiliano"
    assert not [asked for asked in meta.asked if asked.get("action") == "login"]


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_credentials_nothing_is_pushed(home: House, meta: MetaWiki, given: Settings, password: str) -> None:
    translate(home, "sw", "mawasiliano")
    with pytest.raises(Forbidden, match=r"CAPX_META_USER|Incorrect password"):
        run(replace(given, meta=replace(given.meta, password=password)), Action.PUSH)
    assert not meta.edits


def test_an_edit_conflict_over_there_is_for_a_person_and_holds_up_nothing(
    home: House, meta: MetaWiki, given: Settings
) -> None:
    translate(home, "sw", "ours")
    translate(home, "yo", "ours")

    def meanwhile(title: str) -> None:
        if title.endswith("/sw") and title not in meta.pages:
            meta.write(title, "theirs", meta.now)

    meta.before_edit = meanwhile
    plan = run(given, Action.PUSH)
    assert whys(plan)["sw"][0] == "person"
    assert meta.text(f"{COMMUNICATION}-label", "sw") == "theirs"
    assert meta.text(f"{COMMUNICATION}-label", "yo") == "ours"


def test_a_text_marked_as_outdated_there_is_not_taken_over(home: House, meta: MetaWiki, given: Settings) -> None:
    meta.translation(f"{COMMUNICATION}-label", "sw", "!!FUZZY!!mawasiliano")
    assert whys(run(given, Action.PULL))["sw"] == ("leave", "marked as outdated there")
    assert label(home, "sw") is None


def test_a_text_that_cannot_be_saved_is_listed_and_the_rest_is_taken(
    home: House, meta: MetaWiki, given: Settings
) -> None:
    meta.translation(f"{COMMUNICATION}-label", "sw", "x" * 251)
    meta.translation(f"{COMMUNICATION}-label", "yo", "<script>alert(1)</script>")
    meta.translation(f"{COMMUNICATION}-description", "ha", "same")
    meta.translation(f"{COMMUNICATION}-label", "ha", "same")
    plan = run(given, Action.PULL)
    assert "at most 250 characters" in whys(plan)["sw"][1]
    assert whys(plan)["ha"][0] == "person"
    assert label(home, "yo") == "<script>alert(1)</script>"
    assert label(home, "ha") is None


LAG: tuple[str, dict[str, str], Any] = ("200 OK", {"Retry-After": "3"}, {"error": {"code": "maxlag", "info": "lagged"}})
TEAPOT: tuple[str, dict[str, str], Any] = ("429 Too Many Requests", {"Retry-After": "7"}, b"slow down")


def test_a_wiki_that_is_behind_is_waited_for(home: House, meta: MetaWiki, given: Settings) -> None:
    meta.troubles = [LAG, LAG]
    slept: list[float] = []
    exchange_with_wiki(given, Action.PULL, asked=replace(AS_ANA, dry_run=True), sleep=slept.append)
    assert slept == [3.0, 3.0]


@pytest.mark.parametrize(
    ("troubles", "error"),
    [
        ([LAG] * 9, Unavailable),
        ([("503 Unavailable", {}, b"<html>")], Unavailable),
        ([("302 Found", {"Location": "http://127.0.0.1:1/"}, b"{}")], Unavailable),
        ([("200 OK", {}, b"[1]")], Unavailable),
        ([("200 OK", {}, {})], Unavailable),
        ([("200 OK", {}, {"error": {"code": "readapidenied", "info": "no"}})], Forbidden),
        ([("200 OK", {}, {"query": {"namespaces": {}}})], InvalidInput),
    ],
)
def test_a_wiki_in_trouble_ends_the_run_with_one_line(
    home: House, meta: MetaWiki, given: Settings, troubles: list[Any], error: type[Exception]
) -> None:
    meta.troubles = troubles
    with pytest.raises(error):
        run(given, Action.PULL)


def test_an_answer_of_any_length_and_a_run_of_any_duration_are_refused(meta: MetaWiki) -> None:
    meta.write("Big", "x" * 100_000, meta.now)
    with serving(meta) as api:
        small = Connection(api, user_agent="t", limits=Limits(answer=10_000, pause=0.0))
        with pytest.raises(Unavailable, match="more than 10000 bytes"):
            Wiki(small).page("Big")
        small.close()
        now = iter(float(n) for n in range(0, 1000, 40))
        late = Connection(api, user_agent="t", limits=Limits(deadline=60.0, pause=0.0), clock=lambda: next(now))
        with pytest.raises(Unavailable, match="longer than 60 seconds"):
            Wiki(late).page("Big")
        late.close()


def test_an_edit_whose_answer_is_lost_is_said_to_be_unknown_and_found_by_the_next_run(
    home: House, meta: MetaWiki, given: Settings
) -> None:
    translate(home, "sw", "mawasiliano")

    meta.loses_answer = True
    with pytest.raises(OutcomeUnknown):
        run(given, Action.PUSH)
    assert whys(run(given, Action.PUSH))["sw"] == ("same", "alike")


def test_two_runs_are_never_at_work_together(given: Settings, home: House) -> None:
    state = State(given.data / "translation", given.meta.api, given.meta.bundle)
    with state.locked(), pytest.raises(Unavailable, match="another exchange"):
        run(given, Action.PULL)


def test_what_was_in_step_is_kept_when_a_run_is_cut_off(home: House, meta: MetaWiki, given: Settings) -> None:
    for capx_id in ("10", "36", "50"):
        translate(home, "sw", f"neno {capx_id}", capx_id)
    seen: list[str] = []

    def stop(title: str) -> None:
        seen.append(title)
        if len(seen) == 2:
            meta.troubles = [("500 Internal", {}, b"")] * 9

    meta.before_edit = stop
    with pytest.raises(Unavailable):
        run(given, Action.PUSH)
    meta.before_edit, meta.troubles = None, []
    kept = State(given.data / "translation", given.meta.api, given.meta.bundle)
    first = seen[0].removeprefix(f"Translations:{BUNDLE}/")
    assert kept.synced(*first.rsplit("/", 1)) is not None
    run(given, Action.PUSH)
    assert sum(title.endswith("/sw") for title in meta.pages) == 3


def test_somebody_must_be_named_to_edit_as_and_to_be_reached(home: House, meta: MetaWiki, given: Settings) -> None:
    with pytest.raises(NotFound, match="--as"):
        run(given, Action.PULL, account="Nobody")
    with pytest.raises(InvalidSetting, match="CAPX_CONTACT"):
        run(replace(given, contact=""), Action.PULL)
    with pytest.raises(NotFound, match="no page"):
        run(replace(given, meta=replace(given.meta, bundle="Module:None")), Action.PULL)


def test_a_file_fills_what_is_missing_and_lists_what_differs(home: House, tmp_path: Path) -> None:
    path = tmp_path / "sw.json"
    path.write_text(json.dumps({"@metadata": {"sourceLanguage": "sw"}, f"{COMMUNICATION}-label": "mawasiliano"}))
    own = home.services.settings
    assert import_bundle(own, path, None, asked=replace(AS_ANA, dry_run=True)).counts()["pull"] == 1
    assert label(home, "sw") is None
    import_bundle(own, path, None, asked=AS_ANA)
    assert label(home, "sw") == "mawasiliano"
    path.write_text(json.dumps({f"{COMMUNICATION}-label": "other"}))
    plan = import_bundle(own, path, "sw", asked=AS_ANA)
    assert whys(plan)["sw"][0] == "person"
    assert label(home, "sw") == "mawasiliano"
    import_bundle(own, path, "sw", asked=AS_ANA, prefer="file")
    assert label(home, "sw") == "other"


def test_a_file_may_begin_with_a_mark_of_byte_order_and_must_be_utf_8(home: House, tmp_path: Path) -> None:
    path, own = tmp_path / "sw.json", home.services.settings
    text = json.dumps(
        {"@metadata": {"sourceLanguage": "sw"}, f"{COMMUNICATION}-label": "mawasiliané"}, ensure_ascii=False
    )
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InvalidInput, match=f"{path} is not UTF-8 text"):
        import_bundle(own, path, None, asked=AS_ANA)
    path.write_text(text, encoding="utf-8-sig")
    assert import_bundle(own, path, None, asked=replace(AS_ANA, dry_run=True)).counts()["pull"] == 1


def test_the_commands_export_import_and_tell_by_exit_code(
    home: House,
    meta: MetaWiki,
    given: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("CONTACT", "tests@example.org"), ("META_API", given.meta.api), ("META_ACCOUNT", "Ana")):
        monkeypatch.setenv(settings.PREFIX + name, value)

    def command(*words: str) -> tuple[int | None, str]:
        code = capx.main(["--data", str(given.data), "translate", *words], standalone_mode=False)
        return code, capsys.readouterr().out

    code, out = command("export", "-", "--language", "fr")
    exported = json.loads(out)
    assert not code
    assert exported["@metadata"] == {"sourceLanguage": "fr"}
    assert exported[f"{COMMUNICATION}-label"] == "communication"
    meta.translation(f"{COMMUNICATION}-label", "sw", "mawa\tsiliano")
    code, out = command("pull", "--meta", "--dry-run", "--json")
    steps = [step for step in json.loads(out)["steps"] if step["language"] == "sw"]
    assert [(step["action"], step["there"]) for step in steps] == [("pull", "mawa siliano")]
    assert not code
    assert command("pull", "--meta")[0] == 0
    assert label(home, "sw") == "mawa siliano"
    path = tmp_path / "sw.json"
    path.write_text(json.dumps({f"{COMMUNICATION}-label": "other"}))
    code, out = command("import", str(path), "--language", "sw")
    assert code == 3
    assert out.startswith(f"person\t{COMMUNICATION}-label\tsw\tmawa siliano\tother\t")
