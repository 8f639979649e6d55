"""The text index as a whole: open, search, apply changes, rebuild aside; the package gives it out.

Threads may search at will; writing belongs to the ingest. A search that runs while a rebuild is swapped in finishes
on the generation it began with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from capx_graph.datadir.generations import Generation, Generations
from capx_graph.errors import Unavailable
from capx_graph.model import EntityKind
from capx_graph.textindex import schema
from capx_graph.textindex.entries import FoldedName, TextEntry, TextHit
from capx_graph.textindex.matching import Matcher, Named, named


class TextIndex:
    """Names and texts of entities, searchable; lives in ``directory``. Raises StoreLocked when that is in use.

    Once it is closed, every question raises Unavailable.
    """

    def __init__(self, directory: Path) -> None:
        self._generations = Generations(directory)
        self._writing = RLock()
        self._closed = False
        path = self._generations.current()
        if path is None or not schema.is_readable(path / schema.FILE_NAME):
            path = self._begin_anew(path)
        self._generation = _opened(path)
        self._cursor, self._model = self._state()

    @property
    def cursor(self) -> int:
        """The newest change that the index has taken in."""
        return self._cursor

    @property
    def model(self) -> str:
        """The model version of the last rebuild."""
        return self._model

    def search(
        self,
        text: str,
        *,
        kinds: Collection[EntityKind] = (),
        languages: Sequence[str] = (),
        limit: int | None = 50,
    ) -> list[TextHit]:
        """Entities whose texts hold every word of ``text``, best first; of some kinds only, if given.

        A word may be the beginning of a longer one; the query as a whole may be a part of a word. Of an entity's
        texts the best counts; ``languages`` decide between equals. ``limit`` None gives all.
        """
        with self._matcher(text, kinds, languages) as matcher:
            return matcher.search(limit)

    def suggest(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int = 10
    ) -> list[TextHit]:
        """The few best entities for what somebody has typed so far."""
        with self._matcher(text, kinds, languages) as matcher:
            return matcher.suggest(limit)

    def similar(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int = 20
    ) -> list[TextHit]:
        """Entities with a text that resembles this one, misspelt as it may be; most alike first."""
        with self._matcher(text, kinds, languages) as matcher:
            return matcher.similar(limit)

    def named(self, phrases: Collection[str], *, kinds: Collection[EntityKind]) -> Named:
        """The texts of things of these kinds that are exactly a phrase, by the phrase; phrases are folded."""
        with self._reading() as generation:
            return named(generation.resource.mine(), phrases, kinds)

    def names_of(self, entity_ids: Collection[str]) -> list[FoldedName]:
        """The labels and aliases of some entities, folded, in no order."""
        with self._reading() as generation:
            return schema.names_of(generation.resource.mine(), entity_ids)

    def entries(self, entity_id: str) -> list[TextEntry]:
        """Everything the index holds of an entity."""
        with self._reading() as generation:
            return schema.entries(generation.resource.mine(), entity_id)

    def entity_ids(self) -> Iterator[str]:
        """The entities that the index holds texts of, in order."""
        with self._reading() as generation:
            for (entity_id,) in generation.resource.mine().execute(
                "SELECT DISTINCT entity_id FROM entry ORDER BY entity_id"
            ):
                yield entity_id

    def __len__(self) -> int:
        """The number of texts."""
        with self._reading() as generation:
            count: int = generation.resource.mine().execute("SELECT count(*) FROM entry").fetchone()[0]
            return count

    def is_sound(self) -> bool:
        """Whether the search tables are intact and have exactly the texts of the table of texts."""
        with self._reading() as generation:
            return schema.is_sound(generation.resource.mine())

    def apply(self, cursor: int, replaced: Mapping[str, Sequence[TextEntry]]) -> None:
        """Replace the texts of some entities (by none: forget the entity) and move the cursor, in one transaction."""
        with self._writing, self._reading() as generation:
            _apply(generation.resource.mine(), cursor, replaced)
            self._cursor = cursor

    @contextmanager
    def rebuild(self, model: str) -> Iterator[TextBuild]:
        """Build a new content aside; leaving the context without ``publish`` drops it."""
        path = self._generations.begin()
        build = TextBuild(self, path, model)
        try:
            yield build
        finally:
            if not build.published:
                build.abandon()
                self._generations.discard(path)

    def swap(self, path: Path) -> None:
        """Put a finished generation in force; for TextBuild."""
        with self._writing:
            self._generations.publish(path)
            former, self._generation = self._generation, _opened(path)
            self._cursor, self._model = self._state()
        _retire(former, lambda: self._generations.discard(former.path))

    def close(self) -> None:
        """Release the files and the lock, once the searches of this moment have finished."""
        with self._writing:
            if self._closed:
                return
            self._closed = True
            _retire(self._generation, self._generations.close)

    def _begin_anew(self, former: Path | None) -> Path:
        """An empty index, to be filled from the repository, in place of none or of one that cannot be read."""
        path = self._generations.begin()
        try:
            schema.create(path / schema.FILE_NAME)
        except sqlite3.Error as error:
            self._generations.close()
            raise Unavailable(f"no text index can be made in {path}: {error}") from error
        self._generations.publish(path)
        self._generations.discard(former)
        return path

    def _state(self) -> tuple[int, str]:
        with self._reading() as generation:
            row: tuple[int, str] = generation.resource.mine().execute("SELECT cursor, model FROM state").fetchone()
            return row

    @contextmanager
    def _matcher(self, text: str, kinds: Collection[EntityKind], languages: Sequence[str]) -> Iterator[Matcher]:
        with self._reading() as generation:
            matcher = Matcher(generation.resource.mine(), text, kinds)
            matcher.prefer(languages)
            yield matcher

    @contextmanager
    def _reading(self) -> Iterator[Generation[schema.Connections]]:
        while not (generation := self._generation).enter():
            if self._closed:
                raise Unavailable("the text index is closed")
        try:
            yield generation
        finally:
            generation.leave()


class TextBuild:
    """A text index being filled aside: ``add`` at will, ``finish``, ``apply`` what came since, ``publish``."""

    def __init__(self, owner: TextIndex, path: Path, model: str) -> None:
        self._owner = owner
        self._path = path
        self._model = model
        self._connection = schema.create_for_bulk(path / schema.FILE_NAME)
        self.published = False

    def add(self, entries: Iterable[TextEntry]) -> None:
        """Take in texts of entities that were not there before."""
        schema.insert(self._connection, entries)

    def finish(self, cursor: int) -> None:
        """End the filling; the content stands at ``cursor``."""
        with _failures():
            schema.finish_bulk(self._connection, cursor, self._model)
            self._connection = schema.connect(self._path / schema.FILE_NAME)

    def apply(self, cursor: int, replaced: Mapping[str, Sequence[TextEntry]]) -> None:
        """Bring the finished content up to date, as TextIndex.apply does."""
        _apply(self._connection, cursor, replaced)

    def publish(self) -> None:
        """Swap the index's content for this in one step."""
        self._connection.close()
        self._owner.swap(self._path)
        self.published = True

    def abandon(self) -> None:
        """Close the unpublished file; its owner removes it."""
        self._connection.close()


def _apply(connection: sqlite3.Connection, cursor: int, replaced: Mapping[str, Sequence[TextEntry]]) -> None:
    with _failures(), schema.transaction(connection):
        for entity_id, entries in replaced.items():
            schema.remove(connection, entity_id)
            schema.insert(connection, entries)
        connection.execute("UPDATE state SET cursor = ?", (cursor,))


def _opened(path: Path) -> Generation[schema.Connections]:
    return Generation(schema.Connections(path / schema.FILE_NAME), path)


def _retire(generation: Generation[schema.Connections], then: Callable[[], None]) -> None:
    connections = generation.resource

    def close() -> None:
        connections.close()
        then()

    generation.retire(close)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the text index cannot be written: {error}") from error
