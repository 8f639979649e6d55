"""``capx erase``, ``capx export-member`` and ``capx tick``: people who leave, what is held about them, what is due."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import click

from capx_graph.accounts import Accounts
from capx_graph.cli.context import FAILED, Context, tell
from capx_graph.cli.exporting import output
from capx_graph.connected import grants_of, instance_of, leaving_there
from capx_graph.errors import NotFound
from capx_graph.jobs.tick import tick as tick_once
from capx_graph.opening import open_repository
from capx_graph.privacy import erasures_over
from capx_graph.settings import Settings

_PATIENCE = 3600.0
_POLL = 0.2


@click.command()
@click.argument("name")
@click.option("--now", is_flag=True, help="Out of the files too before the command ends.")
@click.pass_obj
def erase(context: Context, name: str, *, now: bool) -> int:
    """Erase the person called NAME: at once for every reader, out of the files within a day."""
    settings = context.settings()
    with (
        open_repository(settings, make=False) as repository,
        closing(Accounts(settings.data, clock=settings.now)) as accounts,
    ):
        beyond = leaving_there(settings, accounts, grants_of(settings, accounts))
        leaving = erasures_over(repository, accounts, instance_of(settings), settings=settings, beyond=beyond)
        try:
            done = leaving.erase(name, wait=_PATIENCE)
            tell(f"erased: {len(done.items)} items, statements in {len(done.changed)} items of others")
            for iri in done.elsewhere:
                tell(f"remains elsewhere: {iri} (capx push has it deleted, or emptied where it may not)")
            for one in done.remains:
                tell(f"remains elsewhere: {one}")
        except NotFound:
            if not leaving.tombstones.stands_for(name):
                raise
            tell("this person was erased before")
    return _out_of_the_files(settings) if now else 0


def _out_of_the_files(settings: Settings) -> int:
    """Purges here, or lets the service do it that holds the graph."""
    until = time.monotonic() + _PATIENCE
    while (done := tick_once(settings, dumps=False)).waiting or done.busy:
        if time.monotonic() > until:
            tell("capx: the service has not purged its files yet; 'capx tick' tries again")
            return FAILED
        time.sleep(_POLL)
    tell("nothing is left in the files")
    return 0


@click.command("export-member")
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), help="Where it goes (else standard output).")
@click.option("--format", "form", type=click.Choice(["json", "ttl"]), default="json", help="The form.")
@click.pass_obj
def export(context: Context, name: str, *, out: Path | None, form: str) -> None:
    """Write everything that is held about the person called NAME, private data too."""
    settings = context.settings()
    with (
        open_repository(settings, make=False) as repository,
        closing(Accounts(settings.data, clock=settings.now)) as accounts,
    ):
        held = erasures_over(repository, accounts, instance_of(settings), settings=settings).export(
            name, at=settings.now()
        )
        data = held.as_json() if form == "json" else held.as_turtle(repository.namespaces.prefixes())
    if out is None:
        with output(None) as stream:
            stream.write(data)
        return
    out.touch(mode=0o600)
    out.write_bytes(data)
    tell(f"wrote {len(data)} bytes about {held.name}")


@click.command()
@click.pass_obj
def tick(context: Context) -> None:
    """Do what is due: erasures, expired sessions, dumps, the yearly question to members.

    Fit for cron, and for running twice at once.
    """
    done = tick_once(context.settings())
    if done.busy:
        tell("another tick is at work")
        return
    parts = [
        f"{done.resumed} interrupted erasures finished",
        f"{done.purged} erasures purged from the files",
        f"{done.sessions} expired sessions removed",
        f"{done.dumps} dump files published",
    ]
    if done.notices or done.hidden:
        parts.append(f"{done.notices} members asked whether their profile is still true, {done.hidden} made private")
    if done.waiting:
        parts.append(f"{done.waiting} erasures wait for the service that holds the graph")
    tell(", ".join(parts))


COMMANDS = (erase, export, tick)
