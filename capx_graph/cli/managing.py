"""``capx manager``: who manages which organization, event or project, and what waits for the operator's word.

It works beside a running service: what is confirmed here is in the graph within a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import click

from capx_graph.accounts import Accounts, Member
from capx_graph.cli.context import Context, tell
from capx_graph.connected import follower_of, instance_of, writer_of
from capx_graph.editing import in_process_writer
from capx_graph.errors import InvalidInput, NotFound
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader
from capx_graph.model import Decision, EntityJson
from capx_graph.opening import open_repository
from capx_graph.repository.store import Repository
from capx_graph.repository.wsgi import WikiApp
from capx_graph.stewardship import KINDS, Making, Waiting

_ENGLISH = ("en",)
_WHAT = click.argument("what", metavar="ORG")
_NAME = click.argument("name")


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the operator decides with."""

    accounts: Accounts
    repository: Repository
    making: Making
    vocabulary: Vocabulary

    def member(self, name: str) -> Member:
        """The member of this name; raises NotFound."""
        account = self.accounts.account(name)
        if account is None:
            raise NotFound(f"there is no account {name!r}")
        return self.accounts.members.of(account)

    def waiting(self) -> list[Waiting]:
        """The proposals without an answer."""
        return [self.making.read(proposal) for proposal in self.accounts.proposals.waiting()]

    def proposal(self, what: str, member: Member) -> Waiting | None:
        """The proposal of a member that is meant by its number or by a name that it proposes."""
        for one in self.waiting():
            names = {line.value.casefold() for line in one.parts["names"].lines if line.name == "label"}
            if one.proposal.member_id == member.id and (what.casefold() in names or what == str(one.proposal.number)):
                return one
        return None

    def item(self, what: str) -> str:
        """The record that is meant by its item, its code or one of its names; raises NotFound, InvalidInput."""
        reader = KeyReader(self.vocabulary)
        page = self.repository.page(what.upper())
        if page is not None and page.redirect_to is not None:
            page = self.repository.page(page.redirect_to)
        if page is not None and page.entity is not None and reader.kind(page.entity) in KINDS:
            return page.entity_id
        found = [
            page.entity_id
            for page in self.repository.scan("item")
            if page.entity is not None and (kind := reader.kind(page.entity)) in KINDS and kind is not None
            if what.casefold() in {text.casefold() for text in (*reader.keys(page.entity, kind), *_labels(page.entity))}
        ]
        if not found:
            raise NotFound(f"there is no organization, event or project {what!r}, and no such proposal")
        if len(found) > 1:
            raise InvalidInput(f"{what!r} may be {', '.join(found)}: give one of them")
        return found[0]

    def called(self, item: str) -> str:
        """A record with its name, for a line of a list."""
        page = self.repository.page(item)
        names = _labels(page.entity) if page is not None and page.entity is not None else []
        return f"{item} {names[0]}" if names else item


def _labels(entity: EntityJson) -> list[str]:
    labels = entity["labels"]
    first = [labels[code]["value"] for code in _ENGLISH if code in labels]
    return [*first, *(term["value"] for term in labels.values())]


@contextmanager
def _open(context: Context) -> Iterator[_Desk]:
    settings = context.settings()
    with (
        open_repository(settings, make=False) as repository,
        closing(Accounts(settings.data, clock=settings.now)) as accounts,
    ):
        here = in_process_writer(WikiApp(repository, accounts))
        writer = writer_of(here, settings, follower_of(repository, settings), seen=_followed_by_the_service)
        vocabulary = Vocabulary(instance_of(settings))
        yield _Desk(accounts, repository, Making(accounts, writer, vocabulary), vocabulary)


def _followed_by_the_service() -> None:
    """The graph is not open here: the service that has it follows the repository by itself."""


@click.group("manager")
def manager() -> None:
    """Who manages which organization, event or project. ORG is an item, a code, a name or a proposal's number."""


@manager.command("list")
@click.option("--all", "everybody", is_flag=True, help="Confirmed managers too, not only what waits.")
@click.pass_obj
def show(context: Context, *, everybody: bool) -> None:
    """List what waits for a word: proposals with their numbers, and who wants to manage what."""
    with _open(context) as desk:
        for one in desk.waiting():
            who = one.member.name if one.member else "(gone)"
            click.echo(f"proposal {one.proposal.number}\t{one.kind.kind}\t{one.name_for(_ENGLISH)}\t{who}")
        for item in sorted(desk.accounts.managers.items()):
            for held in desk.accounts.managers.of_item(item):
                member = desk.accounts.members.by_id(held.member_id)
                if member is not None and (everybody or held.state == "proposed"):
                    click.echo(f"{held.state}\t{desk.called(item)}\t{member.name}")


@manager.command("confirm")
@_WHAT
@_NAME
@click.pass_obj
def confirm(context: Context, what: str, name: str) -> None:
    """Confirm NAME as manager of ORG; a proposed ORG of theirs is made and published by it."""
    with _open(context) as desk:
        member = desk.member(name)
        proposal = desk.proposal(what, member)
        if proposal is not None:
            item = desk.making.accept(proposal, decider=None)
        else:
            item = desk.item(what)
            desk.accounts.managers.confirm(item, member.id)
        tell(f"{member.name} manages {desk.called(item)}")


@manager.command("decline")
@_WHAT
@_NAME
@click.option("--reason", default="", help="What NAME reads about it.")
@click.pass_obj
def decline(context: Context, what: str, name: str, *, reason: str) -> None:
    """Decline what NAME proposed: ORG itself, or to manage it."""
    with _open(context) as desk:
        member = desk.member(name)
        proposal = desk.proposal(what, member)
        if proposal is not None:
            desk.accounts.proposals.decide(proposal.proposal.number, Decision.DECLINED, decider=None, answer=reason)
        else:
            item = desk.item(what)
            if desk.accounts.managers.manages(member.id, item):
                raise InvalidInput(f"{member.name} manages {desk.called(item)}; 'capx manager remove' ends that")
            desk.accounts.managers.remove(item, member.id)
        tell(f"declined what {member.name} proposed")


@manager.command("remove")
@_WHAT
@_NAME
@click.pass_obj
def remove(context: Context, what: str, name: str) -> None:
    """End that NAME manages ORG."""
    with _open(context) as desk:
        member = desk.member(name)
        item = desk.item(what)
        desk.accounts.managers.remove(item, member.id)
        tell(f"{member.name} does not manage {desk.called(item)}")


COMMANDS = (manager,)
