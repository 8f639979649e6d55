"""Back-up and restore of an installation: the files, and what must be true of them before anybody reads them again.

A restored copy gets a lineage of its own, so that no graph made of newer data is believed; its sessions end, because
some of them were ended since; whoever was erased since is erased again, which every opening does.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from capx_graph.accounts import Accounts
from capx_graph.backup import BackupMade, BackupMaker, Manifest, restore_files
from capx_graph.backup.contents import Contents
from capx_graph.backup.making import Facts
from capx_graph.datadir.locks import held
from capx_graph.datadir.runs import Runs
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.errors import NotFound
from capx_graph.ingest import MODEL
from capx_graph.opening import has_repository, open_repository
from capx_graph.privacy import TAKEN_IN, tombstones_of
from capx_graph.repository.storage.schema import VERSION
from capx_graph.repository.store import LINEAGE, Repository
from capx_graph.settings import SETTINGS, Settings

_LOCKS = ("graph/LOCK", "remote.lock")
"""What a service holds, in the disposable files."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; ``kept`` private files stayed; ``erased`` is whether people were erased since the back-up."""

    manifest: Manifest
    kept: tuple[str, ...]
    erased: bool


def back_up(settings: Settings, directory: Path, *, texts: dict[str, str], private: bool = True) -> BackupMade:
    """A back-up of the data directory, beside a running service; ``texts`` are the settings as they were given.

    Raises NotFound.
    """
    if not has_repository(settings):
        raise NotFound(f"there is no data in {settings.data} to back up")
    open_ = {s.name: texts[s.name] for s in SETTINGS if not s.secret and texts[s.name] != s.default}
    maker = BackupMaker(_contents(settings), open_, (MODEL, VERSION), _facts, settings.now)
    with Runs(settings.data).recorded("backup", settings.now):
        return maker.make(directory, private=private)


def restore(settings: Settings, directory: Path, *, replace: bool = False) -> Restored:
    """A back-up in the place of the data directory; raises StoreLocked while a service has it."""
    taken_in = 0

    def prepare(staging: Path) -> None:
        nonlocal taken_in
        taken_in = _prepare(staging, settings)

    with ExitStack() as stack:
        for name in _LOCKS:
            (settings.cache / name).parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(held(settings.cache / name))
        done = restore_files(directory, _contents(settings), repository=VERSION, prepare=prepare, replace=replace)
        Dumps(dump_directory(settings)).withdraw(until=settings.now())
    with open_repository(settings):
        return Restored(done.manifest, done.kept, tombstones_of(settings).newest > taken_in)


def _prepare(staging: Path, settings: Settings) -> int:
    """Makes the copies fit to be read again; answers up to which tombstone they know."""
    with closing(Repository.open(staging)) as repository:
        taken_in = int(repository.meta(TAKEN_IN) or 0)
        repository.erase([], [], keep={LINEAGE: secrets.token_hex(8)})
    with closing(Accounts(staging, clock=settings.now)) as accounts:
        accounts.end_all_sessions()
    return taken_in


def _facts(directory: Path) -> Facts:
    with closing(Repository.open(directory)) as repository:
        return Facts(repository.base, repository.head())


def _contents(settings: Settings) -> Contents:
    return Contents(settings.data, settings.cache)
