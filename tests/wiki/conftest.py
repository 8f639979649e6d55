"""The small wiki, as it is and with its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from capx_graph.accounts import Accounts
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.wikipages import WikiPages
from tests.doubles.wiki_services import WikiFakes
from tests.houses.small_wiki import SmallWiki, small_wiki
from tests.houses.wiki_site import Site
from webapp import create_app


@pytest.fixture(scope="session")
def app() -> Flask:
    """The application, put together once: its templates are compiled at first use."""
    return create_app(WikiFakes())


@pytest.fixture
def site(app: Flask, tmp_path: Path) -> Iterator[Site]:
    with small_wiki(tmp_path / "wiki") as wiki:
        accounts = Accounts(tmp_path / "private")
        named = WikibaseNamespaces(wiki.repository.base)
        services = WikiFakes(wiki_pages=WikiPages(wiki.repository), accounts=accounts, namespaces=named)
        app.extensions["capx"] = services
        yield Site(wiki, services, app.test_client())
        accounts.close()


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[SmallWiki]:
    with small_wiki(tmp_path) as made:
        yield made


@pytest.fixture
def pages(wiki: SmallWiki) -> WikiPages:
    return WikiPages(wiki.repository)
