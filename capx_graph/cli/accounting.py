"""``capx account``: local accounts, their groups, bot passwords and OAuth consumers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from capx_graph.accounts import GRANTS, GROUPS, Accounts, rights_of
from capx_graph.cli.context import Context, tell
from capx_graph.errors import NotFound
from capx_graph.model import Account

_GRANT = click.option(
    "--grant", "grants", multiple=True, type=click.Choice(tuple(GRANTS)), help="May do this alone; several add up."
)
_NAME = click.argument("name")


@contextmanager
def _open(context: Context) -> Iterator[Accounts]:
    settings = context.settings()
    accounts = Accounts(settings.data, clock=settings.now)
    try:
        yield accounts
    finally:
        accounts.close()


def _existing(accounts: Accounts, name: str) -> Account:
    found = accounts.account(name)
    if found is None:
        raise NotFound(f"there is no account {name!r}")
    return found


def _password() -> str:
    """Typed twice by a person, or the first line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


@click.group()
def account() -> None:
    """Accounts that sign in here: passwords, groups, bot passwords, OAuth consumers."""


@account.command("add")
@_NAME
@click.option("--group", "groups", multiple=True, type=click.Choice(GROUPS), help="A group to be in.")
@click.pass_obj
def add(context: Context, name: str, groups: Sequence[str]) -> None:
    """Make an account; its password is asked for, or read from standard input."""
    with _open(context) as accounts:
        made = accounts.add(name, _password(), groups=groups)
    tell(f"made the account {made.name}")


@account.command("list")
@click.pass_obj
def list_(context: Context) -> None:
    """List the accounts with their groups."""
    with _open(context) as accounts:
        for name in accounts.names():
            found = _existing(accounts, name)
            click.echo("\t".join((found.name, ",".join(sorted(found.groups)))))


@account.command("password")
@_NAME
@click.pass_obj
def password(context: Context, name: str) -> None:
    """Set another password; every session of the account ends."""
    with _open(context) as accounts:
        accounts.set_password(name, _password())
    tell(f"{name} has another password")


@account.command("groups")
@_NAME
@click.argument("groups", nargs=-1, type=click.Choice(GROUPS))
@click.option("--none", "nobody", is_flag=True, help="Out of every group.")
@click.pass_obj
def groups_(context: Context, name: str, groups: Sequence[str], *, nobody: bool) -> None:
    """Show the groups of an account, or make them exactly these."""
    with _open(context) as accounts:
        if groups or nobody:
            accounts.set_groups(name, () if nobody else groups)
        click.echo(",".join(sorted(_existing(accounts, name).groups)))


@account.command("bot-password")
@_NAME
@click.argument("application")
@_GRANT
@click.pass_obj
def bot_password(context: Context, name: str, application: str, grants: Sequence[str]) -> None:
    """Make a password for one application; it signs in as NAME@APPLICATION. Told this once."""
    with _open(context) as accounts:
        made = accounts.add_bot_password(name, application, rights=rights_of(grants))
        click.echo(f"{_existing(accounts, name).name}@{application}\t{made}")


@account.command("consumer")
@_NAME
@click.argument("application", required=False)
@click.option("--oauth1", is_flag=True, help="OAuth 1.0a with four secrets instead of OAuth 2 with two.")
@click.option("--remove", metavar="KEY", help="Remove this consumer and its tokens.")
@_GRANT
@click.pass_obj
def consumer(
    context: Context, name: str, application: str | None, remove: str | None, grants: Sequence[str], *, oauth1: bool
) -> None:
    """Make an OAuth consumer that acts for one account; without APPLICATION, list those there are."""
    with _open(context) as accounts:
        owner = _existing(accounts, name)
        if remove is not None:
            if not accounts.consumers.remove(owner, remove):
                raise NotFound(f"{owner.name} has no consumer {remove}")
            tell(f"removed the consumer {remove}")
        elif application is None:
            for one in accounts.consumers.of(owner):
                click.echo(f"{one.key}\tOAuth {one.protocol}\t{one.name}")
        else:
            made = accounts.consumers.add(owner, application, protocol=1 if oauth1 else 2, rights=rights_of(grants))
            secrets = {"key": made.key, "secret": made.secret}
            if oauth1:
                secrets |= {"access token": made.access_token, "access secret": made.access_secret}
            for label, value in secrets.items():
                click.echo(f"{label}\t{value}")


COMMANDS = (account,)
