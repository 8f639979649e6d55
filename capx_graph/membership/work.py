"""What members work with, put together; the wiring imports it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capx_graph.accounts import Accounts
from capx_graph.directory import DirectoryCache, Naming
from capx_graph.errors import LimitExceeded, Unavailable
from capx_graph.instants import Clock
from capx_graph.items.checking import ShapeCheck
from capx_graph.items.drafts import Vocabulary
from capx_graph.membership.checking import ProfileCheck
from capx_graph.membership.health import Health
from capx_graph.membership.offers import Offers
from capx_graph.membership.own import OwnProfiles
from capx_graph.membership.ownitem import OwnItems, PeopleThere
from capx_graph.membership.statements import Statements
from capx_graph.ontology import Instance
from capx_graph.profiles import Profiles
from capx_graph.repository.store import Repository
from capx_graph.search import Search
from capx_graph.shapes import Shapes
from capx_graph.wikibase.writer import Writer


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What of an installation members' profiles are read from and written to."""

    repository: Repository
    directory: DirectoryCache
    naming: Naming
    profiles: Profiles
    search: Search
    writer: Writer
    instance: Instance


@dataclass(frozen=True, slots=True)
class Membership:
    """Own profiles, what they lack, names of what they name, and the directory that these are in."""

    own: OwnProfiles
    health: Health
    naming: Naming
    offers: Offers
    directory: DirectoryCache

    @classmethod
    def over(
        cls,
        around: Surroundings,
        accounts: Accounts,
        *,
        shapes: Callable[[], Shapes],
        clock: Clock,
        elsewhere: bool = False,
        there: PeopleThere | None = None,
        registered_drafts: bool = False,
    ) -> Membership:
        """The members of one installation; ``elsewhere`` says whether people sign in with a wiki, ``there`` where
        their items go, if not here, and ``registered_drafts`` whether who registers here is believed to be who files
        from elsewhere speak of.
        """
        vocabulary = Vocabulary(around.instance)
        statements = Statements(vocabulary)
        check = ProfileCheck(
            around.instance,
            around.directory,
            statements,
            shapes=ShapeCheck(around.instance, around.repository.namespaces, shapes=shapes, clock=clock),
            pages=around.repository.pages,
            refusal=lambda statement: around.repository.statements.statement(statement)[1],
        )
        items = OwnItems(
            accounts, around.repository, around.profiles, around.writer, vocabulary=vocabulary, there=there
        )
        own = OwnProfiles(accounts, items, statements=statements, check=check, meant=_merged(around.directory))
        offers = Offers(
            accounts.drafts,
            around.directory,
            around.search,
            elsewhere=elsewhere,
            self_made=_nobody if registered_drafts else accounts.is_self_made,
        )
        return cls(own, Health(around.search), around.naming, offers, around.directory)


def _merged(directory: DirectoryCache) -> Callable[[str], str]:
    """What a thing of the directory was merged into; the thing itself while nobody can tell."""

    def meant(item: str) -> str:
        try:
            return directory.current().redirects.get(item, item)
        except (Unavailable, LimitExceeded):
            return item

    return meant


def _nobody(_: int) -> bool:
    return False
