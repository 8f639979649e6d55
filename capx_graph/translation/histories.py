"""When each text of a capacity was written, from its revisions: what tells an outdated translation.

Only this package imports it. A history is read once and carried on from its newest revision; 134 capacities with
a few revisions each are read in some tens of milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from capx_graph.model import EntityJson, Page
from capx_graph.repository.history.lines import RevisionLine
from capx_graph.repository.store import Repository
from capx_graph.translation.model import FIELDS, PARTS

_AT_ONCE = 500

Key = tuple[str, str]
"""``label`` or ``description``, and a language."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it came to be: the revision, its time (Unix seconds) and author, the text, empty where it was taken
    away."""

    revision: int
    at: int
    text: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The texts of one capacity, each with all that it ever was, oldest first."""

    revision: int
    texts: Mapping[Key, tuple[Written, ...]] = field(default_factory=dict)

    def last(self, name: str, language: str) -> Written | None:
        """When a text became what it is; None where there never was one."""
        found = self.texts.get((name, language))
        return found[-1] if found else None

    def as_of(self, name: str, language: str, revision: int) -> str:
        """What a text was at a revision."""
        earlier = [written for written in self.texts.get((name, language), ()) if written.revision <= revision]
        return earlier[-1].text if earlier else ""

    def formerly(self, name: str, *, source: str, target: str) -> str | None:
        """The source text that a translation was made from, where it is another one today."""
        translated, today = self.last(name, target), self.last(name, source)
        if translated is None or today is None or not translated.text or not today.text:
            return None
        seen = self.as_of(name, source, translated.revision)
        return seen if seen and seen != today.text else None


class Histories:
    """The histories of the capacities of one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = Lock()
        self._known: dict[str, History] = {}

    def of(self, page: Page) -> History:
        """The history of a page up to its revision."""
        with self._lock:
            known = self._known.get(page.entity_id, History(0))
        if known.revision != page.revision_id:
            known = self._carried_on(page, known)
            with self._lock:
                self._known[page.entity_id] = known
        return known

    def _carried_on(self, page: Page, known: History) -> History:
        texts = {key: list(written) for key, written in known.texts.items()}
        after = known.revision
        while lines := self._repository.history.revisions(
            entity_id=page.entity_id, after=after + 1, before=page.revision_id, oldest_first=True, limit=_AT_ONCE
        ):
            for line in lines:
                seen = self._repository.revision(page.entity_id, line.revision_id)
                if seen is not None and seen.entity is not None:
                    _note(texts, seen.entity, line)
            after = lines[-1].revision_id
        return History(page.revision_id, {key: tuple(written) for key, written in texts.items()})


def _note(texts: dict[Key, list[Written]], entity: EntityJson, line: RevisionLine) -> None:
    there = {(name, language): str(term["value"]) for name in FIELDS for language, term in entity[PARTS[name]].items()}
    for key in {*there, *texts}:
        written = texts.setdefault(key, [])
        text = there.get(key, "")
        if text != (written[-1].text if written else ""):
            written.append(Written(line.revision_id, line.at, text, line.actor))
