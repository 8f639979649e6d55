"""Members who let this site edit the connected Wikibase in their own name: how they begin, and what then edits.

Given out by the package. Whoever grants is who signed in here with the same wiki, and nobody else; a consumer that may
only tell who somebody is grants nothing. The tokens lie sealed in the private store and are renewed when they run out,
by one thread at a time; what another process renewed meanwhile is taken over.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from capx_graph.accounts import Accounts, Member, WikiGrant
from capx_graph.errors import CapxError, Forbidden, SessionEnded
from capx_graph.identities import Begun, Provider, Sealing, Tokens, provider_of
from capx_graph.instants import Clock, to_epoch
from capx_graph.settings import Settings, SignInSettings
from capx_graph.wikibase.elsewhere import LentSession, Manners, WikiCredentials
from capx_graph.wikibase.transport import CarefulSession
from capx_graph.wikibase.writer import Writer, WriterSettings

_LOG = logging.getLogger(__name__)
_NEEDED = frozenset({"edit", "createpage"})
_EARLY = 120
"""Seconds before they run out at which tokens are renewed."""
_AT_ONCE = 100
"""Members whose connections stay open; who edits next gets another."""


class AnotherPerson(Forbidden):
    """Who agreed at the wiki is not who asked here."""


class OnlyIdentifies(Forbidden):
    """The consumer may tell who somebody is, and not edit in their name."""


@dataclass(frozen=True, slots=True)
class There:
    """The connected Wikibase as members edit it."""

    api_url: str
    manners: Manners
    consumer: SignInSettings
    clock: Clock

    def session(self, tokens: Tokens) -> LentSession:
        """A session of whoever gave these tokens."""
        if self.consumer.protocol == 1:
            given = WikiCredentials(
                consumer_key=self.consumer.client,
                consumer_secret=self.consumer.secret,
                access_token=tokens.access,
                access_secret=tokens.secret,
            )
        else:
            given = WikiCredentials(token=tokens.access)
        return LentSession(self.api_url, given, self.manners, clock=self.clock)


class MemberGrants:
    """The grants of one installation; for all threads."""

    def __init__(self, accounts: Accounts, provider: Provider, there: There) -> None:
        self._accounts = accounts
        self._provider = provider
        self._there = there
        self._sealing = Sealing(there.consumer.secret)
        self._lent: OrderedDict[int, _Lent] = OrderedDict()
        self._lock = Lock()

    @property
    def wiki(self) -> str:
        """The host of the connected Wikibase."""
        return urlsplit(self._there.api_url).netloc

    @property
    def grants_page(self) -> str:
        """Where the wiki lists what somebody allowed, and takes it back."""
        return f"{self._provider.issuer}/wiki/Special:OAuthManageMyGrants"

    def may_grant(self, member: Member) -> bool:
        """Whether they signed in with the wiki that would ask them."""
        return member.issuer == self._provider.issuer

    def of(self, member: Member) -> WikiGrant | None:
        """What a member allowed; of another wiki or consumer than now, nothing."""
        grant = self._accounts.wiki_grants.of(member.id)
        return grant if grant is not None and grant.wiki == self.wiki else None

    def begin(self, callback: str) -> Begun:
        """Where the wiki asks; raises Unavailable."""
        return self._provider.begin(callback)

    def state_of(self, answer: Mapping[str, str]) -> str:
        """Which beginning an answer belongs to."""
        return self._provider.state_of(answer)

    def finish(self, member: Member, answer: Mapping[str, str], begun: Begun, callback: str) -> None:
        """Keeps what the member allowed; raises AnotherPerson, OnlyIdentifies, Forbidden, Unavailable."""
        vouched, tokens = self._provider.granted(answer, begun, callback)
        if (vouched.issuer, vouched.subject) != (member.issuer, member.subject):
            raise AnotherPerson(f"{vouched.issuer} vouches for somebody else")
        session = self._there.session(tokens)
        try:
            name, rights = session.acting()
        except SessionEnded as error:
            raise OnlyIdentifies(f"{self.wiki} does not take these tokens: {error}") from error
        finally:
            session.close()
        if name != vouched.name:
            raise AnotherPerson(f"{self.wiki} knows them under another name")
        if not rights >= _NEEDED:
            raise OnlyIdentifies(f"{self.wiki} gave no right to {' and '.join(sorted(_NEEDED - rights))}")
        self._accounts.wiki_grants.keep(member.id, self.wiki, self._sealing.sealed(member.id, tokens))

    def withdraw(self, member: Member) -> None:
        """Forgets the tokens; the wiki forgets them where the member tells it to."""
        self._accounts.wiki_grants.withdraw(member.id)
        self._forget(member.id)

    def writer(self, account: str) -> Writer | None:
        """What edits there as this account; None where it allowed nothing."""
        member = self._accounts.members.named(account)
        grant = self.of(member) if member is not None else None
        if member is None or grant is None or grant.sealed is None:
            if member is not None:
                self._forget(member.id)
            return None
        with self._lock:
            lent = self._lent.get(member.id)
            if lent is None or lent.sealed != grant.sealed:
                tokens = self._sealing.opened(member.id, grant.sealed)
                if tokens is None:
                    self._accounts.wiki_grants.end(member.id, grant.sealed)
                    return None
                lent = self._lent[member.id] = _Lent(self, member.id, grant.sealed, tokens)
            self._lent.move_to_end(member.id)
            while len(self._lent) > _AT_ONCE:
                self._lent.popitem(last=False)
        settings = WriterSettings(self._there.api_url, self._there.manners.user_agent, traceable=True)
        return Writer(settings, lent)

    def last(self, member: Member) -> Writer | None:
        """What edits as a member who leaves now: open before their tokens are erased, and forgotten here with them."""
        writer = self.writer(member.name)
        with self._lock:
            lent = self._lent.pop(member.id, None)
        if lent is None or writer is None:
            return None
        try:
            lent.open("")
        except CapxError as error:
            _LOG.warning("what a member lent who leaves could not be renewed yet: %s", error)
        return writer

    def refused(self, account: str) -> None:
        """The wiki takes what this account allowed no more."""
        member = self._accounts.members.named(account)
        grant = self.of(member) if member is not None else None
        if member is not None and grant is not None and grant.sealed is not None:
            self._accounts.wiki_grants.end(member.id, grant.sealed)
        if member is not None:
            self._forget(member.id)

    def _forget(self, member_id: int) -> None:
        """Keeps the tokens in memory no longer; an edit that is under way is still made."""
        with self._lock:
            self._lent.pop(member_id, None)

    # -- for the sessions of one member

    def now(self) -> int:
        """Seconds since 1970."""
        return to_epoch(self._there.clock())

    def opened(self, tokens: Tokens) -> LentSession:
        """A new session with these tokens."""
        return self._there.session(tokens)

    def others(self, member_id: int, sealed: bytes) -> tuple[bytes, Tokens] | None:
        """The tokens that hold, where they are other ones than these."""
        grant = self._accounts.wiki_grants.of(member_id)
        if grant is None or grant.sealed is None or grant.sealed == sealed:
            return None
        tokens = self._sealing.opened(member_id, grant.sealed)
        return (grant.sealed, tokens) if tokens is not None else None

    def renewed(self, member_id: int, sealed: bytes, tokens: Tokens) -> tuple[bytes, Tokens] | None:
        """The next tokens, kept in place of these; None where the wiki gives none: then the grant has ended."""
        try:
            found = self._provider.renewed(tokens)
        except Forbidden:
            if self._accounts.wiki_grants.end(member_id, sealed):
                return None
            return self.others(member_id, sealed)
        new = self._sealing.sealed(member_id, found)
        is_kept = self._accounts.wiki_grants.renew(member_id, sealed, new)
        if is_kept or self._accounts.wiki_grants.of(member_id) is None:
            return new, found  # of who leaves there is no row any more, and the last edit is still made
        return self.others(member_id, sealed)


class _Lent:
    """The sessions of one member, with the tokens that hold now."""

    def __init__(self, grants: MemberGrants, member_id: int, sealed: bytes, tokens: Tokens) -> None:
        self.sealed = sealed
        self._grants = grants
        self._member_id = member_id
        self._tokens = tokens
        self._session = grants.opened(tokens)
        self._lock = Lock()

    def open(self, account: str, *, owner: str | None = None) -> CarefulSession:  # noqa: ARG002 one identity
        """The session of the member; raises SessionEnded where nothing holds any more."""
        with self._lock:
            is_due = self._tokens.expires and self._tokens.expires - _EARLY < self._grants.now()
            if is_due and not self._renew():
                raise SessionEnded("the wiki renews this permission no more")
            return self._session

    def renew(self, account: str) -> bool:  # noqa: ARG002 one identity
        """After the wiki refused the session: other tokens, or once more the same where they still hold."""
        with self._lock:
            if self._tokens.refresh or self._grants.others(self._member_id, self.sealed):
                return self._renew()
            return self._still_holds()

    def _renew(self) -> bool:
        found = self._grants.others(self._member_id, self.sealed) or self._grants.renewed(
            self._member_id, self.sealed, self._tokens
        )
        if found is None:
            return False
        self.sealed, self._tokens = found
        self._session = self._grants.opened(self._tokens)
        return True

    def _still_holds(self) -> bool:
        self._session.log_in_again()
        try:
            self._session.acting()
        except SessionEnded:
            return False
        return True


def grants_of(settings: Settings, accounts: Accounts) -> MemberGrants | None:
    """The grants of a service; None where its settings offer none."""
    if settings.wikibase is None or settings.grants is None:
        return None
    agent = settings.user_agent()
    there = There(settings.wikibase.url, Manners(agent, settings.writing.pause), settings.grants, settings.now)
    return MemberGrants(accounts, provider_of(settings.grants, user_agent=agent), there)
