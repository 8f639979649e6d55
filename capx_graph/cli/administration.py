"""``capx settings``, ``capx rebase``, ``capx reports``: what a run is told, the one setting that is kept in the data,
what people told."""

from __future__ import annotations

import json

import click

from capx_graph.cli.context import Context, tell
from capx_graph.errors import InvalidParameter
from capx_graph.jobs.operations import rebase_repository
from capx_graph.opening import open_accounts
from capx_graph.settings import SETTINGS

_NUMBER = click.IntRange(0, 2**63 - 1)
"""Numbers that SQLite can hold."""


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


@click.command()
@click.option("--after", default=0, type=_NUMBER, metavar="NUMBER", help="Only reports after this one.")
@click.option("--drop", default=None, type=_NUMBER, metavar="NUMBER", help="Forget the reports up to this one instead.")
@click.pass_obj
def reports(context: Context, after: int, drop: int | None) -> None:
    """Hand out what people reported about the site, a JSON object a line."""
    with open_accounts(context.settings()) as accounts:
        if drop is not None:
            tell(f"{accounts.reports.drop(drop)} reports were forgotten")
            return
        for report in accounts.reports.since(after):
            told = {
                "number": report.number,
                "at": report.at.isoformat() if report.at else None,
                "kind": report.kind,
                "page": report.page,
                "language": report.language,
                "said": report.said,
                "account": report.user_id,
            }
            click.echo(json.dumps(told, ensure_ascii=False))


COMMANDS = (settings, rebase, reports)
