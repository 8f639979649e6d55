"""What pages load beside themselves: under addresses that change with the content, kept for a year, packed, small."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from capx_graph.errors import Unavailable
from tests.doubles.addresses import PAGES
from tests.doubles.services import ROOT, FakeProfiles, FakeServices
from webapp.assets import codex
from webapp.assets.files import SCRIPTS, STATIC, imported

LOADED = re.compile(
    r'<link rel="(?:stylesheet|modulepreload|icon)" href="([^"]+)"'
    r'|<(?:script[^>]*|img) src="([^"]+)"|<use href="([^"#]+)'
)
IMPORTS = re.compile(r"""(?:^import [^'"()]*|\bimport\()'(\.{1,2}/[^']+)'""", re.MULTILINE)
OWN_SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for each in SCRIPTS for path in (STATIC / each).glob("*.js"))
STAMPED = re.compile(r"/static/[0-9a-f]{12}/|/palette\.css\?v=[0-9a-f]{12}$")
ASKED_AGAIN = ("/qr.svg",)
"""What pages load that may change under its address: a QR code holds the host that was asked."""


def loaded(html: str) -> set[str]:
    """The addresses of what a page loads by itself."""
    return {unescape(address) for found in LOADED.findall(html) for address in found if address}


@pytest.mark.parametrize("page", [*PAGES, "/?uselang=ar", "/no/such/page"])
def test_what_a_page_loads_is_kept_for_a_year_under_the_hash_of_its_content(client: FlaskClient, page: str) -> None:
    addresses = loaded(client.get(page).text)
    assert len(addresses) > 5
    for address in addresses:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        if address.endswith(ASKED_AGAIN):
            assert "immutable" not in answer.headers.get("Cache-Control", "")
            continue
        assert STAMPED.search(address), address
        assert "immutable" in answer.headers["Cache-Control"], address
        assert answer.headers.get("Content-Encoding") == "gzip" or len(answer.data) < 1024, address


def test_the_icon_is_where_it_is_looked_for(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/vnd.microsoft.icon")
    assert answer.data.startswith(b"\0\0\1\0")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert client.get("/favicon.ico", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("script", OWN_SCRIPTS)
def test_what_a_script_imports_is_kept_for_a_year_too(client: FlaskClient, script: str) -> None:
    (stamp,) = set(re.findall(r"/static/([0-9a-f]{12})/js/", client.get("/").text))
    own = f"/static/{stamp}/{script}"
    for address in (own, *(urljoin(own, each) for each in IMPORTS.findall((STATIC / script).read_text()))):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address


def test_a_page_names_all_scripts_that_it_needs_at_once() -> None:
    assert imported("js/search.js") == ("js/suggestions.js",)
    needed = imported("query/main.js")
    assert {"query/begin.js", "query/marks.js", "query/terms.js", "query/views.js"} <= set(needed)
    assert len(needed) == len(set(needed))
    assert "query/bars.js" not in needed  # the first chart asks for it


def test_files_are_found_below_a_prefix(client: FlaskClient) -> None:
    addresses = loaded(client.get("/", environ_overrides={"SCRIPT_NAME": "/capx"}).text)
    assert addresses
    for address in addresses:
        assert address.startswith("/capx/")
        assert "immutable" in client.get(address.removeprefix("/capx")).headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/static/app.css", "/static/0123456789ab/app.css", "/static/app.css?v=1"])
def test_a_file_under_another_address_is_asked_for_again(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "name", ["", "0123456789ab", "0123456789ab/", "nothing.css", "../needs.py", "js/../../assets/codex.py"]
)
def test_only_files_that_there_are_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
    assert client.get(f"/static/0123456789ab/{name}").status_code == 404


def test_the_address_of_the_root_colours_changes_with_them(client: FlaskClient, services: FakeServices) -> None:
    def address() -> str:
        (found,) = (each for each in loaded(client.get("/about").text) if "palette" in each)
        return found

    first = address()
    assert "#be0078" in client.get(first).text
    services.store.version += 1
    assert address() == first
    recoloured = replace(services.profiles.nodes[0], capacity=replace(ROOT, colour="#0078BE"))
    services.profiles.nodes = (recoloured,)
    services.store.version += 1
    assert address() != first
    assert "immutable" in client.get(address()).headers["Cache-Control"]
    assert client.get(first).headers["Cache-Control"] == "no-cache"


def test_pages_that_need_no_graph_are_drawn_without_its_colours(client: FlaskClient, services: FakeServices) -> None:
    class Silent(FakeProfiles):
        def directory(self, *, reader: tuple[str, ...]) -> tuple[()]:
            raise Unavailable("no answer")

    services.profiles = Silent()
    answer = client.get("/help/search")
    assert answer.status_code == 200
    assert '"/palette.css"' in answer.text
    assert client.get("/palette.css").status_code == 503


def test_every_component_of_codex_that_is_used_is_sent() -> None:
    used = {name for path in _sources() for name in re.findall(r"\bcdx-([a-z]+(?:-[a-z]+)*)", path.read_text())}
    assert used <= codex.COMPONENTS
    assert codex.COMPONENTS - used <= {"icon"}


def _sources() -> list[Path]:
    found = (path for path in STATIC.parent.rglob("*") if path.suffix in {".html", ".js", ".py"})
    return [path for path in found if STATIC / "vendor" not in path.parents]


@pytest.mark.parametrize("name", ["codex.css", "codex-rtl.css"])
def test_of_codex_only_what_is_used_is_sent(client: FlaskClient, name: str) -> None:
    css = client.get(f"/static/{name}").text
    assert css.count("{") == css.count("}")
    for rule in ("--color-progressive:", ".cdx-button--weight-primary", ".cdx-message--error", ".cdx-checkbox__input"):
        assert rule in css
    assert not set(re.findall(r"\.cdx-(?:dialog|tabs|table|menu|chip-input|card)\b", css))
    assert len(client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}).data) < 9 * 1024


def test_our_style_sheets_travel_without_what_is_written_for_their_authors(client: FlaskClient) -> None:
    for path in STATIC.glob("*.css"):
        assert "/*" in path.read_text(), path
        sent = client.get(f"/static/{path.name}").text
        assert "/*" not in sent
        assert sent.count("{") == path.read_text().count("{") == sent.count("}")
