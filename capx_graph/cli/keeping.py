"""``capx backup`` and ``capx restore``; only the entry imports it."""

from __future__ import annotations

from pathlib import Path

import click

from capx_graph.cli.context import Context, tell
from capx_graph.jobs.backups import back_up, restore


@click.command("backup")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--without-private", is_flag=True, help="Leave out accounts and what else no page of the wiki shows.")
@click.pass_obj
def backup(context: Context, directory: Path, *, without_private: bool) -> None:
    """Copy the data directory to DIR, which must be new or empty; works while a service runs."""
    made = back_up(context.settings(), directory, texts=context.setting_texts(), private=not without_private)
    tell(f"{len(made.manifest.files)} files, {made.size} bytes, at change {made.manifest.cursor}")


@click.command("restore")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--replace", is_flag=True, help="In the place of what is in the data directory.")
@click.pass_obj
def bring_back(context: Context, directory: Path, *, replace: bool) -> None:
    """Put the back-up in DIR into the data directory, checked; the service must be stopped."""
    settings = context.settings()
    done = restore(settings, directory, replace=replace)
    made = done.manifest
    tell(f"{settings.data} stands as on {made.made:%Y-%m-%d %H:%M:%S} UTC, at change {made.cursor}")
    if done.kept:
        tell(f"not in this back-up, so left as they were: {', '.join(done.kept)}")
    if done.erased:
        tell("who was erased since is erased again; capx tick takes them out of the files")
    tell("the next start makes graph and text index anew")


COMMANDS = (backup, bring_back)
