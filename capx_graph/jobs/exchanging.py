"""The exchange of translations as an operator asks for it: with a file, or with a wiki on a schedule.

The command line imports it. It needs the repository alone, so it works beside a running service, which brings what is
written into the graph.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from capx_graph.accounts import Accounts
from capx_graph.connected import instance_of
from capx_graph.editing import in_process_writer
from capx_graph.errors import InvalidInput, NotFound
from capx_graph.jobs.agent import reachable_agent
from capx_graph.mediawiki import Connection, Credentials, Limits, Wiki
from capx_graph.opening import open_repository
from capx_graph.repository.store import Repository
from capx_graph.repository.wsgi import WikiApp
from capx_graph.settings import Settings
from capx_graph.translation import bundle
from capx_graph.translation.catalogue import Catalogue
from capx_graph.translation.elsewhere import FileBundle, WikiBundle
from capx_graph.translation.exchange import Exchange, Plan
from capx_graph.translation.merging import Action, Decision
from capx_graph.translation.state import State
from capx_graph.wikibase.writer import Writer

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How an exchange is meant: only planned, under which account here, the source language too, for how long."""

    dry_run: bool = False
    account: str = ""
    source: bool = False
    deadline: float = 600.0
    pause: float = 0.2


def export_bundle(settings: Settings, language: str) -> str:
    """The directory in one language as a message bundle."""
    with open_repository(settings, make=False) as repository:
        catalogue = Catalogue(repository, instance_of(settings))
        texts = (catalogue.texts(entry) for entry in catalogue.entries())
        messages = {unit.key: text.text for found in texts for unit, text in found.items() if unit.language == language}
    return bundle.write(messages, language=language)


def import_bundle(
    settings: Settings, path: Path, language: str | None, *, asked: Asked, prefer: str | None = None
) -> Plan:
    """Takes a file in: what is missing is filled, what differs is for a person or, if they say so, as preferred.

    Raises NotFound, and InvalidInput for a file that is no bundle in UTF-8.
    """
    text = _read(path)
    chosen = language or bundle.language_of(text) or bundle.SOURCE
    side = FileBundle(bundle.read(text, str(path)), chosen)
    with open_repository(settings, make=False) as repository:
        exchange = Exchange(Catalogue(repository, instance_of(settings)))
        plan = _preferring(exchange.plan(side), prefer)
        if asked.dry_run:
            return plan
        with _writing(settings, repository, asked.account) as (writer, account):
            return exchange.pull(plan, writer, account=account, summary=f"from {path.name[:80]}")


def exchange_with_wiki(settings: Settings, direction: Action, *, asked: Asked, sleep: Sleep = time.sleep) -> Plan:
    """Pulls from or pushes to the bundle of the settings; raises NotFound, Unavailable while another run is at work."""
    meta = settings.meta
    state = State(settings.data / "translation", meta.api, meta.bundle)
    connection = Connection(
        meta.api,
        user_agent=reachable_agent(settings),
        credentials=Credentials(meta.user, meta.password, meta.token),
        limits=Limits(deadline=asked.deadline, pause=asked.pause),
        sleep=sleep,
    )
    side = WikiBundle(Wiki(connection), meta.bundle)
    try:
        with open_repository(settings, make=False) as repository, state.locked():
            exchange = Exchange(Catalogue(repository, instance_of(settings)), state)
            plan = exchange.plan(side)
            if not asked.source:
                plan = plan.sparing(side.language)
            if asked.dry_run:
                return plan
            exchange.note(plan)
            if direction is Action.PUSH:
                return exchange.push(plan, side, summary=f"from {repository.base}")
            with _writing(settings, repository, asked.account) as (writer, account):
                return exchange.pull(plan, writer, account=account, summary=f"from {side.name}")
    finally:
        connection.close()


@contextmanager
def _writing(settings: Settings, repository: Repository, name: str) -> Iterator[tuple[Writer, str]]:
    """What edits the repository here, and the account under which it does."""
    accounts = Accounts(settings.data, clock=settings.now)
    try:
        wanted = name or settings.meta.account
        account = accounts.account(wanted) if wanted else None
        if account is None:
            raise NotFound(f"there is no account {wanted!r} to edit as; give --as NAME (capx account add makes one)")
        yield in_process_writer(WikiApp(repository, accounts)), account.name
    finally:
        accounts.close()


def _preferring(plan: Plan, prefer: str | None) -> Plan:
    if prefer is None:
        return plan
    action = Action.PULL if prefer == "file" else Action.LEAVE
    undecided = plan.of(Action.PERSON)
    decision = Decision(action, f"as asked: {prefer}")
    return plan.without(undecided, [replace(step, decision=decision) for step in undecided])


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(bundle.LARGEST + 1)
    if len(data) > bundle.LARGEST:
        raise InvalidInput(f"{path} has more than {bundle.LARGEST} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:  # with signs in place of letters it would be a translation like any other
        raise InvalidInput(f"{path} is not UTF-8 text: {error}") from error
