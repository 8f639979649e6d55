"""Events and projects as lists and as calendars: over a real service, read back as a calendar program reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies
from icalendar import Calendar

from capx_graph import zones
from capx_graph.connected import load_embedded
from capx_graph.events import Dated, Words, calendar
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.model import Draft, EntityKind, Ref
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.profiles import EventProfile, Text
from tests.houses.directory import House, house

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(days=40)).replace(hour=12, minute=0, second=0)
HERE = WikibaseNamespaces("http://capx.test")


def iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Made:
    home: House
    items: dict[str, str]

    def item(self, class_name: str, code: str, labels: dict[str, str], **values: str) -> str:
        repository = self.home.services.repository
        (item,) = repository.allocate("item", 1)
        draft = ItemDraft(Vocabulary(load_embedded()), item, class_name=class_name)
        for language, text in labels.items():
            draft.label(language.replace("_", "-"), text)
        draft.add("code", code)
        for name, value in values.items():
            draft.add(name, value)
        repository.bulk([Draft(draft.entity())], actor="Operator")
        self.home.services.ingest.catch_up()
        self.items[code] = item
        return item

    def feed(self, address: str) -> dict[str, Any]:
        """The events of a calendar by their UID's item."""
        answer = self.home.client.get(address)
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "text/calendar; charset=utf-8"
        return {str(one["UID"]).rpartition("/")[2]: one for one in Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with house(tmp_path_factory.mktemp("events")) as home:
        found = Made(home, {})
        directory = home.directory
        brazil = directory.codes[EntityKind.TERRITORY, "br"]
        child = next(
            child for parent, children in directory.tree.children.items() for child in children
            if directory.entries[parent].kind is EntityKind.CAPACITY
        )  # fmt: skip
        found.items |= {"BR": brazil, "child": child, "parent": directory.tree.parents[child][0]}
        chapter = found.item("Organization", "ORGA", {"en": "Wiki Club"}, basedIn=brazil)
        found.item("Organization", "ORGB", {"en": "Other Club"})
        found.item(
            "Event", "EVSAO", {"en": "Sound & light", "pt_br": "Som e luz"}, begin=iso(SOON),
            end=iso(SOON + timedelta(hours=2)), timeZone="America/Sao_Paulo", takesPlaceIn=brazil, organizer=chapter,
            concerns=child, venue="Casa, Rua 1; São Paulo", locationType=individual("InPerson"),
        )  # fmt: skip
        found.item(
            "Event", "EVNET", {"en": "Net"}, begin=iso(SOON + timedelta(days=1)), website="https://meet.example/x",
            locationType=individual("Virtual"), cancelled=iso(NOW),
        )  # fmt: skip
        found.item("Event", "EVOLD", {"en": "Long ago"}, begin=iso(NOW - timedelta(days=800)))
        found.item("Event", "EVNEW", {"en": "Just now"}, begin=iso(NOW - timedelta(days=8)))
        found.item("Event", "EVBAD", {"en": "Some day"}, begin="some day")
        found.item("Project", "PRONE", {"en": "Film school"}, partner=chapter, concerns=child)
        yield found


def individual(name: str) -> str:
    return load_embedded().item_id(name)


def test_a_calendar_gives_the_same_instants_in_the_zone_of_the_event(made: Made) -> None:
    event = made.feed("/events.ics")[made.items["EVSAO"]]
    assert event.start == SOON
    assert event.end == SOON + timedelta(hours=2)
    assert event["DTSTART"].params["TZID"] == "America/Sao_Paulo"
    assert str(event["UID"]) == made.home.services.namespaces.entity + made.items["EVSAO"]
    assert str(event["LOCATION"]) == "Casa, Rua 1; São Paulo, Brazil"
    assert event["STATUS"] == "CONFIRMED"
    assert "/event/EVSAO" in str(event["URL"])
    text = made.home.client.get("/events.ics").text
    assert re.search(r"BEGIN:VTIMEZONE\r\nTZID:America/Sao_Paulo\r\n", text)


def test_an_event_online_has_its_link_and_one_that_is_cancelled_stays_and_says_so(made: Made) -> None:
    event = made.feed("/events.ics")[made.items["EVNET"]]
    assert str(event["LOCATION"]) == str(event["URL"]) == "https://meet.example/x"
    assert event["STATUS"] == "CANCELLED"
    assert event.start.utcoffset() == timedelta(0)
    assert "DTEND" not in event


def test_a_calendar_has_coming_and_recent_events_and_each_has_one_of_its_own(made: Made) -> None:
    assert set(made.feed("/events.ics")) == {made.items[code] for code in ("EVSAO", "EVNET", "EVNEW")}
    assert set(made.feed("/event/EVOLD.ics")) == {made.items["EVOLD"]}
    assert set(made.feed("/organization/ORGA/events.ics")) == {made.items["EVSAO"]}
    assert not made.feed("/organization/ORGB/events.ics")


def test_a_calendar_that_leaves_events_out_says_so(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "X-WR-CALDESC" not in made.home.client.get("/events.ics?uselang=fr").text
    monkeypatch.setattr("capx_graph.events.listing.MOST", 2)
    made.item("Organization", "ORGC", {"en": "Later Club"})  # another state of the graph: no answer that is kept
    answer = made.home.client.get("/events.ics?uselang=en")
    (found,) = Calendar.from_ical(answer.data).walk("VCALENDAR")
    assert len(found.walk("VEVENT")) == 2
    assert str(found["DESCRIPTION"]) == "This calendar holds the 2 events nearest in time, of 3."
    assert "events nearest in time, of 3." in made.home.client.get("/events?uselang=en").text


@pytest.mark.parametrize("address", ["/event/EVBAD.ics", "/event/NONE.ics", "/organization/NONE/events.ics"])
def test_what_is_not_there_has_no_calendar(made: Made, address: str) -> None:
    assert made.home.client.get(address).status_code == 404


def test_the_words_of_a_calendar_are_the_readers(made: Made) -> None:
    event = made.feed("/events.ics?uselang=pt-br")[made.items["EVSAO"]]
    assert str(event["SUMMARY"]) == "Som e luz"
    assert event["SUMMARY"].params["LANGUAGE"] == "pt-BR"
    assert "Organizado por Wiki Club" in str(event["DESCRIPTION"])
    naming = made.home.services.membership.naming
    assert event["CATEGORIES"].cats == [naming.ref(made.items["child"], ("pt-br", "pt", "en")).label]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("capacity={parent}", {"EVSAO"}),
        ("capacity={parent}&descendants=0", set()),
        ("territory=BR", {"EVSAO"}),
        ("organization=orga", {"EVSAO"}),
        ("organization=ORGB", set()),
        ("organization=ORGA&organization=ORGB", {"EVSAO"}),
        ("organization=ORGB&territory=BR", set()),
    ],
)
def test_a_list_and_its_calendar_are_narrowed_as_a_search(made: Made, asked: str, codes: set[str]) -> None:
    query = asked.format(**made.items)
    expected = {made.items[code] for code in codes}
    assert set(made.feed(f"/events.ics?{query}")) == expected
    page = made.home.client.get(f"/events?{query}").text
    assert set(re.findall(r'href="/event/([^"?]+)"', page)) == codes
    search = made.home.client.get(f"/search.json?class=event&limit=100&{query}").get_json()
    assert {hit["name"] for hit in search["hits"]} == codes


@pytest.mark.parametrize("address", ["/events?capacity=Q1", "/events.ics?territory=XX", "/events?when=never"])
def test_a_condition_that_names_nothing_is_refused(made: Made, address: str) -> None:
    assert made.home.client.get(address).status_code == 400


def test_a_calendar_that_has_not_changed_is_not_sent_again(made: Made) -> None:
    first = made.home.client.get("/events.ics")
    again = made.home.client.get("/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_the_number_of_an_entry_rises_with_every_edit(made: Made) -> None:
    services = made.home.services
    item = made.item("Event", "EVMORE", {"en": "More"}, begin=iso(SOON))
    before = made.feed("/event/EVMORE.ics")[item]
    page = services.repository.page(item)
    assert page is not None
    services.writer.update(
        item, {"labels": {"en": {"language": "en", "value": "Most"}}}, account="Ana", base_revision=page.revision_id
    )
    after = made.feed("/event/EVMORE.ics")[item]
    assert (str(before["SUMMARY"]), str(after["SUMMARY"])) == ("More", "Most")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["UID"] == before["UID"]
    changed = services.repository.page(item)
    assert changed is not None
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == changed.modified.replace(microsecond=0)


def test_the_list_divides_what_comes_from_what_is_over(made: Made) -> None:
    coming = made.home.client.get("/events").text
    past = made.home.client.get("/events?when=past").text
    assert re.findall(r'href="/event/(EV\w+)"', past) == ["EVNEW", "EVOLD"]
    assert {"EVSAO", "EVNET"} <= set(re.findall(r'href="/event/(EV\w+)"', coming))
    assert "EVBAD" not in coming + past
    assert '<link rel="alternate" type="text/calendar" href="/events.ics"' in coming


def test_times_are_told_by_the_events_clocks_and_by_the_readers(made: Made) -> None:
    client = made.home.client.application.test_client()
    page = client.get("/event/EVSAO").text
    begin, end = (zones.shown(at, "America/Sao_Paulo").strftime("%-I:%M") for at in (SOON, SOON + timedelta(hours=2)))
    assert f"{begin}\u2009–\u2009{end}\u202fAM" in page
    assert '(<bdi dir="ltr">America/Sao_Paulo</bdi>)' in page
    assert "Asia/Tokyo</bdi>" not in page
    kept = client.post("/preferences", data={"zone": "Asia/Tokyo", "return": "/event/EVSAO"})
    assert kept.location == "/event/EVSAO"
    own = client.get("/event/EVSAO").text
    assert "Asia/Tokyo</bdi>" in own
    assert "9:00\u2009–\u200911:00\u202fPM" in own
    assert client.post("/preferences", data={"zone": "Mars/Olympus"}).status_code == 400


def test_an_event_and_a_project_say_who_wants_and_offers_what_they_are_about(made: Made) -> None:
    made.home.person("Nara", offers=made.items["child"])
    made.home.person("Otto", wants=made.items["child"])
    for address in ("/event/EVSAO", "/project/PRONE"):
        page = made.home.client.get(address).text
        assert f'capacity={made.items["child"]}&amp;role=offers&amp;class=person">1 offers</a>' in page
        assert ">1 wants</a>" in page
    assert '<a class="plain-link" href="/project/PRONE">' in made.home.client.get("/projects?organization=ORGA").text
    assert "PRONE" not in made.home.client.get("/projects?organization=ORGB").text


HOSTILE = (
    "x\r\nATTENDEE:mailto:a@example.org",
    "x\nEND:VEVENT\nBEGIN:VEVENT\nUID:1",
    "x\rDTSTART:19700101T000000Z",
    "x\u2028BEGIN:VALARM\x85\x0b\x0c\x1d\x00",
    'a,b;c:d\\n"e"',
    "長" * 300 + "\U0001f600" * 50,
)


def entry(**texts: str) -> EventProfile:
    text = texts.get("text", "x")
    return EventProfile(
        Ref("Q5", text, texts.get("language", "en"), EntityKind.EVENT, text), Text(text), None, None,
        Ref("Q34", text, code="virtual"), text, (text, f"https://example.org/{text}"), None, (Ref("Q6", text),), (),
        (Ref("Q7", text), Ref("Q8", text)), (Ref("Q9", text),), texts.get("zone"), texts.get("cancelled"),
    )  # fmt: skip


def written(event: EventProfile) -> bytes:
    words = Words(
        f"All {event.ref.label}", lambda one: f"http://capx.test/event/{one.ref.id}", lambda one: one.ref.label
    )
    dated = Dated(event, SOON, SOON + timedelta(hours=1), 2**40, NOW)
    return calendar([dated], words, HERE)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_member_becomes_a_line_of_the_calendar(text: str) -> None:
    check(written(entry(text=text, zone=text, language=text, cancelled=text)))


@given(strategies.text(max_size=200))
def test_no_text_at_all_becomes_a_line_of_the_calendar(text: str) -> None:
    check(written(entry(text=text)))


def check(data: bytes) -> None:
    lines = data.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f\x85]", "".join(lines))
    names = [re.split("[;:]", line)[0] for line in lines if line[:1] != " "]
    assert names.count("BEGIN") == 2
    assert set(names) <= {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
        "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "CATEGORIES", "DESCRIPTION", "LAST-MODIFIED",
        "LOCATION", "STATUS", "URL", "",
    }  # fmt: skip
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert event.start == SOON
    assert str(event["UID"]) == "http://capx.test/entity/Q5"
    assert event["SEQUENCE"] == 2**31 - 1


def test_clocks_that_are_set_forward_skip_an_hour_and_one_shown_twice_means_the_first() -> None:
    with pytest.raises(zones.NoSuchTime):
        zones.instant(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")
    twice = zones.instant(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    strategies.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)), strategies.sampled_from(sorted(zones._known()))
)
def test_an_instant_shows_as_the_time_that_it_was_made_of(local: datetime, name: str) -> None:
    local = local.replace(microsecond=0, fold=0)
    try:
        at = zones.instant(local, name)
    except zones.NoSuchTime:
        return
    assert zones.shown(at, name).replace(tzinfo=None, fold=0) == local


@pytest.mark.parametrize("name", ["EST", "localtime", "posix/UTC", "right/UTC", "../UTC", "/etc/passwd", "", "utc"])
def test_what_is_no_place_is_no_zone(name: str) -> None:
    assert not zones.is_zone(name)
    assert str(zones.zone(name)) == "UTC"
