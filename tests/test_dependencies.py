"""The libraries of others: each is declared, and each is used in the rooms that are its home and nowhere else."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable

from tests import CHECKOUT
from tests.houses.source import Room, imports, rooms

ROOMS = rooms("capx_graph", "webapp")
TESTS = rooms("tests")

HOMES: dict[str, tuple[str, ...]] = {
    # engines of the graph and of its rules
    "pyoxigraph": ("capx_graph/terms.py", "capx_graph/store/"),
    "SPARQLWrapper": ("capx_graph/store/remotewire.py",),
    "pyshacl": ("capx_graph/shapes/engine.py",),
    "rdflib": ("capx_graph/shapes/",),
    # numbers and sets
    "pyroaring": (
        "capx_graph/index/",
        "capx_graph/groups/",
        "capx_graph/search/bitmapfinder.py",
        "capx_graph/matching/bitmapmatcher.py",
        "capx_graph/matching/population.py",
        "capx_graph/analytics/bitmapcounter.py",
    ),
    "numpy": ("capx_graph/analytics/", "capx_graph/groups/solver.py", "capx_graph/matching/bitmapmatcher.py"),
    "scipy": ("capx_graph/analytics/crosstab.py", "capx_graph/groups/solver.py"),
    "networkx": ("capx_graph/groups/solver.py",),
    # who somebody is
    "argon2": ("capx_graph/accounts/passwords.py",),
    "authlib": ("capx_graph/identities/oauth2.py",),
    "cryptography": ("capx_graph/identities/sealing.py",),
    "oauthlib": ("capx_graph/identities/oauth1.py",),
    "requests_oauthlib": ("capx_graph/identities/oauth1.py", "capx_graph/wikibase/elsewhere.py"),
    # other sites, wikis first
    "requests": ("capx_graph/identities/", "capx_graph/mediawiki/", "capx_graph/wikibase/"),
    "urllib3": ("capx_graph/wikibase/transport.py",),
    "wikibaseintegrator": ("capx_graph/wikibase/writer.py",),
    # languages, calendars, figures
    "babel": ("capx_graph/languages.py", "capx_graph/messages/translator.py", "capx_graph/zones.py"),
    "icalendar": ("capx_graph/events/calendar.py",),
    "prometheus_client": ("capx_graph/status/exposition.py",),
    # doors
    "click": ("capx_graph/cli/",),
    "tqdm": ("capx_graph/cli/",),
    "waitress": ("capx_graph/serve.py",),
    "flask": ("webapp/",),
    "jinja2": ("webapp/factory.py", "webapp/drawing/schemaorg.py"),
    "markupsafe": ("webapp/", "capx_graph/messages/translator.py"),
    "orjson": ("webapp/response/jsonwriting.py",),
    "segno": ("webapp/rooms/cards.py",),
    "werkzeug": ("webapp/", "capx_graph/repository/wsgi.py"),
}
"""By the name under which it is imported."""

SQLITE: tuple[str, ...] = (
    "capx_graph/repository/storage/",
    "capx_graph/textindex/",
    "capx_graph/accounts/",
    "capx_graph/suggestions.py",
    "capx_graph/queryhelp/shortlinks.py",
    "capx_graph/handover/state.py",
    "capx_graph/backup/databases.py",
)
"""SQLite comes with Python, and is an engine all the same."""

_IMPORTED_AS = {"argon2-cffi": "argon2"}
"""Where the name of an import does not follow from that of the distribution."""


def declared(group: str) -> set[str]:
    """The libraries that ``pyproject.toml`` declares for the product or for a group, by how they are imported."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] if group == "product" else project["dependency-groups"][group]
    names = (re.split(r"[<>=\[; ]", line, maxsplit=1)[0] for line in lines)
    return {_IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}


def foreign(of: Iterable[Room]) -> dict[str, set[str]]:
    """By its name, the paths of the rooms that import a library of others."""
    found: dict[str, set[str]] = {}
    for room in of:
        for name in {dotted.split(".")[0] for dotted in imports(room)}:
            if name not in sys.stdlib_module_names and name not in ("capx_graph", "webapp", "tests"):
                found.setdefault(name, set()).add(room.path)
    return found


def users_of(library: str) -> set[str]:
    return {room.path for room in ROOMS if any(name.split(".")[0] == library for name in imports(room))}


def test_every_library_has_a_home_and_is_used_there_alone() -> None:
    used = foreign(ROOMS)
    assert not used.keys() - HOMES.keys(), "give it a home"
    strays = [(path, name) for name, paths in used.items() for path in paths if not path.startswith(HOMES[name])]
    assert not [f"{path} imports {name}; only {HOMES[name]} may" for path, name in strays]


def test_every_home_of_a_library_is_lived_in() -> None:
    used = {**foreign(ROOMS), "sqlite3": users_of("sqlite3")}
    homes = [(name, home) for name, places in {**HOMES, "sqlite3": SQLITE}.items() for home in places]
    empty = [(name, home) for name, home in homes if not any(path.startswith(home) for path in used.get(name, ()))]
    assert not [f"nothing in {home} imports {name}" for name, home in empty]


def test_sqlite_is_spoken_to_where_files_of_it_are_kept() -> None:
    assert not [path for path in users_of("sqlite3") if not path.startswith(SQLITE)]


def test_what_the_product_imports_is_what_it_declares() -> None:
    assert foreign(ROOMS).keys() == declared("product")


def test_what_the_tests_import_is_declared() -> None:
    assert not foreign(TESTS).keys() - declared("product") - declared("dev") - declared("build")
