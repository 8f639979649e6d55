"""Following the connected Wikibase: in the service's thread, by command, and after a comparison that found differences.

One process at a time follows: a lock in the data directory is held for each look, so that a command beside a running
service waits for its turn and neither reads what the other has just read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from capx_graph.connected.wiring import Pacing, sync_over
from capx_graph.datadir.locks import held
from capx_graph.errors import StoreLocked
from capx_graph.ingest import Ingest
from capx_graph.model import EntityJson
from capx_graph.repository.dumps.file import read_dump
from capx_graph.repository.dumps.rdfentity import EntityFromRdf
from capx_graph.repository.dumps.rdffile import RdfFile, is_rdf
from capx_graph.repository.ids import parse_id
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.upstream import Pass, Stopped, Sync, SyncLoop, SyncState

_LOCK = "sync.lock"
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a dump: entities that changed here, and those that it describes and does not tell whole."""

    changed: int
    left: int = 0


class Following:
    """The thread of a service that follows the connected Wikibase, and what it has to say."""

    def __init__(self, repository: Repository, settings: Settings) -> None:
        assert settings.wikibase is not None, "whoever follows is connected"
        self._stopping = Event()
        self._sync = sync_over(
            repository,
            settings,
            pacing=Pacing(time.monotonic, self._wait),
            progress=lambda _: self._go_on(),
        )
        self._loop = SyncLoop(
            self._sync,
            repository.mirror.count,
            seconds=settings.wikibase.seconds,
            stopping=self._stopping,
            guard=lambda: _alone(settings.data),
        )
        self._follows = settings.wikibase.seconds > 0

    def start(self) -> None:
        """Begin, unless the settings leave it to ``capx sync``."""
        if self._follows:
            self._loop.start()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping.set()
        if self._follows:
            self._loop.stop()
        self._sync.source.close()

    def take(self, *entity_ids: str) -> int:
        """Takes in entities that were just written there; answers how many changed here."""
        return self._loop.take(*entity_ids)

    def state(self) -> SyncState:
        """How the following goes."""
        return self._loop.state()

    def _wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)
        self._go_on()

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise Stopped


def follower_of(repository: Repository, settings: Settings) -> Following | None:
    """What follows the connected Wikibase, None where there is none."""
    return Following(repository, settings) if settings.wikibase else None


def follow_once(sync: Sync, settings: Settings, *, rebuild: bool = False) -> Pass:
    """One look, or everything read anew; waits while another process looks."""
    with _in_turn(settings.data):
        return sync.rebuild() if rebuild else sync.once()


def load_dump(sync: Sync, settings: Settings, path: Path) -> Loaded:
    """Takes in a JSON or RDF dump of the connected Wikibase; what it lacks or has of old comes with the next look.

    Raises DataError; an RDF dump is looked through before anything of it is taken in.
    """
    with _in_turn(settings.data):
        return _load_rdf(sync, path) if is_rdf(path) else Loaded(sync.take_dump(_entities(path)))


def heal(sync: Sync, ingest: Ingest, settings: Settings, suspects: dict[str, None]) -> None:
    """Reads again what differs, and makes the graph anew where it differs from what is mirrored."""
    with _in_turn(settings.data):
        sync.sweep(again=suspects)
    ingest.rebuild()


def _load_rdf(sync: Sync, path: Path) -> Loaded:
    spaces = sync.source.site.namespaces
    file = RdfFile(path, spaces)
    survey = file.survey()
    reading = EntityFromRdf(spaces, survey.datatypes, file.shared)
    left = 0

    def entities() -> Iterator[EntityJson]:
        nonlocal left
        for block in file.blocks():
            entity = reading.entity(block)
            if entity is None:
                left += 1
            else:
                yield {**entity, "lastrevid": block.revision_id}

    return Loaded(sync.take_dump(entities()), left)


def _entities(path: Path) -> Iterator[EntityJson]:
    """The entities of a dump that say which revision they are; others come from the API."""
    for line in read_dump(path):
        if line.entity and parse_id(str(line.entity["id"])) and "lastrevid" in line.entity:
            yield line.entity


def _alone(directory: Path) -> AbstractContextManager[object]:
    return held(directory / _LOCK)


@contextmanager
def _in_turn(directory: Path) -> Iterator[None]:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            lock = _alone(directory)
            break
        except StoreLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
    with lock:
        yield
