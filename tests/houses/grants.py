"""A service beside a connected Wikibase where members sign in with that wiki: two services and the wiki's OAuth.

The embedded repository of ``upstreamhouse`` plays the wiki; its OAuth speaks at another port of loopback and gives
tokens that the wiki's API knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts, Member
from capx_graph.connected import RemoteCheck, open_sync
from capx_graph.importers.directory import import_directory
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import Keys
from capx_graph.model import EntityKind
from capx_graph.ontology import load_directory
from capx_graph.services import Services, open_services
from capx_graph.upstream import Sync
from tests.doubles.oauth_wiki import CLIENT, SECRET, WikiState, oauth_wiki
from tests.houses.upstream import Remote, remote_wiki
from webapp import create_app

PASSWORD = "0123456789abcdef" * 2


@dataclass
class Granting:
    """Both sides; ``rights`` limit the tokens that the wiki gives, ``protocol`` is that of the consumer."""

    remote: Remote
    theirs: Accounts
    oauth: WikiState
    services: Services
    sync: Sync
    environ: dict[str, str]
    app: Flask
    protocol: int = 2
    rights: tuple[str, ...] | None = None

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def sign_in(self, name: str, subject: str, browser: FlaskClient | None = None) -> FlaskClient:
        """Somebody signs in with the wiki."""
        browser = browser or self.browser()
        self.arrives_as(name, subject)
        assert browser.get(self.answer(browser.get("/signin/wiki").location)).status_code == 303
        return browser

    def arrives_as(self, name: str, subject: str) -> None:
        """Who is signed in at the wiki from now on."""
        self.oauth.user, self.oauth.subject = name, subject
        if self.theirs.account(name) is None:
            self.theirs.add(name, PASSWORD)

    def answer(self, address: str) -> str:
        """Where the wiki sends the browser after its question, from this site's root."""
        asked = requests.get(address, allow_redirects=False, timeout=5)
        assert asked.status_code == 302, asked.text
        back = urlsplit(asked.headers["Location"])
        return f"{back.path}?{back.query}"

    def member(self, name: str) -> Member:
        """A member by their name here."""
        found = self.services.accounts.members.named(name)
        assert found is not None
        return found

    def capacity(self, capx_id: str = "10") -> str:
        """A capacity of the starter directory."""
        return self.services.directory_work.taxonomy.directory().codes[EntityKind.CAPACITY, capx_id]

    def differences(self) -> list[str]:
        """What ``capx check --remote`` would print."""
        self.sync.once()
        self.services.ingest.catch_up()
        return [str(one) for one in RemoteCheck(self.services.ingest, self.sync).differences()]

    def begun(self, browser: FlaskClient) -> TestResponse:
        """A member asks for their own name to be used."""
        return browser.post("/me/grant", data={"token": token(browser)})

    def granted(self, browser: FlaskClient) -> str:
        """All of it; answers what the page then tells."""
        begun = self.begun(browser)
        assert begun.status_code == 200, begun.text
        back = browser.get(self.answer(begun.headers["Refresh"].partition("url=")[2]))
        assert back.status_code == 303, back.text
        return back.location.partition("told=")[2]

    def edit(self, name: str, text: str) -> tuple[str, str]:
        """An edit of what lives there by an account here; answers who made it there, and its summary."""
        film = self.capacity()
        page = self.services.repository.page(film)
        assert page is not None
        changes = {"descriptions": {"en": {"language": "en", "value": text}}}
        receipt = self.services.writer.update(
            film, changes, account=name, base_revision=page.revision_id, summary="said better"
        )
        line = self.remote.repository.history.revision(receipt.revision_id)
        assert line is not None
        return line.actor, line.summary

    def mint(self, user: str) -> tuple[str, str]:
        """Tokens that the wiki's API takes."""
        owner = self.theirs.account(user)
        assert owner is not None
        made = self.theirs.consumers.add(owner, "capx", protocol=self.protocol, rights=self.rights)
        if self.protocol == 1:
            with self.theirs.database.writing() as connection:
                connection.execute("DELETE FROM consumer WHERE consumer_key = ?", (CLIENT,))
                connection.execute(
                    "UPDATE consumer SET consumer_key = ?, secret = ? WHERE consumer_key = ?",
                    (CLIENT, SECRET, made.key),
                )
            return made.access_token, made.access_secret
        issued = self.theirs.consumers.issue_token(made.key, made.secret)
        assert issued is not None
        return issued[0], ""

    def revoke(self, user: str) -> None:
        """Somebody takes back at the wiki what they allowed there."""
        owner = self.theirs.account(user)
        assert owner is not None
        for made in self.theirs.consumers.of(owner):
            self.theirs.consumers.remove(owner, made.key)
        self.oauth.refreshing.clear()


def token(browser: FlaskClient, address: str = "/me/grant") -> str:
    """The token of the forms of a page."""
    text = browser.get(address).text
    return text.partition('name="token" value="')[2].partition('"')[0]


@contextmanager
def granting(folder: Path, *, protocol: int = 2, **more: str) -> Iterator[Granting]:
    """Both sides, with the starter directory there."""
    with remote_wiki(folder / "remote") as remote, oauth_wiki() as (address, oauth):
        entries = [entry for entry in load_directory() if entry.kind is EntityKind.CAPACITY]
        import_directory(remote.repository, Vocabulary(remote.instance), Keys(), entries=entries)
        theirs = Accounts(folder / "remote")
        theirs.add("Robot", PASSWORD, groups=("bot",))
        theirs.add_bot_password("Robot", "capx", password=PASSWORD)
        given = {
            "CAPX_WIKIBASE_URL": remote.api,
            "CAPX_INSTANCE": "embedded",
            "CAPX_BASE": "http://capx.example",
            "CAPX_CONTACT": "tests@example.org",
            "CAPX_SPARQL_WORKERS": "1",
            "CAPX_WIKIBASE_PAUSE": "0",
            "CAPX_WIKIBASE_USER": "Robot@capx",
            "CAPX_WIKIBASE_PASSWORD": PASSWORD,
            "CAPX_OAUTH_URL": address,
            "CAPX_OAUTH_CLIENT": CLIENT,
            "CAPX_OAUTH_SECRET": SECRET,
            "CAPX_OAUTH_VERSION": str(protocol),
            "CAPX_GRANTS": "yes",
            **more,
        }
        settings = setting_list.load(given, data=str(folder / "data"))
        with open_services(settings) as services, open_sync(services.repository, settings) as sync:
            sync.once()
            services.ingest.catch_up()
            services.index.load()
            both = Granting(remote, theirs, oauth, services, sync, given, create_app(services), protocol)
            oauth.mint = both.mint
            yield both
        theirs.close()
