"""The yearly question: a banner, a notice, and only after a delivered one and a month a private profile; never more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient

from capx_graph import settings
from capx_graph.accounts import Kept, Member, PrivateValues
from capx_graph.errors import NotDelivered, Unavailable
from capx_graph.jobs.tick import tick
from capx_graph.mediawiki import Limits
from capx_graph.membership import Change, Field, Line, OwnProfiles, Part, State
from capx_graph.membership.fields import kept
from capx_graph.notices.delivery import Notice
from capx_graph.notices.reconfirming import Reconfirmation, Sender
from capx_graph.repository.wsgi import COOKIE
from capx_graph.settings import Settings
from tests.doubles.translate_wiki import PASSWORD, USER, MetaWiki, serving
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
META = "https://meta.wikimedia.org"
SENDER = Sender("capx-graph", "http://127.0.0.1:8000/me")


class Clock:
    """The clock of a house, set by hand."""

    def __init__(self, home: House) -> None:
        self.now = BEGAN
        services = home.services
        for store in (services.accounts, *(getattr(services.accounts, name) for name in STORES)):
            store._clock = lambda: self.now
        self.asking = Reconfirmation(services.accounts, services.membership.own, lambda: self.now)

    def after(self, **time: float) -> None:
        self.now = BEGAN + timedelta(**time)


STORES = ("consents", "members", "reconfirmations", "contacts")


class Post:
    """A delivery that reaches ``readers``, and nobody while ``down``."""

    def __init__(self, *readers: str) -> None:
        self.readers = set(readers)
        self.sent: list[tuple[str, Notice]] = []
        self.tried: list[str] = []
        self.down = False
        self.before: Callable[[], None] = lambda: None

    def send(self, member: Member, notice: Notice) -> None:
        self.tried.append(member.name)
        self.before()
        if self.down:
            raise Unavailable("down")
        if member.name not in self.readers:
            raise NotDelivered("no address")
        self.sent.append((member.name, notice))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock(home: House) -> Clock:
    return Clock(home)


def publish(home: House, name: str, *, language: str = "en", issuer: str = META) -> Member:
    """Somebody whom a wiki vouches for, with something public, something for members and something private."""
    accounts, own = home.services.accounts, home.services.membership.own
    member = accounts.members.arrive(issuer, f"subject of {name}", name).member
    now = own.read(member).parts
    parts = {
        Field.OFFERS: Part(State.PUBLIC, (Line("offers", home.item("36"), level="advanced"),)),
        Field.WANTS: Part(State.PUBLIC, (Line("wants", home.item("11")),)),
        Field.ABOUT: Part(State.MEMBERS, (Line("displayName", f"{name} itself"),)),
        Field.WIKIDATA: Part(State.PRIVATE, (Line("wikidataId", "Q42"),)),
    }
    changes = {part: Change(content, now[part].mark) for part, content in parts.items()}
    own.save(member, changes, agreed=True, wording="1", language=language)
    return member


def states(home: House, member: Member) -> dict[str, str]:
    return {part.value: one.state.value for part, one in home.services.membership.own.read(member).parts.items()}


def browser(home: House, member: Member) -> FlaskClient:
    account = home.services.accounts.account(member.name)
    assert account is not None
    client = home.visitor()
    client.set_cookie(COOKIE, home.services.accounts.open_session(account, None))
    return client


@contextmanager
def asked_by(home: House, clock: Clock) -> Iterator[None]:
    """The pages see the clock of the test."""
    with mock.patch.object(type(home.services), "reconfirmation", property(lambda self: clock.asking)):
        yield


def answer(client: FlaskClient, act: str, back: str = "/me") -> Any:
    token = re.findall(r'action="/me/confirm">.*?name="token" value="([^"]*)"', client.get("/me?uselang=en").text)[0]
    return client.post("/me/confirm", data={"token": token, "act": act, "return": back})


def test_the_banner_asks_after_eleven_months_and_one_click_answers(home: House, clock: Clock) -> None:
    ana = publish(home, "Ana")
    with asked_by(home, clock):
        clock.after(days=334)
        assert "/me/confirm" not in browser(home, ana).get("/search").text
        clock.after(days=336)
        client = browser(home, ana)
        for address in ("/", "/person/Ana", "/me", "/nowhere"):
            assert "Is it still true?" in client.get(f"{address}?uselang=en").text
        assert "/me/confirm" not in home.visitor().get("/person/Ana").text
        assert answer(client, "confirm", "/directory").location == "/directory"
        assert "/me/confirm" not in client.get("/").text
    consent = home.services.accounts.consents.of(ana.id)[-1]
    assert (consent.field, consent.state, consent.at) == ("profile", "confirmed", clock.now)
    held = json.loads(client.get("/me/export.json").data)["private"]["profile"]["consent"]
    assert held[-1]["state"] == "confirmed"
    assert states(home, ana)["offers"] == "public"


def test_who_shows_nothing_is_not_asked(home: House, clock: Clock) -> None:
    ben = home.services.accounts.members.arrive(META, "1", "Ben").member
    clock.after(days=1000)
    assert not clock.asking.asks(ben)
    assert not clock.asking.awaits_notice()


def test_a_profile_is_made_private_a_month_after_a_delivered_notice_and_shown_again_by_a_click(
    home: House, clock: Clock
) -> None:
    cleo = publish(home, "Cleo", language="pt-br")
    before, post = states(home, cleo), Post("Cleo")
    clock.after(days=364)
    assert clock.asking.send(post, SENDER) == 0
    clock.after(days=366)
    assert clock.asking.awaits_notice()
    assert clock.asking.send(post, SENDER) == 1
    name, notice = post.sent[0]
    assert (name, notice.subject) == ("Cleo", "Seu perfil no capx-graph ainda é verdadeiro?")
    assert SENDER.address in notice.text
    assert "30 dias" in notice.text
    assert not set("\u2068\u2069").intersection(notice.subject + notice.text)
    assert (clock.asking.send(post, SENDER), clock.asking.hide()) == (0, 0)
    clock.after(days=395)
    assert clock.asking.hide() == 0
    clock.after(days=397)
    assert [clock.asking.hide(), clock.asking.hide(), clock.asking.send(post, SENDER)] == [1, 0, 0]
    assert states(home, cleo) == before | {"offers": "private", "wants": "private"}
    assert home.found(home.item("36")) == set()
    assert home.services.accounts.members.named("Cleo") is not None
    client = browser(home, cleo)
    with asked_by(home, clock):
        assert "nobody sees your profile" in client.get("/?uselang=en").text
        assert answer(client, "restore").status_code == 303
        assert "/me/confirm" not in client.get("/").text
    assert states(home, cleo) == before
    lines = home.services.membership.own.read(cleo).parts[Field.OFFERS].lines
    assert [line.level for line in lines] == ["advanced"]
    assert home.found(home.item("36")) == {"Cleo"}
    assert home.services.accounts.consents.of(cleo.id)[-1].at == clock.now
    clock.after(days=398)
    assert (clock.asking.hide(), clock.asking.send(post, SENDER)) == (0, 0)


def test_what_was_hidden_may_stay_so(home: House, clock: Clock) -> None:
    dan, post = publish(home, "Dan"), Post("Dan")
    clock.after(days=366)
    clock.asking.send(post, SENDER)
    clock.after(days=400)
    clock.asking.hide()
    with asked_by(home, clock):
        client = browser(home, dan)
        assert answer(client, "confirm").status_code == 303
        assert "/me/confirm" not in client.get("/").text
    assert states(home, dan)["offers"] == "private"


def test_where_no_notice_can_be_delivered_nothing_is_ever_hidden(home: House, clock: Clock) -> None:
    eva, post = publish(home, "Eva"), Post()
    for day in range(366, 1366):
        clock.after(days=day)
        assert clock.asking.send(post, SENDER) == 0
        assert clock.asking.hide() == 0
    assert states(home, eva)["offers"] == "public"
    assert 25 < len(post.tried) < 45, "after a day, two, four ... and then every 32"
    post.readers.add("Eva")
    clock.after(days=1400)
    assert clock.asking.send(post, SENDER) == 1
    clock.after(days=1429)
    assert clock.asking.hide() == 0


def test_a_wiki_that_takes_nothing_ends_the_round_and_a_round_has_an_end(home: House, clock: Clock) -> None:
    names = ["Fay", "Gus", "Hal"]
    for name in names:
        publish(home, name)
    post = Post(*names)
    post.down = True
    clock.after(days=366)
    assert clock.asking.send(post, SENDER) == 0
    assert len(post.tried) == 1
    post.down = False
    assert clock.asking.send(post, SENDER, most=1) == 1
    assert clock.asking.send(post, SENDER) == 1
    clock.after(days=368)
    assert clock.asking.send(post, SENDER) == 1
    assert sorted(name for name, _ in post.sent) == names


def test_a_process_killed_while_sending_does_not_send_at_once_again_and_hides_nobody(home: House, clock: Clock) -> None:
    ivy, post = publish(home, "Ivy"), Post("Ivy")
    clock.after(days=366)

    def die() -> None:
        raise KeyboardInterrupt

    post.before = die
    with pytest.raises(KeyboardInterrupt):
        clock.asking.send(post, SENDER)
    post.before = lambda: None
    assert clock.asking.send(post, SENDER) == 0
    clock.after(days=366 + 31)
    assert clock.asking.hide() == 0
    assert clock.asking.send(post, SENDER) == 1
    assert states(home, ivy)["offers"] == "public"


def test_a_process_killed_while_hiding_is_carried_on_and_everything_comes_back(home: House, clock: Clock) -> None:
    jan, post = publish(home, "Jan"), Post("Jan")
    before, own = states(home, jan), home.services.membership.own
    clock.after(days=366)
    clock.asking.send(post, SENDER)
    clock.after(days=400)
    for kind, step in ((PrivateValues, "save"), (OwnProfiles, "_settle")):
        with mock.patch.object(kind, step, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            clock.asking.hide()
    assert clock.asking.hide() + own.settle_all() == 1
    assert home.found(home.item("36")) == set()
    clock.asking.restore(jan, wording="1", language="en")
    assert states(home, jan) == before


def test_what_was_shown_before_a_rule_of_characters_comes_back_too(home: House, clock: Clock) -> None:
    jo, post, own = publish(home, "Jo"), Post("Jo"), home.services.membership.own
    clock.after(days=366)
    clock.asking.send(post, SENDER)
    clock.after(days=400)
    clock.asking.hide()
    old = Line("offers", home.item("36"), evidence="https://example.org/fi\u00adlm")
    hidden = {Field.OFFERS: Kept(State.PRIVATE, kept([old]))}
    home.services.accounts.values.save(jo.id, hidden, consented=(), wording="", language="")
    clock.asking.restore(jo, wording="1", language="en")
    assert home.found(home.item("36")) == {"Jo"}
    assert [line.evidence for line in own.read(jo).parts[Field.OFFERS].lines] == ["https://example.org/film"]


def test_who_answers_at_the_last_moment_keeps_their_profile(home: House, clock: Clock) -> None:
    kim, post = publish(home, "Kim"), Post("Kim")
    clock.after(days=366)
    clock.asking.send(post, SENDER)
    clock.after(days=400)
    found = clock.asking.lapsed()
    assert [member.id for member in found] == [kim.id]
    clock.asking.confirm(kim, wording="1", language="en")
    with mock.patch.object(Reconfirmation, "lapsed", return_value=found):
        assert clock.asking.hide() == 0
    assert states(home, kim)["offers"] == "public"


def test_saving_the_profile_with_consent_is_an_answer(home: House, clock: Clock) -> None:
    lou = publish(home, "Lou")
    clock.after(days=350)
    with asked_by(home, clock):
        client = browser(home, lou)
        page = client.get("/me/edit").text
        fields = dict(
            re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.split('class="edit-form"')[1])
        )
        client.post("/me/edit", data=fields | {"agreed": "1", "save": "1", "offers.state": "public"})
    assert not clock.asking.asks(lou)


@pytest.mark.parametrize("form", [{}, {"token": "x"}, {"token": None, "act": "confirm"}])
def test_nobody_answers_for_somebody_else(home: House, clock: Clock, form: dict[str, Any]) -> None:
    mia = publish(home, "Mia")
    clock.after(days=350)
    with asked_by(home, clock):
        client, other = browser(home, mia), browser(home, publish(home, "Nia"))
        given = {key: value or home.form("/me/contact", "/me/contact", other)["token"] for key, value in form.items()}
        assert client.post("/me/confirm", data=given | {"act": "confirm"}).status_code == 403
        assert home.visitor().post("/me/confirm", data={"act": "confirm"}).status_code in (
            303,
            403,
        )
        assert answer(client, "nonsense").status_code == 400
        assert answer(client, "confirm", "//evil.example").location == "/search"


def test_who_leaves_is_forgotten_here_too(home: House, clock: Clock) -> None:
    olga, post = publish(home, "Olga"), Post("Olga")
    clock.after(days=366)
    clock.asking.send(post, SENDER)
    exported = home.services.erasures.export("Olga", at=clock.now).private["reconfirmation"]["reconfirmation"]
    assert exported[0]["delivered"] == "2027-01-02T00:00:00Z"  # type: ignore[index]
    home.services.erasures.erase("Olga")
    rows = home.services.accounts.database.rows("SELECT * FROM reconfirmation WHERE user_id = ?", olga.id)
    assert rows == []


# -- the whole way, by a wiki and the command for cron


def opened(home_settings: Settings, address: str, at: datetime) -> Settings:
    base = address.removesuffix("/api.php")
    given = {
        "CAPX_OAUTH_URL": base, "CAPX_OAUTH_CLIENT": "c", "CAPX_OAUTH_SECRET": "s", "CAPX_CONTACT": "ops@example.org",
        "CAPX_NOTICE_USER": USER, "CAPX_NOTICE_PASSWORD": PASSWORD, "CAPX_DUMP_HOUR": "never",
        "CAPX_SPARQL_WORKERS": "1",
    }  # fmt: skip
    return replace(settings.load(given, data=str(home_settings.data)), fixed_now=at)


def test_tick_asks_by_the_wiki_that_vouches_and_hides_what_was_not_answered(tmp_path: Path) -> None:
    wiki = MetaWiki(readers={"Pia", "Quin"})
    with (
        serving(wiki) as address,
        mock.patch("capx_graph.notices.delivery._LIMITS", Limits(deadline=20.0, pause=0.0, tries=2)),
    ):
        issuer = address.removesuffix("/w/api.php")
        with house(tmp_path) as home:
            Clock(home)
            publish(home, "Pia", issuer=issuer)
            publish(home, "Rob", issuer=issuer)
            publish(home, "Quin", issuer="https://elsewhere.example")
            there = home.services.settings
        assert tick(opened(there, address, BEGAN + timedelta(days=364))).notices == 0
        wiki.loses_answer = True
        assert tick(opened(there, address, BEGAN + timedelta(days=366))).notices == 0
        assert len(wiki.mails) == 1
        done = tick(opened(there, address, BEGAN + timedelta(days=368)))
        assert (done.notices, done.hidden) == (1, 0)
        assert [target for target, _, _ in wiki.mails] == ["Pia", "Pia"]
        assert {asked["assert"] for asked in wiki.asked if asked.get("action") == "emailuser"} == {"user"}
        assert tick(opened(there, address, BEGAN + timedelta(days=369))).notices == 0
        assert tick(opened(there, address, BEGAN + timedelta(days=399))).hidden == 1
        assert tick(opened(there, address, BEGAN + timedelta(days=400))).hidden == 0
        without = replace(opened(there, address, BEGAN + timedelta(days=3000)))
        assert tick(replace(without, channels=settings.load({}).channels)).notices == 0
