"""Puts erasures together over the stores of one installation; the wiring imports it from the package."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from capx_graph.accounts import Accounts
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.ingest import Ingest
from capx_graph.items.drafts import Vocabulary
from capx_graph.ontology import Instance
from capx_graph.privacy.beside import Beside
from capx_graph.privacy.beyond import Beyond
from capx_graph.privacy.erasing import Erasures
from capx_graph.privacy.people import KnownPeople
from capx_graph.privacy.stores import private_stores
from capx_graph.queryhelp.shortlinks import ShortLinks
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.suggestions import Suggestions
from capx_graph.tombstones import Tombstones

_INSIDE = "tombstones"


def tombstone_files(settings: Settings) -> tuple[Path, Path]:
    """Where tombstones are kept: inside the data directory, and outside what a back-up of it restores."""
    return settings.data / _INSIDE, settings.tombstones


def tombstones_of(settings: Settings) -> Tombstones:
    """Who was erased here; makes the private store, whose key every later copy of it has."""
    with closing(Accounts(settings.data, clock=settings.now)) as accounts:
        return Tombstones(accounts.erasing_key, tombstone_files(settings))


def beside(settings: Settings) -> Beside:
    """The files beside the stores."""
    suggestions = Suggestions(settings.data, clock=settings.now)
    return Beside(settings.data, Dumps(dump_directory(settings)), ShortLinks(settings.data), suggestions)


def erase_again(repository: Repository, instance: Instance, settings: Settings) -> None:
    """Erases whom a restored older copy of the files brought back; quick where nobody was ever erased."""
    if any(path.exists() for path in tombstone_files(settings)):
        with closing(Accounts(settings.data, clock=settings.now)) as accounts:
            erasures_over(repository, accounts, instance, settings=settings).reapply()


def erasures_over(
    repository: Repository,
    accounts: Accounts,
    instance: Instance,
    *,
    settings: Settings,
    ingest: Ingest | None = None,
    beyond: Beyond | None = None,
) -> Erasures:
    """Erasures from these stores; ``ingest`` finds people fast where this process has the graph.

    ``beyond`` asks the connected Wikibase; without it what remains there is kept to be asked about by another process.
    """
    return Erasures(
        repository,
        accounts,
        Tombstones(accounts.erasing_key, tombstone_files(settings)),
        people=KnownPeople(repository, Vocabulary(instance), ingest),
        stores=private_stores(accounts),
        beside=beside(settings),
        clock=settings.now,
        beyond=beyond,
    )
