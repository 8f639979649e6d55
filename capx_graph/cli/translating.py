"""``capx translate``: the directory's translations in files and on wikis."""

from __future__ import annotations

from pathlib import Path

import click

from capx_graph.cli.context import Context, tell, tell_json
from capx_graph.errors import InvalidParameter
from capx_graph.jobs.exchanging import Asked, exchange_with_wiki, export_bundle, import_bundle
from capx_graph.languages import term_codes
from capx_graph.translation.exchange import Plan
from capx_graph.translation.merging import Action

FOR_A_PERSON = 3
"""The exit code of a run that did its work and leaves something for a person to decide."""

_WIDEST = 48
_FORM = click.option("--json", "as_json", is_flag=True, help="The plan as JSON instead of a table.")
_DRY = click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
_AS = click.option("--as", "account", default="", metavar="NAME", help="The account to edit as (CAPX_META_ACCOUNT).")
_API = click.option("--api", metavar="URL", help="The API of another wiki (CAPX_META_API).")
_BUNDLE = click.option("--bundle", metavar="TITLE", help="Another bundle.")
_DEADLINE = click.option(
    "--deadline", type=click.IntRange(1), default=600, show_default=True, help="Seconds for all of it."
)
_LANGUAGE = click.option("--language", metavar="CODE", help="The language of the file.")


@click.group()
def translate() -> None:
    """Translations of the directory: message bundles in files and on Meta-Wiki."""


@translate.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@_LANGUAGE
@click.pass_obj
def export(context: Context, file: Path, language: str | None) -> None:
    """Write the directory in one language (en) as a message bundle; - writes to standard output."""
    text = export_bundle(context.settings(), _known(language) or "en")
    if str(file) == "-":
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        tell(f"wrote {file}")


@translate.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_LANGUAGE
@click.option("--prefer", type=click.Choice(("file", "here")), help="Which text stays where the two differ.")
@_AS
@_DRY
@_FORM
@click.pass_obj
def import_(
    context: Context,
    file: Path,
    language: str | None,
    prefer: str | None,
    account: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take in a message bundle: fill what is missing, list what differs. Exit code 3 when something is listed."""
    asked = Asked(dry_run=dry_run, account=account)
    plan = import_bundle(context.settings(), file, _known(language), asked=asked, prefer=prefer)
    return _told(plan, Action.PULL, as_json=as_json, dry_run=dry_run)


def _exchange(direction: Action, context: Context, api: str | None, bundle: str | None, asked: Asked) -> Plan:
    settings = context.settings(meta_api=api, meta_bundle=bundle)
    return exchange_with_wiki(settings, direction, asked=asked)


@translate.command("pull")
@click.option("--meta", is_flag=True, required=True, help="From the bundle on Meta-Wiki (CAPX_META_BUNDLE).")
@_API
@_BUNDLE
@_DEADLINE
@_AS
@_DRY
@_FORM
@click.pass_obj
def pull(
    context: Context,
    api: str | None,
    bundle: str | None,
    deadline: int,
    account: str,
    *,
    meta: bool,  # noqa: ARG001 says with whom; there is one choice as yet
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take over translations from a wiki: what is missing here, and what is newer there."""
    asked = Asked(dry_run=dry_run, account=account, deadline=deadline)
    plan = _exchange(Action.PULL, context, api, bundle, asked)
    return _told(plan, Action.PULL, as_json=as_json, dry_run=dry_run)


@translate.command("push")
@click.option("--meta", is_flag=True, required=True, help="To the bundle on Meta-Wiki (CAPX_META_BUNDLE).")
@_API
@_BUNDLE
@click.option("--source", is_flag=True, help="The source language too: edits the page of the bundle.")
@_DEADLINE
@_DRY
@_FORM
@click.pass_obj
def push(
    context: Context,
    api: str | None,
    bundle: str | None,
    deadline: int,
    *,
    meta: bool,  # noqa: ARG001 says with whom; there is one choice as yet
    source: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Hand over translations to a wiki: what is missing there, and what is newer here."""
    asked = Asked(dry_run=dry_run, source=source, deadline=deadline)
    plan = _exchange(Action.PUSH, context, api, bundle, asked)
    return _told(plan, Action.PUSH, as_json=as_json, dry_run=dry_run)


def _known(language: str | None) -> str | None:
    if language is not None and language not in term_codes():
        raise InvalidParameter("--language", language[:40], "is not the code of a language, such as pt-br")
    return language


def _told(plan: Plan, direction: Action, *, as_json: bool, dry_run: bool) -> int:
    """Prints the plan: what is done in this direction and what is for a person."""
    shown = [*plan.of(direction), *plan.of(Action.PERSON)]
    if as_json:
        rows = [
            {
                "item": step.unit.item,
                "key": step.unit.key,
                "language": step.unit.language,
                "action": step.decision.action.value,
                "why": step.decision.why,
                "here": step.here,
                "there": step.there,
            }
            for step in shown
        ]
        tell_json({"counts": plan.counts(), "unknown": plan.unknown, "steps": rows})
    else:
        for step in shown:
            action, why = step.decision.action.value, step.decision.why
            texts = (_short(step.here), _short(step.there))
            click.echo("\t".join((action, step.unit.key, step.unit.language, *texts, why)))
    counts = ", ".join(f"{name}: {count}" for name, count in plan.counts().items())
    tell(f"{'planned' if dry_run else 'done'}: {counts}; not known here: {len(plan.unknown)}")
    return FOR_A_PERSON if plan.of(Action.PERSON) else 0


def _short(text: str) -> str:
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


COMMANDS = (translate,)
