"""A small wiki for tests of its pages: every datatype, ranks, references, a redirect, an owned and a deleted page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from capx_graph.model import Draft
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import FILE_NAME, Repository, RepositorySettings

READER = ("en",)
WIKIDATA = "http://www.wikidata.org/entity/"
TYPES = {
    "P1": ("string", "formatter"),
    "P2": ("string", "text"),
    "P3": ("url", "website"),
    "P4": ("external-id", "identifier"),
    "P5": ("commonsMedia", "image"),
    "P6": ("wikibase-item", "part of"),
    "P7": ("monolingualtext", "motto"),
    "P8": ("quantity", "length"),
    "P9": ("time", "date"),
    "P10": ("globe-coordinate", "place"),
    "P11": ("wikibase-property", "see"),
}


def terms(**texts: str) -> dict[str, Any]:
    """Labels or descriptions; an underscore in a code stands for a hyphen."""
    return {code.replace("_", "-"): {"language": code.replace("_", "-"), "value": text} for code, text in texts.items()}


def snak(property_id: str, value: Any) -> dict[str, Any]:
    """A snak with a value, or of the type ``somevalue`` or ``novalue``."""
    if value in ("somevalue", "novalue"):
        return {"snaktype": value, "property": property_id}
    kind = {
        "wikibase-item": "wikibase-entityid",
        "wikibase-property": "wikibase-entityid",
        "monolingualtext": "monolingualtext",
        "quantity": "quantity",
        "time": "time",
        "globe-coordinate": "globecoordinate",
    }.get(TYPES[property_id][0], "string")
    content = {"id": value} if kind == "wikibase-entityid" else value
    return {"snaktype": "value", "property": property_id, "datavalue": {"type": kind, "value": content}}


def claim(number: int, mainsnak: dict[str, Any], *, of: str = "Q1", **more: Any) -> dict[str, Any]:
    """A statement under an id of its own."""
    guid = f"{of}$00000000-0000-4000-8000-{number:012d}"
    return {"id": guid, "type": "statement", "mainsnak": mainsnak, "rank": "normal", **more}


def day(text: str, precision: int = 11, calendar: str = "Q1985727") -> dict[str, Any]:
    """A time."""
    zeros = {"timezone": 0, "before": 0, "after": 0}
    return {"time": f"{text}T00:00:00Z", "precision": precision, "calendarmodel": WIKIDATA + calendar, **zeros}


def item(entity_id: str, *claims: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A complete item."""
    return {"type": "item", "id": entity_id, "claims": list(claims), **parts}


def first_item(**changed: Any) -> dict[str, Any]:
    """Q1 as the wiki begins with it."""
    claims = [
        claim(
            1,
            snak("P2", "main"),
            rank="preferred",
            qualifiers=[snak("P9", day("+2020-03-00", 10))],
            references=[{"snaks": [snak("P3", "https://example.org/source"), snak("P2", "p. 7")]}],
        ),
        claim(2, snak("P2", "worse"), rank="deprecated"),
        claim(3, snak("P4", "a/b c")),
        claim(4, snak("P5", "A picture.jpg")),
        claim(5, snak("P6", "Q2")),
        claim(6, snak("P7", {"text": "ordem e progresso", "language": "pt"})),
        claim(7, snak("P8", {"amount": "+12.5", "unit": "http://127.0.0.1:8000/entity/Q2"})),
        claim(8, snak("P9", day("-0044-03-15", 11, "Q1985786"))),
        claim(9, snak("P10", {"latitude": 9.5, "longitude": -33, "precision": 0.1, "globe": WIKIDATA + "Q2"})),
        claim(10, snak("P11", "P2")),
        claim(11, snak("P3", "somevalue")),
        claim(12, snak("P6", "novalue")),
    ]
    entity = item(
        "Q1",
        *claims,
        labels=terms(en="first", pt="primeiro"),
        descriptions=terms(en="the first of all items", de="der erste"),
        aliases={"en": [{"language": "en", "value": "uno"}, {"language": "en", "value": "number one"}]},
    )
    return entity | changed


class SmallWiki:
    """The wiki; ``edit`` makes revisions."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def edit(self, *entities: dict[str, Any], actor: str, said: str = "", owner: str | None = None) -> int:
        """Writes the entities as they are given; answers the last revision."""
        drafts = [Draft(entity, owner=owner) for entity in entities]
        return self.repository.bulk(drafts, actor=actor, summary=said)[-1].revision_id

    def fill(self) -> None:
        """Writes what the wiki begins with."""
        properties: list[dict[str, Any]] = [
            {"type": "property", "id": key, "datatype": datatype, "labels": terms(en=label)}
            for key, (datatype, label) in TYPES.items()
        ]
        template = claim(1, snak("P1", "https://id.example/$1"), of="P4")
        properties[3]["claims"] = [template]
        self.edit(*properties, item("Q2", labels=terms(en="second", ar="الثاني")), actor="Setup")
        self.edit(first_item(), actor="Ana", said="made it")
        self.edit(item("Q3"), actor="Ana")
        self.edit(item("Q4", labels=terms(en="to be deleted")), actor="Ana")
        with self.repository.transaction() as transaction:
            page = transaction.page("Q3")
            assert page is not None
            transaction.redirect(page, "Q1", Author("Ana", "/* wbcreateredirect:0||Q3|Q1 */"))
        self.repository.delete(["Q4"], actor="Boss", reason="not needed")
        self.edit(item("Q5", labels=terms(en="Old Name")), actor="Olga", owner="Olga", said="/* x-y:1||1 */ Old Name")
        self.edit(item("Q5", labels=terms(en="Olga")), actor="Olga", owner="Olga")

    def newest(self, entity_id: str) -> int:
        """The number of the newest revision."""
        page = self.repository.page(entity_id)
        assert page is not None
        return page.revision_id


def _opened(directory: Path, *, first_tick: int) -> Repository:
    ticks = count(first_tick)
    return Repository.open(
        directory,
        base="http://127.0.0.1:8000",
        clock=lambda: datetime.fromtimestamp(1_780_000_000 + 60 * next(ticks), UTC),
        settings=RepositorySettings(formatter_url="P1"),
    )


@cache
def _filled() -> bytes:
    """The file of the wiki as it begins: written once, since each of its commits waits for the disk."""
    with TemporaryDirectory() as directory:
        repository = _opened(Path(directory), first_tick=1)
        SmallWiki(repository).fill()
        repository.close()
        return (Path(directory) / FILE_NAME).read_bytes()


@contextmanager
def small_wiki(directory: Path) -> Iterator[SmallWiki]:
    """The wiki in a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / FILE_NAME).write_bytes(_filled())
    repository = _opened(directory, first_tick=100)
    try:
        yield SmallWiki(repository)
    finally:
        repository.close()
