"""What is wrong with a profile: all of it at once, each at its input, and what was typed stays; whatever door it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest

from capx_graph.connected import load_embedded
from capx_graph.model import EntityKind
from tests.houses.directory import House, house
from tests.members.forms import opened, send

FAR = "Q99999999999999999999"


@pytest.fixture(scope="module")
def opened_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture
def home(opened_house: House) -> House:
    opened_house.sign_in("Ana")
    return opened_house


def wrong(page: str) -> set[str]:
    """The names of the inputs that are marked, each of which is described by something that is there."""
    tags = re.findall(r"<(?:input|select|textarea)[^>]*aria-invalid[^>]*>", page)
    assert all(f'id="{tag.split("aria-describedby=")[1].split(chr(34))[1]}"' in page for tag in tags)
    return {tag.split('name="')[1].split('"')[0] for tag in tags}


def test_all_that_is_wrong_is_told_at_once_and_marked_where_it_is(home: House) -> None:
    form = opened(home)
    form["about.text"] = "I write."
    page = send(
        home, form, about__displayName="A" * 300, wikidata=FAR, activity__joined="2999-01-01", territory="Q1",
        languages__state="public", languages=home.directory.of_kind(EntityKind.LANGUAGE)[0].id, save="1",
    ).text  # fmt: skip
    assert wrong(page) == {"about.displayName", "wikidata", "activity.joined"}
    (summary,) = re.findall(r'<div[^>]*role="alert"[^>]*>.*?</ul>', page, re.DOTALL)
    assert re.findall(r'<a href="#(\w+)">', summary) == ["about", "territory", "wikidata", "activity"]
    told = unescape(re.sub(r"<[^>]*>", "", summary))
    for words in ("at most 250 characters", "is not in the directory", "page of the item at Wikidata", "still to come"):
        assert words in told
    assert "without your consent" in told
    assert f'value="{FAR}"' in page
    assert "I write." in page
    assert '<fieldset class="edit-part" id="wikidata" aria-describedby="wikidata-error">' in page


def test_who_ticked_the_box_need_not_tick_it_again(home: House) -> None:
    page = send(home, opened(home), wikidata=FAR, wikidata__state="public", agreed="1", save="1").text
    assert 'name="agreed" value="1" checked' in page
    assert 'name="agreed" value="1">' in home.client.get("/me/edit").text


@pytest.mark.parametrize("day", ["2999-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["joined", "lastActive"])
def test_no_day_that_is_still_to_come_is_one_of_the_past(home: House, name: str, day: str) -> None:
    page = send(home, opened(home), **{f"activity__{name}": day}, save="1")
    assert page.status_code == 400
    assert "still to come" in page.text
    assert wrong(page.text) == {f"activity.{name}"}


def test_today_is_a_day_of_the_past_wherever_one_lives(home: House) -> None:
    today = home.services.settings.now().date().isoformat()
    assert send(home, opened(home), activity__joined=today, save="1").status_code == 303


def test_a_form_is_freed_of_what_nobody_sees(home: House) -> None:
    form = opened(home)
    form["about.text"] = "\u2067I write.\u2069\ufeff"
    assert send(home, form, about__displayName="\u202eAna\u202c \u200b", save="1").status_code == 303
    kept = opened(home)
    assert (kept["about.displayName"], kept.getlist("about.text")[0]) == ("Ana", "I write.")


@pytest.mark.parametrize("text", ["A\u202ena", "Ana\u2066", "A\u200bna", "A\u00adna"])
def test_the_api_takes_no_text_that_is_not_seen_as_it_is(home: House, text: str) -> None:
    item = home.person("Pia")
    client = home.browser("Pia")
    token = client.get("/w/api.php?action=query&meta=tokens&format=json").get_json()["query"]["tokens"]["csrftoken"]
    claim = {
        "mainsnak": {
            "snaktype": "value", "property": load_embedded().property_id("displayName"),
            "datavalue": {"type": "string", "value": text},
        },
        "type": "statement", "rank": "normal",
    }  # fmt: skip
    for data in ({"labels": {"en": {"language": "en", "value": text}}}, {"claims": [claim]}):
        call = {"action": "wbeditentity", "id": item, "data": json.dumps(data), "token": token, "format": "json"}
        assert client.post("/w/api.php", data=call).get_json()["error"]["code"] == "modification-failed"
        seen = call | {"data": json.dumps(data).replace(json.dumps(text), '"P\u200d\u200fia"')}
        assert "error" not in client.post("/w/api.php", data=seen).get_json()
