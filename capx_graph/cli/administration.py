"""``capx settings`` and ``capx rebase``: what a run is told, and the one setting that is kept in the data."""

from __future__ import annotations

import click

from capx_graph.cli.context import Context, tell
from capx_graph.errors import InvalidParameter
from capx_graph.operations import rebase_repository
from capx_graph.settings import SETTINGS


@click.command()
@click.pass_obj
def settings(context: Context) -> None:
    """List every setting: its variable, its value here, what it means."""
    values = context.setting_texts()
    for setting in SETTINGS:
        value = values[setting.name]
        click.echo(f"{setting.variable} = {'(given)' if setting.secret and value else value}")
        click.echo(f"    {setting.help} Default: {setting.default or '(empty)'}.")


@click.command()
@click.argument("base", metavar="ADDRESS")
@click.pass_obj
def rebase(context: Context, base: str) -> None:
    """Change the concept base: the address under which entities have their IRIs."""
    settings = context.settings(base=base)
    if settings.base is None:
        raise InvalidParameter("ADDRESS", base, "must be an http or https address, such as https://example.org")
    former = rebase_repository(settings, settings.base)
    tell(f"{settings.data} belonged to {former}, now to {settings.base}; the next start makes the graph anew")


COMMANDS = (settings, rebase)
