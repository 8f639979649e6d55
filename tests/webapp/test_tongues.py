"""Sentences, lists, names and dates as a language sets them, not as English would: on the pages and what they carry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from capx_graph.messages import load_messages
from capx_graph.profiles import CapacityProfile, EventLine, PersonProfile
from capx_graph.resources import messages_dir
from tests.doubles.addresses import PERSON
from tests.doubles.services import EDITING, EVENT, FakeProfiles, FakeServices, matches

MESSAGES = load_messages(messages_dir())
BEGIN = datetime(2026, 6, 1, 14, tzinfo=ZoneInfo("America/Sao_Paulo"))


def offering(label: str) -> PersonProfile:
    """A person who offers a capacity of this name."""
    profile = FakeProfiles().person_profile
    held = replace(profile.offers[0], capacity=replace(EDITING, label=label))
    return replace(profile, offers=(held,), wants=())


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Offers: A & B"), ("fr", "Offre\u00a0: A & B"), ("ja", "提供する：A & B")]
)
def test_a_card_says_what_a_person_offers_in_characters_and_marks_of_the_language(
    client: FlaskClient, services: FakeServices, language: str, said: str
) -> None:
    services.profiles = FakeProfiles(person_profile=offering("A & B"))
    page = client.get(PERSON, query_string={"uselang": language}).text
    cards = re.findall(r'<meta (?:name|property)="(?:og:)?description" content="([^"]*)">', page)
    assert [unescape(card) for card in cards] == [said, said]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "2026年6月1日月曜日 14時00分～16時00分"),
        ("ar", "الاثنين، 1 يونيو 2026، 2:00–4:00 م"),
        ("de", "Montag, 1. Juni 2026, 14:00–16:00 Uhr"),
        ("tr", "1 Haziran 2026 Pazartesi 14:00–16:00"),
    ],
)
def test_day_and_hours_are_joined_as_the_language_joins_them(language: str, said: str) -> None:
    assert MESSAGES.translator(language).span(BEGIN, BEGIN.replace(hour=16)) == said


def test_what_lasts_over_night_says_both_days() -> None:
    japanese = MESSAGES.translator("ja")
    assert japanese.span(BEGIN, BEGIN.replace(day=2)) == "2026年6月1日月曜日 14:00～2026年6月2日火曜日 14:00"
    assert japanese.span(BEGIN) == "2026年6月1日月曜日 14:00"


def test_templates_glue_no_sentences_together() -> None:
    """A colon, comma or full stop between two things that are said is the language's: it stands in a message."""
    glued = re.compile(r"[%}]\}(?:: |, |\. |、)|\{% if not loop\.last %\},")
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in (messages_dir().parent / "templates").rglob("*.html")
    }
    assert not {name: glued.findall(text) for name, text in texts.items() if glued.search(text)}


@pytest.mark.parametrize(("language", "one", "more"), [("fr", "fait", "faits"), ("pt", "feito", "feitos")])
def test_drafts_agree_with_their_number(language: str, one: str, more: str) -> None:
    tr = MESSAGES.translator(language)
    assert f"{one} " in tr.text("draft-waiting", 1)
    assert f"{more} " in tr.text("draft-waiting", 2)


@pytest.mark.parametrize(
    "address", ["/", "/directory", "/search?capacity=Q201", "/capacity/Q202", PERSON, f"{PERSON}/matches"]
)
def test_a_capacity_that_has_no_name_in_the_readers_language_says_whose_it_bears(
    client: FlaskClient, address: str
) -> None:
    asked = f"{address}{'&' if '?' in address else '?'}uselang="
    page = client.get(f"{asked}it").text
    assert '<bdi aria-hidden="true">en</bdi><span class="visually-hidden"> in inglese</span>' in page
    assert page.count('</bdi><sup class="fallback" title="in inglese">') == page.count('class="fallback"')
    assert not re.findall(r'<a class="capacity-link"[^>]*><span[^>]*></span><bdi[^>]*>[^<]*</bdi>(?!<sup)', page)
    assert 'class="fallback"' not in client.get(f"{asked}en").text


@pytest.mark.parametrize(
    ("written", "read", "marked"), [("pt", "pt-br", 0), ("zh-hant", "zh-hans", 0), ("ru", "uk", 1), ("pt", "es", 1)]
)
def test_a_variant_of_the_readers_language_is_not_called_another(
    client: FlaskClient, services: FakeServices, written: str, read: str, marked: int
) -> None:
    profile = offering("x")
    held = replace(profile.offers[0], capacity=replace(EDITING, language=written), path=())
    services.profiles = FakeProfiles(person_profile=replace(profile, offers=(held,)))
    page = client.get(PERSON, query_string={"uselang": read}).text
    assert page.count('class="fallback"') == marked


def test_names_of_people_and_places_bear_no_mark(client: FlaskClient) -> None:
    page = client.get(f"{PERSON}?uselang=it").text
    assert "Brazil</bdi></a>" in page
    assert 'class="fallback"' in page


class InTokyo(FakeProfiles):
    """Lists an event that begins in Tokyo in the evening of the day before, as UTC counts."""

    def capacity(self, value: str, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0) -> CapacityProfile:
        profile = super().capacity(value, reader=reader)
        return replace(profile, events=(EventLine(EVENT, LATE, zone="Asia/Tokyo"),))


LATE = "2026-07-01T23:30:00Z"


@pytest.mark.parametrize("address", ["/capacity/Q202", f"{PERSON}/matches"])
def test_an_event_in_a_list_is_on_the_day_that_it_is_where_it_is(
    client: FlaskClient, services: FakeServices, address: str
) -> None:
    found = matches()
    services.profiles = InTokyo()
    services.matching.answer = replace(found, events=(replace(found.events[0], begin=LATE, zone="Asia/Tokyo"),))
    page = client.get(address).text
    assert "July 2, 2026" in page
    assert "July 1, 2026" not in page


@pytest.mark.parametrize(
    ("pronoun", "offers"), [("she-her", "تعرض"), ("he-him", "يعرض"), ("they-them", "يعرض"), (None, "يعرض")]
)
def test_who_says_how_to_be_spoken_of_is_spoken_of_so(
    client: FlaskClient, services: FakeServices, pronoun: str | None, offers: str
) -> None:
    services.profiles = FakeProfiles(person_profile=replace(FakeProfiles().person_profile, pronoun=pronoun))
    page = client.get(PERSON, query_string={"uselang": "ar"}).text
    assert f"<h2>{offers} <" in page
    assert f'"og:description" content="{offers}:' in page


@pytest.mark.parametrize(
    ("gender", "said"),
    [("female", "Encontrei-a no"), ("male", "Encontrei-o no"), ("unknown", "Encontrei o seu perfil no")],
)
def test_a_first_word_to_somebody_agrees_with_them(gender: str, said: str) -> None:
    assert said in MESSAGES.translator("pt").text("contact-hello", "Ana", "CapX", gender)


def test_what_became_of_a_thing_agrees_with_what_it_is() -> None:
    italian = MESSAGES.translator("it")
    kinds = ("suggest-state-accepted", "proposal-state-accepted", "edit-declined")
    assert [italian.text(key) for key in kinds] == ["accettato", "accettata", "rifiutata"]


@pytest.mark.parametrize(
    ("code", "told"), [("pt-br", "pt_BR"), ("pt", "pt_PT"), ("zh-hans", "zh_CN"), ("ja", "ja_JP"), ("ar", "ar_EG")]
)
def test_cards_name_the_language_with_a_country(client: FlaskClient, code: str, told: str) -> None:
    assert f'"og:locale" content="{told}"' in client.get(f"/?uselang={code}").text


def test_the_card_of_a_place_says_how_many_are_there(client: FlaskClient) -> None:
    assert '"og:description" content="People based here: 7"' in client.get("/territory/BR").text
