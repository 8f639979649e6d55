"""``capx sync``: the connected Wikibase followed by command, for cron, a first load, or where no service runs."""

from __future__ import annotations

import time
from pathlib import Path

import click

from capx_graph.cli.context import Context, tell
from capx_graph.cli.importing import progress_bar
from capx_graph.connected import follow_once, load_dump, open_sync
from capx_graph.errors import CapxError, StoreLocked
from capx_graph.opening import open_graph, open_repository
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.upstream import Pass, Sync

_LONGEST_PAUSE = 60.0


@click.command()
@click.option("--once", is_flag=True, help="One look, then end; else on and on, until interrupted.")
@click.option("--rebuild", is_flag=True, help="Read everything anew aside and put it in force in one step, then end.")
@click.option("--dump", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A dump to load first.")
@click.pass_obj
def sync(context: Context, *, once: bool, rebuild: bool, dump: Path | None) -> None:
    """Bring what is mirrored of the connected Wikibase (CAPX_WIKIBASE_URL) in step with it.

    Works beside a running service, which takes in what changes; where none runs, the graph is brought in step too.
    """
    settings = context.settings()
    with (
        open_repository(settings) as repository,
        progress_bar("entities")(None) as progress,
        open_sync(repository, settings, progress=progress) as follower,
    ):
        if dump:
            loaded = load_dump(follower, settings, dump)
            left = f"; {loaded.left} that it does not tell whole come through the API" if loaded.left else ""
            tell(f"{loaded.changed} entities from {dump}{left}")
        if once or rebuild:
            _look(repository, settings, follower, rebuild=rebuild)
        else:
            _go_on(repository, settings, follower)


def _go_on(repository: Repository, settings: Settings, follower: Sync) -> None:
    seconds = max(1.0, float(settings.wikibase.seconds if settings.wikibase else 1))
    pause = seconds
    while True:
        try:
            _look(repository, settings, follower)
            pause = seconds
        except CapxError as error:  # the next look begins where this one stands
            pause = min(_LONGEST_PAUSE, pause * 2)
            tell(f"capx: {error}; again in {pause:.0f} s")
        time.sleep(pause)


def _look(repository: Repository, settings: Settings, follower: Sync, *, rebuild: bool = False) -> None:
    done = follow_once(follower, settings, rebuild=rebuild)
    for text in done.unreadable:
        tell(f"capx: {text}")
    if done.changed or done.swept:
        tell(f"{done.changed} entities changed{_how(done)}; {repository.mirror.count()} are here")
    try:
        with open_graph(repository, settings) as graph, progress_bar("graph")(None) as progress:
            graph.ingest.catch_up(progress=progress)
    except StoreLocked:
        pass  # a running service has the graph, and sees the change log


def _how(done: Pass) -> str:
    return ", all revisions compared" if done.swept else ""


COMMANDS = (sync,)
