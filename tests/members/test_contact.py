"""Writing to people: by the channel that they chose and no other, without any address of theirs, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from capx_graph.accounts import LOCAL, Member
from capx_graph.errors import InvalidSetting
from capx_graph.membership import (
    Change,
    Field,
    Line,
    Part,
    State,
    contact_of,
    contact_of_organization,
    name_there,
)
from capx_graph.model import EntityKind, Ref
from capx_graph.profiles import OrganizationProfile
from capx_graph.repository.wsgi import COOKIE
from capx_graph.settings import load
from tests.houses.directory import House, house

META = "https://meta.wikimedia.org"
INDEX = f"{META}/w/index.php"
EVIL = "\"'><script>alert(1)</script>\r\nSet-Cookie: a=b&action=rollback#x"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


def vouched(home: House, name: str, **chosen: str) -> Member:
    member = home.services.accounts.members.arrive(META, f"subject of {name}", name).member
    home.publish(member, **chosen or {"offers": home.item("36")})
    return member


def browser(home: House, name: str | None = None) -> FlaskClient:
    client = home.visitor()
    if name:
        account = home.services.accounts.account(name) or home.services.accounts.add(name, "correct horse")
        client.set_cookie(COOKIE, home.services.accounts.open_session(account, None))
    return client


def link(text: str) -> str:
    """Where the page before the channel leads."""
    (found,) = re.findall(r'<a [^>]*primary" href="([^"]*)" rel="noreferrer noopener nofollow">', text)
    return unescape(found)


def choose(client: FlaskClient, channel: str) -> int:
    token = re.findall(r'name="token" value="([^"]*)"', client.get("/me/contact").text)[-1]
    return client.post("/me/contact", data={"token": token, "channel": channel}).status_code


def test_who_a_wiki_vouches_for_is_contacted_on_their_talk_page(home: House) -> None:
    vouched(home, "Ana Silva")
    page = browser(home).get("/person/Ana Silva?uselang=en").text
    assert "/person/Ana%20Silva/contact?uselang=en" in page
    answer = browser(home).get("/person/Ana Silva/contact?uselang=en")
    assert answer.headers["Cache-Control"] == "no-store"
    parts = urlsplit(link(answer.text))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == INDEX
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == {
        "title": "User_talk:Ana_Silva",
        "action": "edit",
        "section": "new",
        "preloadtitle": "Your profile on capx-graph",
    }


def test_a_member_chooses_the_mail_form_or_to_be_left_alone(home: House) -> None:
    vouched(home, "Ben")
    ben, stranger = browser(home, "Ben"), browser(home)
    before = stranger.get("/person/Ben")
    assert choose(ben, "mail") == 303
    assert stranger.get("/person/Ben", headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    asked = parse_qs(urlsplit(link(stranger.get("/person/Ben/contact").text)).query)
    assert asked["title"] == ["Special:EmailUser/Ben"]
    before = stranger.get("/person/Ben")
    assert choose(ben, "none") == 303
    after = stranger.get("/person/Ben", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "/contact" not in after.text
    assert stranger.get("/person/Ben/contact").status_code == 404
    held = json.loads(ben.get("/me/export.json").data)["private"]["contact"]
    assert held["contact"][0]["channel"] == "none"


def test_a_local_account_is_contacted_nowhere_until_its_member_says_that_the_name_is_theirs(home: House) -> None:
    cleo = browser(home, "Cleo")
    account = home.services.accounts.account("Cleo")
    assert account is not None
    home.publish(home.services.accounts.members.of(account), offers=home.item("36"))
    assert browser(home).get("/person/Cleo/contact").status_code == 404
    assert "Choose a channel only if" in cleo.get("/me/contact?uselang=en").text
    assert choose(cleo, "talk") == 303
    assert "User_talk:Cleo" in link(browser(home).get("/person/Cleo/contact").text)


def test_records_that_are_no_members_have_no_channel(home: House) -> None:
    home.person("Dora", offers=home.item("36"))
    home.services.accounts.members.arrive(META, "another", "Dora")
    assert "/contact" not in browser(home).get("/person/Dora").text
    assert browser(home).get("/person/Dora/contact").status_code == 404
    assert browser(home).get("/person/Nobody/contact").status_code == 404


def test_the_page_says_why_two_match_in_words_to_copy_to_members_only(home: House) -> None:
    broad, narrow = home.item("10"), home.item("11")
    language = next(
        item for (kind, code), item in home.directory.codes.items()
        if kind is EntityKind.LANGUAGE and code == "pt"
    )  # fmt: skip
    vouched(home, "Eva", offers=narrow, languages=language)
    fay = vouched(home, "Fay", offers=home.item("36"))
    own = home.services.membership.own
    now = own.read(fay).parts
    private = {
        Field.WANTS: Change(Part(State.PRIVATE, (Line("wants", broad),)), now[Field.WANTS].mark),
        Field.LANGUAGES: Change(Part(State.PRIVATE, (Line("speaks", language, level="3"),)), now[Field.LANGUAGES].mark),
    }
    own.save(fay, private, agreed=True, wording="1", language="en")
    page = browser(home, "Fay").get("/person/Eva/contact?uselang=en").text
    draft = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    assert draft.startswith("Hello Eva, I found you on capx-graph.")
    assert "I would like to learn what you offer: " in draft
    assert "We both speak: Portuguese." in draft
    assert "I could share" not in draft
    for client in (browser(home), browser(home, "Eva")):
        assert "<textarea" not in client.get("/person/Eva/contact").text


@pytest.mark.parametrize("channel", ["", "telegram", EVIL])
def test_other_channels_are_refused(home: House, channel: str) -> None:
    gus = browser(home, "Gus")
    assert choose(gus, channel) == 400
    assert gus.post("/me/contact", data={"token": "x", "channel": "talk"}).status_code == 403
    assert browser(home).get("/me/contact").status_code == 303


def member(name: str, issuer: str = META) -> Member:
    return Member(1, name, issuer, "1", "Q1", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "name", [EVIL, "a&action=delete", "A/B", "Ü?x#y", "田中さくら", "a%0d%0aB: c", "\u202eevil", "=&;"]
)
@pytest.mark.parametrize("channel", ["talk", "mail"])
def test_no_name_leads_elsewhere_or_adds_anything(name: str, channel: str) -> None:
    contact = contact_of(member(name), channel, index=INDEX, subject=EVIL)
    assert contact is not None
    parts = urlsplit(contact.address)
    assert contact.address.isascii()
    assert contact.address.isprintable()
    assert (parts.netloc, parts.path, parts.fragment) == ("meta.wikimedia.org", "/w/index.php", "")
    asked = parse_qs(parts.query, keep_blank_values=True)
    begins = "User_talk:" if channel == "talk" else "Special:EmailUser/"
    assert asked["title"] == [begins + name.replace(" ", "_")]
    assert len(asked) == (4 if channel == "talk" else 2)


def test_a_name_told_apart_here_is_written_as_it_is_there() -> None:
    assert name_there(member("Ana (meta.wikimedia.org)")) == "Ana"
    assert name_there(member("Ana (meta.wikimedia.org)", LOCAL)) == "Ana (meta.wikimedia.org)"
    assert contact_of(member("Ana", LOCAL), None, index=INDEX, subject="") is None


@pytest.mark.parametrize(
    ("meta_page", "title"),
    [
        ("https://meta.wikimedia.org/wiki/Wikimedia_Brasil", "Talk:Wikimedia_Brasil"),
        ("https://meta.wikimedia.org/wiki/User:Ana_(WMX)/Plan", "User_talk:Ana_(WMX)/Plan"),
        ("https://meta.wikimedia.org/wiki/Talk:Wikimedia_Brasil", "Talk:Wikimedia_Brasil"),
        ("https://meta.wikimedia.org/wiki/User_talk:Ana", "User_talk:Ana"),
        ("https://meta.wikimedia.org/wiki/A%26action=delete%23b?x=y#z", "Talk:A&action=delete#b"),
        ("https://meta.wikimedia.org/wiki/Special:Log", None),
        ("http://meta.wikimedia.org/wiki/X", None),
        ("https://meta.wikimedia.org.evil.example/wiki/X", None),
        ("https://evil.example/wiki/X", None),
        ("https://meta.wikimedia.org:8443/wiki/X", None),
        ("javascript:alert(1)//meta.wikimedia.org/wiki/X", None),
        ("https://meta.wikimedia.org/w/index.php?title=X", None),
    ],
)
def test_an_organization_is_written_to_on_its_talk_page_or_at_its_website(meta_page: str, title: str | None) -> None:
    profile = organization(websites=("javascript:alert(1)", "https://example.org/"), meta_pages=(meta_page,))
    address = contact_of_organization(profile, subject=EVIL)
    assert address is not None
    if title is None:
        assert address == "https://example.org/"
    else:
        parts = urlsplit(address)
        assert parts.netloc == "meta.wikimedia.org"
        assert parse_qs(parts.query)["title"] == [title]
        assert set(parse_qs(parts.query)) == {"title", "action", "section", "preloadtitle"}
    assert contact_of_organization(organization(websites=("javascript:alert(1)",)), subject="") is None


def organization(websites: tuple[str, ...] = (), meta_pages: tuple[str, ...] = ()) -> OrganizationProfile:
    ref = Ref("Q1", "Somebody", "en", EntityKind.ORGANIZATION, code="ORG1")
    made = object.__new__(OrganizationProfile)
    object.__setattr__(made, "ref", ref)
    object.__setattr__(made, "websites", websites)
    object.__setattr__(made, "meta_pages", meta_pages)
    return made


def test_the_wiki_is_a_setting() -> None:
    assert load({}).channels.index == INDEX
    assert load({"CAPX_CONTACT_WIKI": "https://wiki.example/"}).channels.index == "https://wiki.example/w/index.php"
    with_path = {"CAPX_CONTACT_WIKI": "https://wiki.example/mediawiki/index.php"}
    assert load(with_path).channels.index == "https://wiki.example/mediawiki/index.php"
    oauth = {"CAPX_OAUTH_URL": "https://de.example", "CAPX_OAUTH_CLIENT": "c", "CAPX_OAUTH_SECRET": "s"}
    channels = load(oauth | {"CAPX_NOTICE_USER": "A@b", "CAPX_NOTICE_PASSWORD": "p", "CAPX_CONTACT": "me"}).channels
    assert (channels.host, channels.api, channels.mails) == ("de.example", "https://de.example/w/api.php", True)
    for wrong in (
        {"CAPX_CONTACT_WIKI": "javascript:alert(1)"},
        {"CAPX_NOTICE_TOKEN": "t"},
        oauth | {"CAPX_NOTICE_USER": "A@b"},
    ):
        with pytest.raises(InvalidSetting):
            load(wrong)
