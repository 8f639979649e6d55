"""A small wiki with its pages, and people at them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient

from capx_graph.repository.wsgi import COOKIE
from tests.doubles.wiki_services import WikiFakes
from tests.houses.small_wiki import SmallWiki


@dataclass
class Site:
    """The wiki, its pages, and people at them."""

    wiki: SmallWiki
    services: WikiFakes
    client: FlaskClient

    def sign_in(self, name: str, rights: frozenset[str] | None = None) -> None:
        """Lets the client act as an account, with the session cookie that the API gives."""
        accounts = self.services.accounts
        account = accounts.account(name) or accounts.add(name, "a long password")
        self.client.set_cookie(COOKIE, accounts.open_session(account, rights))

    def text(self, address: str, status: int = 200, **headers: str) -> str:
        """What a reader reads at an address."""
        answer = self.client.get(address, headers=headers)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        body = answer.text.partition("<main")[2].partition("</main>")[0]
        return " ".join(re.sub(r"<[^>]*>", " ", body).split())
