"""The rules of the house, read from the syntax trees: who may import whom, how long a room may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import CHECKOUT
from tests.houses.source import Room, called, imports, rooms

FLOORS: tuple[tuple[str, ...], ...] = (
    # 0 leaves, which import nothing of the house; on them the few that need one of these
    ("errors", "instants", "languages", "model", "namespaces", "pace", "resources", "settling", "spelling"),
    ("settings", "terms", "mentions", "zones"),
    ("datadir",),
    # 1 data loaders
    ("messages",),
    ("ontology", "queries", "shapes", "sparql"),
    # 2 adapters
    (
        "accounts",
        "identities",
        "tombstones",
        "repository",
        "store",
        "mediawiki",
        "suggestions",
        "textindex",
        "wikibase",
    ),
    # a connected Wikibase, read by one adapter and kept by another
    ("upstream",),
    # 3 pipeline: what follows from an entity, then what keeps graph and text index in step with it
    ("projection", "provisioning", "directory"),
    ("ingest", "index", "items"),
    ("check", "editing", "outage"),
    # 4 use cases; an export is in the form that an import takes
    (
        "search",
        "groups",
        "matching",
        "analytics",
        "profiles",
        "importers",
        "wikipages",
        "queryhelp",
        "linkeddata",
        "reconcile",
    ),
    # who keeps the directory of capacities; above it who translates it
    ("exporters", "endpoint", "taxonomy", "events"),
    ("dumps", "translation", "membership", "handover"),
    ("notices",),
    ("privacy", "stewardship", "backup", "status"),
    # 5 wiring, and jobs over the whole repository
    ("connected",),
    ("opening",),
    ("services",),
    ("jobs",),
    # 6 doors: the pages, the server that answers with them, the command that starts it
    ("webapp",),
    ("serve",),
    ("cli",),
    ("__main__",),
)

# The embedded Wikibase is a house of its own: from what an id is, up to HTTP.
REPOSITORY_FLOORS: tuple[tuple[str, ...], ...] = (
    ("__init__", "ids", "refusals", "identity", "acceptance", "ratelimit", "compact"),
    ("values", "oauth"),
    ("statements",),
    ("entities",),
    ("storage", "rdf"),
    ("history", "editing", "entitydata"),
    ("store",),
    ("terms", "dumps", "restoring", "rebase"),
    ("api", "rest"),
    ("wsgi",),
)

# So are the pages: from what they need of the services, up to the rooms that answer an address.
WEBAPP_FLOORS: tuple[tuple[str, ...], ...] = (
    ("needs",),
    ("request", "assets"),
    ("response",),
    ("errors", "search", "members", "sparql"),
    ("matching", "analytics", "forms"),
    # what templates draw with; what programs are told
    ("drawing", "api"),
    ("wiki",),
    ("rooms",),
    ("factory",),
    ("__init__",),
)

HOUSES = {"capx_graph/repository": REPOSITORY_FLOORS, "webapp": WEBAPP_FLOORS}
"""By its folder, a house within the house."""
LONGEST_FILE = 300
LONGEST_FILE_OF_TESTS = 400
LONGEST_FUNCTION = 60


ROOMS = rooms("capx_graph", "webapp")
TESTS = rooms("tests")


def noun(dotted: str) -> str | None:
    """The room of the house that a dotted name belongs to; None for foreign modules and the package itself."""
    parts = dotted.split(".")
    if parts[0] == "webapp":
        return "webapp"
    return parts[1] if parts[0] == "capx_graph" and len(parts) > 1 and parts[1] != "__version__" else None


def floor(name: str, floors: tuple[tuple[str, ...], ...] = FLOORS) -> int:
    found = [number for number, names in enumerate(floors) if name in names]
    assert found, f"{name} has no floor: give it one"
    return found[0]


def by_noun() -> dict[str, list[Room]]:
    """Rooms by what they belong to: the house's nouns and, of the pages, their parts."""
    found: dict[str, list[Room]] = {}
    for room in ROOMS:
        parts = room.path.removesuffix(".py").split("/")
        found.setdefault("/".join(parts[:2]), []).append(room)
    return found


every_room = pytest.mark.parametrize("rooms_", by_noun().values(), ids=by_noun().keys())
"""Given the rooms of one noun at a time: each of them is looked at, and all that is wrong is told together."""


@every_room
def test_imports_point_only_down(rooms_: list[Room]) -> None:
    assert not [fault for room in rooms_ for fault in rising(room)]


def rising(room: Room) -> Iterator[str]:
    own = noun(dotted_name(room))
    for dotted in imports(room) if own is not None else ():
        other = noun(dotted)
        if other is not None and other != own and floor(other) >= floor(own):
            yield f"{room.path} imports {dotted}, which is not below it"


@pytest.mark.parametrize(("house", "floors"), HOUSES.items(), ids=HOUSES.keys())
def test_a_house_of_its_own_has_floors_too(house: str, floors: tuple[tuple[str, ...], ...]) -> None:
    assert not [fault for room in ROOMS if room.path.startswith(f"{house}/") for fault in climbing(room, house, floors)]


def climbing(room: Room, house: str, floors: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    own = part_of(room.path, house)
    for dotted in imports(room):
        other = part_of(dotted.replace(".", "/"), house)
        if other not in ("", own) and floor(other, floors) >= floor(own, floors):
            yield f"{room.path} imports {dotted}, which is not below it"


def part_of(path: str, house: str) -> str:
    """The part of a house that a file, or a module written as a path, belongs to; empty outside the house."""
    return path.removeprefix(f"{house}/").removesuffix(".py").split("/")[0] if path.startswith(f"{house}/") else ""


def test_no_room_of_the_pages_imports_another() -> None:
    """What two of them need is beneath them."""
    rooms_ = [room for room in ROOMS if room.path.startswith("webapp/rooms/")]
    assert not [f"{room.path} imports {name}" for room in rooms_ for name in imports(room) if "webapp.rooms" in name]


@every_room
def test_a_room_is_short_and_says_what_it_is(rooms_: list[Room]) -> None:
    assert not [f"{room.path} has {room.lines} lines: find the seam" for room in rooms_ if room.lines > LONGEST_FILE]
    silent = [room for room in rooms_ if room.lines and not ast.get_docstring(room.tree)]
    assert not [f"{room.path} does not say what it is" for room in silent]


CLAIM = re.compile(
    r"nly (?:rooms of )?this package imports? it|mported by this package alone"
    r"|nly (?:the repository's )?(?P<files>[\w/]+\.py(?:(?:, | and )[\w/]+\.py)*) imports? it"
    r"|mported by (?P<file>[\w/]+\.py) only"
    r"|sed by ``(?P<room>[\w.]+)`` alone"
)
"""What a docstring may say of who imports a room; tests import what they like."""


@cache
def importers() -> dict[str, set[str]]:
    """By its dotted name, the paths of the rooms that import a room or something in it; a package is its own room."""
    names = {dotted_name(room) for room in ROOMS}
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for dotted in imports(room):
            imported = dotted if dotted in names else dotted.rpartition(".")[0]
            found.setdefault(imported, set()).add(room.path)
    return found


def dotted_name(room: Room) -> str:
    return room.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@every_room
def test_who_is_said_to_import_a_room_alone_does(rooms_: list[Room]) -> None:
    assert not [fault for room in rooms_ for fault in lying(room)]


def lying(room: Room) -> Iterator[str]:
    claim = CLAIM.search(" ".join((ast.get_docstring(room.tree) or "").split()))
    if claim:
        room_alone = claim["room"].replace(".", "/") + ".py" if claim["room"] else ""
        named = re.split(r", | and ", claim["files"] or claim["file"] or room_alone)
        for path in sorted(importers().get(dotted_name(room), set())):
            allowed = path.endswith(tuple(f"/{name}" for name in named)) if any(named) else in_package(path, room)
            if not allowed:
                yield f"{room.path} says '{claim.group()}', and {path} imports it"


def in_package(path: str, room: Room) -> bool:
    return path.startswith(room.path.rpartition("/")[0] + "/")


@every_room
def test_functions_are_short_and_import_nothing(rooms_: list[Room]) -> None:
    assert not [fault for room in rooms_ for fault in overgrown(room)]


def overgrown(room: Room) -> Iterator[str]:
    for node in room.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{room.path}: {node.name} has {length} lines"
            if any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)):
                yield f"{room.path}: {node.name} imports inside a function"


@every_room
def test_ids_of_an_instance_stand_only_in_its_mapping(rooms_: list[Room]) -> None:
    """P and Q ids differ from one Wikibase to the next; code that names one runs on one instance only."""
    assert not [fault for room in rooms_ for fault in naming(room)]


def naming(room: Room) -> Iterator[str]:
    for node in room.nodes:
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and re.fullmatch(r"[PQ][1-9]\d*", text):
            yield f"{room.path}:{node.lineno} names {text}"


def test_nothing_here_is_named_for_being_miscellaneous() -> None:
    names = {Path(room.path).stem for room in ROOMS}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "tools"}


def test_the_readme_names_every_room() -> None:
    tree = (CHECKOUT / "README.md").read_text(encoding="utf-8").split("## Architecture")[1].split("```")[1]
    assert not {name for names in (*FLOORS, *WEBAPP_FLOORS) for name in names} - set(re.findall(r"\w+", tree))


def test_a_module_of_the_tests_has_one_name() -> None:
    """It is imported as a part of the package ``tests``; loaded under two names, its classes would be two as well."""
    assert not [room.path for room in TESTS if not (CHECKOUT / room.path).with_name("__init__.py").exists()]
    names = {Path(room.path).stem for room in TESTS}
    found = [(room.path, name) for room in TESTS for name in imports(room)]
    assert not [f"{path} imports {name}" for path, name in found if name.split(".")[0] in names]


def test_a_file_of_the_tests_is_short_too() -> None:
    assert not [
        f"{room.path} has {room.lines} lines: find the seam" for room in TESTS if room.lines > LONGEST_FILE_OF_TESTS
    ]


def test_no_test_file_lends_anything_to_another_file() -> None:
    """What two of them need lies in a room of its own, or is a fixture of their ``conftest.py``."""
    found = [(room.path, name) for room in TESTS for name in imports(room)]
    assert not [f"{path} imports {name}" for path, name in found if re.match(r"tests\.(\w+\.)*(test_|conftest)", name)]


def test_the_name_of_a_test_is_a_sentence() -> None:
    """Of four words at least, as far as a program can tell."""
    functions = [(room.path, node.name) for room in TESTS for node in room.nodes if isinstance(node, ast.FunctionDef)]
    tests = [(path, name) for path, name in functions if name.startswith("test_")]
    assert not [f"{path}: {name} says too little" for path, name in tests if name.count("_") < 4]


def test_no_test_waits_for_a_time() -> None:
    """What comes sooner or later is awaited by ``tests.waiting``, or by an event; the bench measures."""
    tests = [room for room in TESTS if not room.path.startswith(("tests/waiting.py", "tests/bench/"))]
    assert not [f"{room.path}:{line} waits for a time" for room in tests for line in pausing(room)]


def pausing(room: Room) -> Iterator[int]:
    yield from (line for name, line in called(room.nodes) if name in {"sleep", "wait_for_timeout"})
    loops = [(loop.lineno, called(ast.walk(loop))) for loop in room.nodes if isinstance(loop, ast.While)]
    yield from (line for line, names in loops if {"monotonic", "perf_counter"} & {name for name, _ in names})


def test_this_file_can_see_the_house() -> None:
    assert len(ROOMS) > 10
