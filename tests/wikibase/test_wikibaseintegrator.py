"""wikibaseintegrator, unmodified, works on the embedded repository: in this process and over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wikibaseintegrator import WikibaseIntegrator, datatypes, wbi_helpers, wbi_login
from wikibaseintegrator.wbi_config import config
from wikibaseintegrator.wbi_enums import ActionIfExists
from wikibaseintegrator.wbi_exceptions import MissingEntityException, ModificationFailed, MWApiError

from capx_graph.accounts import Accounts
from capx_graph.errors import Conflict, EditRefused, Forbidden, NotFound
from capx_graph.repository.store import Repository
from capx_graph.repository.wsgi import WikiApp
from capx_graph.wikibase.transport import InProcessSessions
from capx_graph.wikibase.writer import Writer, WriterSettings
from tests.houses import loopback

BASE = "http://127.0.0.1:8000"
PROPERTY_TYPES = (
    "string",
    "external-id",
    "url",
    "wikibase-item",
    "wikibase-property",
    "monolingualtext",
    "quantity",
    "time",
    "globe-coordinate",
    "commonsMedia",
    "geo-shape",
    "tabular-data",
)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    opened = Repository.open(tmp_path / "data", base=BASE)
    yield opened
    opened.close()


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "data")
    opened.add("Ana", "correct horse battery", groups=["bot", "sysop"])
    opened.add("Bo", "another long password")
    yield opened
    opened.close()


@pytest.fixture
def app(repository: Repository, accounts: Accounts) -> WikiApp:
    return WikiApp(repository, accounts)


@pytest.fixture
def wbi(app: WikiApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[WikibaseIntegrator]:
    _configure(monkeypatch, BASE)
    with InProcessSessions(app, BASE).open("Ana") as session:
        yield WikibaseIntegrator(login=wbi_login._Login(session=session), is_bot=True)


def _configure(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setitem(config, "MEDIAWIKI_API_URL", f"{origin}/w/api.php")
    monkeypatch.setitem(config, "MEDIAWIKI_REST_URL", f"{origin}/w/rest.php")
    monkeypatch.setitem(config, "WIKIBASE_URL", origin)
    monkeypatch.setitem(config, "USER_AGENT", "test (test@example.org)")
    monkeypatch.setitem(config, "BACKOFF_MAX_TRIES", 1)


def _properties(wbi: WikibaseIntegrator) -> dict[str, str]:
    """A property of every datatype, by datatype."""
    made = {}
    for datatype in PROPERTY_TYPES:
        entity = wbi.property.new(datatype=datatype)
        entity.labels.set("en", f"a {datatype}")
        entity.aliases.set("en", [f"{datatype} property"])
        made[datatype] = entity.write(max_retries=1).id
    return made


def _item(wbi: WikibaseIntegrator, label: str, *claims: Any) -> Any:
    entity = wbi.item.new()
    entity.labels.set("en", label)
    for claim in claims:
        entity.claims.add(claim, action_if_exists=ActionIfExists.FORCE_APPEND)
    return entity.write(max_retries=1)


def _walk_through(wbi: WikibaseIntegrator) -> None:
    """What a tool does in its life with a wiki."""
    properties = _properties(wbi)
    target = _item(wbi, "a target")
    everything = _item(
        wbi,
        "everything",
        datatypes.String(
            "text", prop_nr=properties["string"], qualifiers=[datatypes.String("q", prop_nr=properties["string"])]
        ),
        datatypes.ExternalID("ID-1", prop_nr=properties["external-id"]),
        datatypes.URL("https://example.org/?a=b", prop_nr=properties["url"]),
        datatypes.Item(target.id, prop_nr=properties["wikibase-item"]),
        datatypes.Property(properties["string"], prop_nr=properties["wikibase-property"]),
        datatypes.MonolingualText("olá", "pt-br", prop_nr=properties["monolingualtext"]),
        datatypes.Quantity("10.5", prop_nr=properties["quantity"]),
        datatypes.Time("+2020-02-03T00:00:00Z", prop_nr=properties["time"], precision=11),
        datatypes.GlobeCoordinate(1.5, -2.25, precision=0.01, prop_nr=properties["globe-coordinate"]),
        datatypes.CommonsMedia("Example.jpg", prop_nr=properties["commonsMedia"]),
        datatypes.GeoShape("Data:Place.map", prop_nr=properties["geo-shape"]),
        datatypes.TabularData("Data:Table.tab", prop_nr=properties["tabular-data"]),
    )
    read = wbi.item.get(everything.id, max_retries=1)
    assert sorted(claim.mainsnak.datatype for claim in read.claims) == sorted(PROPERTY_TYPES)
    assert read.claims.get(properties["string"])[0].qualifiers.get(properties["string"])[0].datavalue["value"] == "q"

    read.labels.set("fr", "tout")
    read.descriptions.set("en", "one of each")
    read.claims.get(properties["url"])[0].remove()
    edited = read.write(max_retries=1)
    assert edited.lastrevid > everything.lastrevid
    assert edited.labels.get("fr").value == "tout"
    assert not edited.claims.get(properties["url"])

    guid = edited.claims.get(properties["string"])[0].id
    wbi_helpers.remove_claims(guid, login=wbi.login, max_retries=1)
    assert not wbi.item.get(everything.id, max_retries=1).claims.get(properties["string"])

    doubled = _item(wbi, "doubled")
    wbi_helpers.merge_items(doubled.id, target.id, login=wbi.login, max_retries=1)
    assert wbi.item.get(doubled.id, max_retries=1).id == target.id
    found = wbi_helpers.search_entities("everyth", language="en", max_retries=1, login=wbi.login)
    assert found == [everything.id]
    with pytest.raises(ModificationFailed):
        _item(wbi, "x" * 300)
    with pytest.raises(MWApiError):
        _item(wbi, "wrong", datatypes.String("text", prop_nr="P999"))
    wbi.item.get(everything.id, max_retries=1).delete(max_retries=1)
    with pytest.raises(MissingEntityException):
        wbi.item.get(everything.id, max_retries=1)


def test_a_tool_lives_with_the_wiki_inside_this_process(wbi: WikibaseIntegrator) -> None:
    _walk_through(wbi)


@pytest.fixture
def origin(app: WikiApp) -> Iterator[str]:
    with loopback.werkzeug(app) as address:
        yield address


@pytest.mark.parametrize("how", ["bot password", "client login", "OAuth 1", "OAuth 2"])
def test_a_tool_logs_in_over_http_and_lives_with_the_wiki(
    origin: str, accounts: Accounts, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    _configure(monkeypatch, origin)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    if how == "bot password":
        password = accounts.add_bot_password("Ana", "tool")
        login: Any = wbi_login.Login("Ana@tool", password)
    elif how == "client login":
        login = wbi_login.Clientlogin("Ana", "correct horse battery")
    else:
        login = _oauth(accounts, protocol=1 if how == "OAuth 1" else 2)
    _walk_through(WikibaseIntegrator(login=login, is_bot=True))


def _oauth(accounts: Accounts, *, protocol: int) -> Any:
    ana = accounts.account("Ana")
    assert ana is not None
    made = accounts.consumers.add(ana, "a tool", protocol=protocol)
    if protocol == 1:
        return wbi_login.OAuth1(made.key, made.secret, made.access_token, made.access_secret)
    return wbi_login.OAuth2(made.key, made.secret)


@pytest.mark.parametrize(
    ("kind", "user"), [(wbi_login.Login, "Ana@tool"), (wbi_login.Clientlogin, "Ana"), (wbi_login.Clientlogin, "Nobody")]
)
def test_a_wrong_password_is_refused(
    origin: str, monkeypatch: pytest.MonkeyPatch, kind: type[wbi_login.Login], user: str
) -> None:
    _configure(monkeypatch, origin)
    with pytest.raises(wbi_login.LoginError):
        kind(user, "wrong")


@pytest.fixture
def writer(app: WikiApp) -> Writer:
    return Writer(WriterSettings(f"{BASE}/w/api.php", "test (test@example.org)"), InProcessSessions(app, BASE))


def _label(text: str) -> dict[str, Any]:
    return {"labels": {"en": {"language": "en", "value": text}}}


def test_the_writer_edits_in_the_name_of_an_account(writer: Writer, repository: Repository) -> None:
    made = writer.create({"type": "item", **_label("one")}, account="Bo", summary="because")
    changed = writer.update(made.entity_id, _label("two"), account="Ana", base_revision=made.revision_id)
    assert changed.revision_id > made.revision_id
    same = writer.update(made.entity_id, _label("two"), account="Ana", base_revision=changed.revision_id)
    assert (same.revision_id, same.changed) == (changed.revision_id, False)
    with pytest.raises(Conflict):
        writer.update(made.entity_id, _label("three"), account="Bo", base_revision=made.revision_id)
    with pytest.raises(EditRefused):
        writer.update(made.entity_id, _label("x" * 300), account="Bo", base_revision=changed.revision_id)
    with pytest.raises(Forbidden):
        writer.delete(made.entity_id, account="Bo")
    writer.delete(made.entity_id, account="Ana", reason="done")
    assert repository.page(made.entity_id) is None
    with pytest.raises(NotFound):
        writer.delete(made.entity_id, account="Ana")


def test_an_owned_item_is_its_owners_alone(writer: Writer, repository: Repository) -> None:
    made = writer.create({"type": "item", **_label("Bo")}, account="Bo", owner="Bo")
    page = repository.page(made.entity_id)
    assert page is not None
    assert page.owner == "Bo"
    with pytest.raises(Forbidden):
        writer.update(made.entity_id, _label("mine"), account="Ana", base_revision=made.revision_id)
    writer.update(made.entity_id, _label("still Bo"), account="Bo", base_revision=made.revision_id)
