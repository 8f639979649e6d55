"""The translation workspace over the real services: what is listed, what a save does, who may, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.model import Receipt
from capx_graph.translation import Asked, Shown, Standing, Translated
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

EVIL = "<script>alert(1)</script>\"'>"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("unchanged")) as opened:
        yield opened


@pytest.fixture
def unchanged(shared_house: House) -> Iterator[House]:
    """A house with a stranger at the client, in which nothing is changed."""
    before = shared_house.services.repository.head()
    yield House(shared_house.services, shared_house.client.application.test_client())
    assert shared_house.services.repository.head() == before


def translated(home: House, item: str, label: str, *, target: str = "sw", description: str = "") -> Receipt:
    """Saves a translation as Ana."""
    home.session("Ana")
    page = home.services.repository.page(item)
    assert page is not None
    given = Translated(item, "en", target, page.revision_id, label, description)
    return home.services.directory_work.saving.save(given, account="Ana")


def test_what_is_missing_comes_first_and_what_is_done_goes(home: House) -> None:
    desk = home.services.directory_work.desk
    before = desk.workspace(Asked("en", "sw"), reader=("en",))
    assert before.counts == {Standing.MISSING: 134}
    item = before.rows[0].ref.id
    translated(home, item, "muundo", description="kuendesha shirika")
    after = desk.workspace(Asked("en", "sw"), reader=("en",))
    assert after.counts == {Standing.MISSING: 133, Standing.DONE: 1}
    assert item not in {row.ref.id for row in after.rows}
    assert (after.progress.labels, after.progress.descriptions, after.progress.percent) == (1, 1, 0)
    everything = desk.workspace(Asked("en", "sw", Shown.ALL, offset=133), reader=("en",))
    assert [row.ref.id for row in everything.rows] == [item]


def test_a_translation_is_outdated_when_its_source_changes_until_somebody_looks_at_it(home: House) -> None:
    item = home.item("36")
    translated(home, item, "mawasiliano")
    desk = home.services.directory_work.desk
    asked = Asked("en", "sw", Shown.OUTDATED)
    assert not desk.workspace(asked, reader=("en",)).rows
    translated(home, item, "talking to one another", target="en", description="saying things")
    (row,) = [
        row
        for row in desk.workspace(Asked("en", "sw", Shown.ALL, limit=200), reader=("en",)).rows
        if row.ref.id == item
    ]
    assert row.standings["label"] is Standing.OUTDATED
    assert row.formerly["label"] == "communication"
    receipt = translated(home, item, "mawasiliano")
    assert not receipt.changed
    assert not desk.workspace(asked, reader=("en",)).rows
    translated(home, item, "talking", target="en", description="saying things")
    assert len(desk.workspace(Asked("en", "sw", Shown.ALL, item, limit=200), reader=("en",)).rows) > 1
    assert desk.row(item, asked, reader=("en",)).standings["label"] is Standing.OUTDATED


def test_saving_takes_the_mark_of_an_unreviewed_translation_away(home: House) -> None:
    item = home.item("36")
    desk = home.services.directory_work.desk
    row = desk.row(item, Asked("en", "fr"), reader=("en",))
    assert row.standing is Standing.UNREVIEWED
    assert translated(home, item, row.target.label, target="fr", description=row.target.description).changed
    assert desk.row(item, Asked("en", "fr"), reader=("en",)).standing is Standing.DONE
    assert desk.row(item, Asked("en", "de"), reader=("en",)).standing is Standing.UNREVIEWED


def test_a_form_saves_under_the_translators_account_and_leads_to_what_is_left(home: House) -> None:
    home.sign_in("Ana")
    item = home.item("10")
    fields = home.form("/translate?to=sw", f"/translate/{item}")
    answer = home.client.post(f"/translate/{item}", data=fields | {"label": "  muundo   wa\nshirika "})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/translate?from=en&to=sw&saved=1"
    assert home.labels(item)["sw"] == "muundo wa shirika"
    recent = home.client.get("/wiki/Special:RecentChanges").text
    assert "translation into sw" in recent
    assert ">Ana<" in recent
    assert "muundo wa shirika" in home.client.get("/directory?uselang=sw").text


def test_the_script_gets_the_row_and_the_progress(home: House) -> None:
    home.sign_in("Ana")
    item = home.item("10")
    fields = home.form("/translate?to=sw", f"/translate/{item}") | {"label": "muundo", "part": "1"}
    answer = home.client.post(f"/translate/{item}", data=fields)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="row-{item}"' in answer.text
    assert "1 of 134 labels" in answer.text


def test_of_two_translators_the_second_sees_the_firsts_words_and_may_replace_them(home: House) -> None:
    item = home.item("10")
    first, second = home.client, home.client.application.test_client()
    home.sign_in("Ana", client=first)
    home.sign_in("Bo", client=second)
    seen = home.form("/translate?to=sw", f"/translate/{item}", client=second)
    fields = home.form("/translate?to=sw", f"/translate/{item}", client=first)
    assert first.post(f"/translate/{item}", data=fields | {"label": "muundo"}).status_code == 303
    answer = second.post(f"/translate/{item}", data=seen | {"label": "mpango"})
    assert answer.status_code == 409
    assert "Somebody else has translated this meanwhile" in answer.text
    assert "muundo" in answer.text
    assert ">\nmpango</textarea>" in answer.text
    assert home.labels(item)["sw"] == "muundo"
    base = answer.text.split('name="base" value="')[1].split('"')[0]
    assert second.post(f"/translate/{item}", data=seen | {"label": "mpango", "base": base}).status_code == 303
    assert home.labels(item)["sw"] == "mpango"


def test_two_translators_of_different_texts_of_one_capacity_lose_nothing(home: House) -> None:
    item = home.item("10")
    first, second = home.client, home.client.application.test_client()
    home.sign_in("Ana", client=first)
    home.sign_in("Bo", client=second)
    one = home.form("/translate?to=sw", f"/translate/{item}", client=first)
    other = home.form("/translate?to=yo", f"/translate/{item}", client=second)
    assert first.post(f"/translate/{item}", data=one | {"label": "muundo"}).status_code == 303
    assert second.post(f"/translate/{item}", data=other | {"label": "eto"}).status_code == 303
    assert home.labels(item)["sw"] == "muundo"
    assert home.labels(item)["yo"] == "eto"


@pytest.mark.parametrize("token", ["", "+\\", "0" * 40 + "+\\"])
def test_a_form_of_another_site_saves_nothing(unchanged: House, token: str) -> None:
    unchanged.sign_in("Ana")
    item = unchanged.item("10")
    fields = unchanged.form("/translate?to=sw", f"/translate/{item}") | {"label": "x", "token": token}
    assert unchanged.client.post(f"/translate/{item}", data=fields).status_code == 403
    assert "sw" not in unchanged.labels(item)


def test_a_visitor_reads_the_workspace_and_cannot_save(unchanged: House) -> None:
    text = unchanged.client.get("/translate?to=sw").text
    assert " readonly" in text
    assert "signed in" in text or "/signin" in text
    item = unchanged.item("10")
    assert unchanged.client.post(f"/translate/{item}", data={"to": "sw", "label": "x", "base": "1"}).status_code == 403


def test_a_member_is_not_faster_by_form_than_by_tool(home: House) -> None:
    home.sign_in("Ana")
    item = home.item("10")
    fields = home.form("/translate?to=sw", f"/translate/{item}") | {"label": "muundo", "base": "1"}
    most = home.services.settings.edits_per_minute
    assert most is not None
    statuses = [home.client.post(f"/translate/{item}", data=fields).status_code for _ in range(most + 1)]
    assert (statuses[0], statuses[-1]) == (409, 429)
    assert "sw" not in home.labels(item)


def test_a_limited_session_cannot_save(home: House) -> None:
    account = home.services.accounts.add("Bot", "a long password")
    home.client.set_cookie("capxwiki_session", home.services.accounts.open_session(account, frozenset({"read"})))
    item = home.item("10")
    fields = home.form("/translate?to=sw", f"/translate/{item}") | {"label": "x"}
    assert home.client.post(f"/translate/{item}", data=fields).status_code == 403


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"label": "x" * 251}, "at most 250 characters"),
        ({"label": "a\x00b"}, "cannot be shown"),
        ({"label": "a\u202eb"}, "U+202E"),
        ({"label": "same", "description": "same"}, "only repeats"),
        ({"aliases": "|".join(f"a{n}" for n in range(51))}, "more than 50"),
        ({"base": "9" * 15}, "meanwhile"),
        ({"base": "-1"}, "must be a whole number"),
        ({"to": "nonsense"}, "language"),
        ({"from": "<b>"}, "language"),
        ({"show": "<b>"}, "must be one of"),
    ],
)
def test_what_cannot_be_saved_is_said_and_keeps_what_was_typed(
    unchanged: House, changed: dict[str, str], said: str
) -> None:
    unchanged.sign_in("Ana")
    item = unchanged.item("10")
    fields = unchanged.form("/translate?to=sw", f"/translate/{item}") | {"label": "muundo"} | changed
    answer = unchanged.client.post(f"/translate/{item}", data=fields)
    assert answer.status_code in (400, 409)
    assert said in answer.text
    assert "<b>" not in answer.text
    assert "sw" not in unchanged.labels(item)


def test_a_name_and_definition_that_another_capacity_has_are_refused_as_such(home: House) -> None:
    translated(home, home.item("10"), "muundo", description="kuendesha shirika")
    home.sign_in("Ana")
    item = home.item("36")
    taken = {"label": "muundo", "description": "kuendesha shirika"}
    answer = home.client.post(f"/translate/{item}", data=home.form(f"/translate/{item}?to=sw") | taken)
    assert answer.status_code == 400
    assert "Somebody else" not in answer.text
    assert home.item("10") in answer.text


def test_the_english_name_of_a_capacity_cannot_be_taken_away(unchanged: House) -> None:
    unchanged.sign_in("Ana")
    item = unchanged.item("10")
    fields = unchanged.form(f"/translate/{item}?to=en")
    answer = unchanged.client.post(f"/translate/{item}", data=fields | {"label": ""})
    assert answer.status_code == 400
    assert "Every capacity has an English label" in answer.text
    assert "en" in unchanged.labels(item)


def test_hostile_text_stays_text_wherever_it_is_shown(home: House) -> None:
    item = home.item("10")
    home.sign_in("Ana")
    fields = home.form("/translate?to=sw", f"/translate/{item}")
    sent = fields | {"label": EVIL, "description": f"{EVIL} d", "aliases": f"{EVIL} | javascript:alert(1)"}
    assert home.client.post(f"/translate/{item}", data=sent).status_code == 303
    more = (
        f"/translate/{item}?to=sw",
        "/translate?to=yo&from=sw&show=all",
        "/directory?uselang=sw",
        f"/capacity/{item}",
    )
    for address in more:
        text = home.client.get(address).text
        assert "<script>alert" not in text, address
        assert "alert(1)" in text, address


@pytest.mark.parametrize(
    "address",
    [
        "/translate?to=nonsense",
        "/translate?to=sw&root=Q1",
        "/translate?to=sw&show=x",
        "/translate?to=sw&offset=x",
        "/translate?to=sw&from=%00",
        "/translate?to=mul",
    ],
)
def test_an_address_that_cannot_be_is_answered_with_the_rule(unchanged: House, address: str) -> None:
    assert unchanged.client.get(address).status_code == 400


@pytest.mark.parametrize("item", ["Q1", "Q999999", "P1", "x"])
def test_only_capacities_are_translated_here(unchanged: House, item: str) -> None:
    assert unchanged.client.get(f"/translate/{item}?to=sw").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_the_workspace_is_in_the_readers_language(unchanged: House, language: str) -> None:
    for address in ("/translate", "/translate?to=he", f"/translate/{unchanged.item('10')}?to=he"):
        answer = unchanged.client.get(f"{address}{'&' if '?' in address else '?'}uselang={language}")
        assert answer.status_code == 200
        assert "⧼" not in answer.text
        assert answer.text.count("<h1") == 1
        assert answer.headers["Cache-Control"] == "no-store"
    assert 'lang="he" dir="rtl"' in answer.text
