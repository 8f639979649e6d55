"""Events and projects that have managers, in the browser: their times above all, by forms without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from capx_graph.connected import load_embedded
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.model import Draft, EntityKind
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

ONLINE = load_embedded().item_id("Virtual")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("eventpages")) as opened:
        yield opened


def form_of(text: str) -> MultiDict[str, str]:
    """What a browser would send of the form of a record."""
    found: MultiDict[str, str] = MultiDict()
    form = text[text.index('class="edit-form"') :]
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w.-]+)="([^"]*)"', tag))
        if "name" in attributes and (attributes.get("type") != "checkbox" or " checked" in tag):
            found.add(attributes["name"], unescape(attributes.get("value", "")))
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', inner) or re.findall(r'<option value="([^"]*)"', inner)
        found.add(name, unescape(chosen[0]))
    return found


def send(client: FlaskClient, address: str, **changes: str) -> TestResponse:
    form = form_of(client.get(address).text)
    for name, value in changes.items():
        form[name.replace("__", ".")] = value
    form["save"] = "1"
    return client.post(address, data=form)


def proposed(client: FlaskClient, name: str, *, kind: str = "event", query: str = "", **changes: str) -> TestResponse:
    address = f"/propose/{kind}{query}"
    form = form_of(client.get(address).text)
    form["names.label"], form["names.language"] = name, "en"
    for field, value in changes.items():
        form[field.replace("__", ".")] = value
    form["save"] = "1"
    return client.post(f"/propose/{kind}", data=form)


def event(home: House, name: str, manager: str, **changes: str) -> str:
    """An event that a manager of an organization made, and so manages."""
    group = home.organization(f"Hosts of {name}", manager=manager)
    times = {"time__begin": "2031-07-01T09:30", "time__zone": "America/Sao_Paulo"} | changes
    answer = proposed(home.browser(manager), name, query=f"?organizer={group}", **times)
    assert answer.status_code == 303, errors(answer)
    found = re.search(r"/manage/(Q\d+)", answer.location)
    assert found
    return found[1]


def errors(answer: TestResponse) -> list[str]:
    found = re.findall(r'message--error"><span[^>]*></span><span[^>]*>(.*?)</span>', answer.text)
    return [unescape(re.sub(r"</?bdi>", "", text)) for text in found]


def instants(home: House, item: str) -> tuple[str | None, str | None, str | None]:
    (found,) = home.services.profiles.events([item])
    return found.begin, found.end, found.zone


def test_who_manages_the_organizer_makes_an_event_and_manages_it(home: House) -> None:
    item = event(home, "Photo walk", "Ana", time__end="2031-07-01T11:00", locationType=ONLINE)
    assert instants(home, item) == ("2031-07-01T12:30:00Z", "2031-07-01T14:00:00Z", "America/Sao_Paulo")
    assert home.services.accounts.managers.manages(home.number("Ana"), item)
    (entry,) = Calendar.from_ical(home.client.get(f"/event/{item}.ics").data).walk("VEVENT")
    assert entry.start == datetime(2031, 7, 1, 12, 30, tzinfo=UTC)
    assert "Photo walk" in home.client.get("/events").text
    assert f"/manage/{item}" in home.browser("Ana").get(f"/event/{item}").text
    assert f'/manage/{item}"' not in home.browser("Bo").get(f"/event/{item}").text


def test_what_anybody_else_proposes_waits_for_who_answers_for_the_organizer(home: House) -> None:
    group = home.organization("Deciding Group", manager="Ana")
    home.number("Bo")
    answer = proposed(home.browser("Bo"), "Secret meeting", query=f"?organizer={group}", time__begin="2031-08-01T10:00")
    assert answer.location.startswith("/me")
    assert "Secret meeting" not in home.client.get("/events").text
    assert "Secret meeting" not in home.browser("Cleo").get("/proposals").text
    ana = home.browser("Ana")
    page = ana.get("/proposals").text
    assert "Secret meeting" in page
    (waiting,) = re.findall(r'action="(/proposals/\d+)"', page)[:1]
    token = home.form("/proposals", waiting, ana)["token"]
    assert ana.post(waiting, data={"token": token, "do": "accept"}).status_code == 303
    page = home.client.get("/events").text
    (item,) = re.findall(r'href="/event/(Q\d+)"[^>]*><bdi[^>]*>Secret meeting', page)
    assert home.browser("Bo").get(f"/manage/{item}").status_code == 200
    assert home.browser("Cleo").get(f"/manage/{item}").status_code == 403


def test_a_project_is_made_and_edited_the_same_way(home: House) -> None:
    group = home.organization("Film Group", manager="Ana")
    ana = home.browser("Ana")
    answer = proposed(ana, "Film school", kind="project", query=f"?partner={group}", website="https://film.example/")
    item = re.findall(r"Q\d+", answer.location)[0]
    assert send(ana, f"/manage/{item}", projectPage="https://meta.wikimedia.org/wiki/Film").status_code == 303
    page = home.client.get(f"/project/{item}").text
    assert "meta.wikimedia.org/wiki/Film" in page
    assert "Film Group" in page
    assert "Film school" in home.client.get(f"/projects?organization={group}").text


GAP = {"time__begin": "2031-03-30T02:30", "time__zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"time__begin": ""}, "Say when it begins."),
        ({"time__end": "2031-06-30T09:30"}, "It ends before it begins."),
        (GAP, "There is no such time as Sunday, March 30, 2031, 2:30\u202fAM in Germany, Berlin"),
        ({"time__begin": "tomorrow"}, "tomorrow is no day and hour."),
        ({"time__begin": "0001-01-01T00:00"}, "is no day and hour."),
        ({"time__begin": "9999-12-31T23:59"}, "is no day and hour."),
        ({"time__begin": "1066-10-14T09:00"}, "is too far away"),
        ({"time__zone": "Mars/Olympus"}, "There is no time zone Mars/Olympus."),
        ({"time__zone": "<script>alert(1)</script>"}, "There is no time zone <script>alert(1)</script>."),
        ({"website": "javascript:alert(1)"}, "is no web address"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_stays_in_the_form(
    home: House, changes: dict[str, str], said: str
) -> None:
    before = home.services.repository.head()
    times = {"time__begin": "2031-07-01T09:30", "time__zone": "America/Sao_Paulo"}
    group = home.organization(f"Strict {len(said)} {changes}"[:200], manager="Ana")
    answer = proposed(home.browser("Ana"), "Strict", query=f"?organizer={group}", **times | changes)
    assert answer.status_code == 400
    assert any(said in text for text in errors(answer)), errors(answer)
    assert home.services.repository.head() == before + 1
    assert "<script>alert" not in answer.text
    for name, value in changes.items():
        assert value in form_of(answer.text).getlist(name.replace("__", ".")), name


def test_errors_are_in_the_language_of_the_reader(home: House) -> None:
    client = home.browser("Ana")
    form = form_of(client.get("/propose/event").text)
    form["names.label"], form["names.language"], form["save"] = "X", "pt", "1"
    answer = client.post("/propose/event?uselang=pt-br", data=form)
    assert errors(answer) == ["Diga quando começa."]
    form = form_of(client.get("/propose/event").text)
    form["names.label"], form["names.language"], form["save"] = "X", "en", "1"
    form["website"], form["time.begin"] = "javascript:alert(1)", "2031-07-01T09:30"
    answer = client.post("/propose/event?uselang=de", data=form)
    assert "„javascript:alert(1)“ ist keine Webadresse" in errors(answer)[0]


def test_a_form_that_is_sent_as_it_was_changes_nothing(home: House) -> None:
    """Clocks in Berlin show 02:30 twice that day; the second one stays the second one."""
    item = event(home, "Night shift", "Ana", time__zone="Europe/Berlin", time__begin="2031-10-26T02:15")
    assert instants(home, item)[0] == "2031-10-26T00:15:00Z"
    services = home.services
    record = services.stewardship.records.read(item)
    page = services.repository.page(item)
    assert page is not None
    assert page.entity is not None
    statement = next(iter(page.entity["claims"][load_embedded().property_id("begin")]))
    second = {**statement, "mainsnak": {**statement["mainsnak"]}}
    second["mainsnak"]["datavalue"] = {"value": "2031-10-26T01:15:00Z", "type": "string"}
    services.writer.update(item, {"claims": [second]}, account="Ana", base_revision=record.revision)
    head = services.repository.head()
    assert send(home.browser("Ana"), f"/manage/{item}").status_code == 303
    assert services.repository.head() == head
    assert send(home.browser("Ana"), f"/manage/{item}", time__begin="2031-10-26T04:00").status_code == 303
    assert instants(home, item)[0] == "2031-10-26T03:00:00Z"


def test_an_old_fault_of_an_imported_time_keeps_nobody_from_the_other_fields(home: House) -> None:
    services = home.services
    (item,) = services.repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(load_embedded()), item, class_name="Event")
    draft.label("en", "Some day")
    draft.add("begin", "some day")
    services.repository.bulk([Draft(draft.entity())], actor="system>Import")
    services.ingest.catch_up()
    operator = home.browser("Olga", "sysop")
    assert 'type="text" name="time.begin" value="some day"' in operator.get(f"/manage/{item}").text
    assert send(operator, f"/manage/{item}", venue="Main hall").status_code == 303
    assert (services.profiles.event(item).begin, services.profiles.event(item).venue) == ("some day", "Main hall")
    answer = send(operator, f"/manage/{item}", time__end="2031-07-01T09:30")
    assert errors(answer) == ["some day is no day and hour. Write it as 2026-06-01T14:00."]


def test_a_cancelled_event_stays_says_so_and_may_take_place_after_all(home: House) -> None:
    item = event(home, "Doubtful", "Ana")
    ana = home.browser("Ana")
    assert send(ana, f"/manage/{item}", cancelled="1").status_code == 303
    page = home.client.get(f"/event/{item}").text
    assert "This event does not take place." in page
    (entry,) = [
        one for one in Calendar.from_ical(home.client.get("/events.ics").data).walk("VEVENT") if item in one["UID"]
    ]
    assert entry["STATUS"] == "CANCELLED"
    since = home.services.profiles.event(item).cancelled
    assert send(ana, f"/manage/{item}", venue="Nowhere").status_code == 303
    assert home.services.profiles.event(item).cancelled == since
    form = form_of(ana.get(f"/manage/{item}").text)
    del form["cancelled"]
    assert ana.post(f"/manage/{item}", data=form | {"save": "1"}).status_code == 303
    assert home.services.profiles.event(item).cancelled is None


def test_of_two_who_move_an_event_the_second_is_shown_the_first(home: House) -> None:
    item = event(home, "Moving", "Ana")
    ana = home.browser("Ana")
    second = form_of(ana.get(f"/manage/{item}").text)
    assert send(ana, f"/manage/{item}", time__begin="2031-07-02T09:30").status_code == 303
    second["time.begin"], second["save"] = "2031-07-03T09:30", "1"
    answer = ana.post(f"/manage/{item}", data=second)
    assert answer.status_code == 409
    assert "July 2, 2031" in answer.text
    assert form_of(answer.text)["time.begin"] == "2031-07-03T09:30"
    assert ana.post(f"/manage/{item}", data=form_of(answer.text) | {"save": "1"}).status_code == 303
    assert instants(home, item)[0] == "2031-07-03T12:30:00Z"


def test_a_guessed_address_changes_no_event(home: House) -> None:
    item = event(home, "Guarded", "Ana")
    other = home.browser("Bo")
    token = home.form("/propose/event", client=other)["token"]
    assert other.get(f"/manage/{item}").status_code == 403
    form = {"token": token, "save": "1", "time.begin": "2031-01-01T00:00", "cancelled": "1", "time.seen": ""}
    assert other.post(f"/manage/{item}", data=form).status_code == 403
    assert other.post(f"/manage/{item}/people", data={"token": token, "do": "invite", "name": "Bo"}).status_code == 403
    visitor = home.client.application.test_client()
    assert visitor.get(f"/manage/{item}").status_code == 303
    assert visitor.post(f"/manage/{item}", data=form).status_code in (303, 403)
    assert home.services.profiles.event(item).cancelled is None


def test_the_form_offers_the_zones_by_their_places(home: House) -> None:
    client = home.browser("Ana")
    page = client.get("/propose/event?uselang=pt").text
    assert '<option value="America/Sao_Paulo">Brasil, São Paulo</option>' in page
    client.post("/preferences", data={"zone": "Asia/Tokyo"})
    assert '<option value="Asia/Tokyo" selected>' in client.get("/propose/event").text
    kinds = {entry.kind for entry in home.directory.entries.values()}
    assert EntityKind.TERRITORY in kinds
    found = client.get("/propose/event/choices.json?field=concerns&q=com").get_json()["found"]
    assert found


def test_all_that_is_wrong_with_a_record_is_told_at_once_and_marked(home: House) -> None:
    typed = {
        "time__begin": "2031-07-01T09:30", "time__end": "2030-07-01T09:30", "website": "nowhere",
        "wikidata": "Q99999999999999999999", "venue": "v" * 500,
    }  # fmt: skip
    answer = proposed(home.browser("Ana"), "Meeting of many faults", **typed)
    assert answer.status_code == 400
    (summary,) = re.findall(r'<div[^>]*role="alert"[^>]*>.*?</ul>', answer.text, re.DOTALL)
    assert set(re.findall(r'<a href="#(\w+)">', summary)) == {"time", "website", "wikidata", "venue"}
    tags = re.findall(r"<(?:input|select)[^>]*aria-invalid[^>]*>", answer.text)
    assert {tag.split('name="')[1].split('"')[0] for tag in tags} == {"time.end", "website", "wikidata", "venue"}
    assert 'value="Meeting of many faults"' in answer.text
    item = event(home, "Faultless", "Ana")
    answer = send(home.browser("Ana"), f"/manage/{item}", time__end="2030-07-01T09:30", website="nowhere")
    (summary,) = re.findall(r'<div[^>]*role="alert"[^>]*>.*?</ul>', answer.text, re.DOTALL)
    assert set(re.findall(r'<a href="#(\w+)">', summary)) == {"time", "website"}
