"""Once a year members say whether what they show is still true: by a banner first, then by a notice.

Doors and the periodic work import it. A public profile is made private only after a notice was delivered and a month
has passed, and never where none could be; nothing is deleted, and one click shows again what was shown. Each step is
kept before the next, so that a process killed at any moment is carried on by the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from capx_graph.accounts import Accounts, Member, Reconfirming
from capx_graph.errors import CapxError, Forbidden, NotDelivered, Unavailable
from capx_graph.instants import Clock
from capx_graph.membership import Change, Field, OwnProfiles, Part, State
from capx_graph.notices.delivery import Delivery, reconfirmation_notice

ASK_AFTER = timedelta(days=335)
NOTICE_AFTER = timedelta(days=365)
GRACE = timedelta(days=30)
AT_ONCE = 20
"""Notices of one round: a wiki limits what an account may mail."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, in the words of a notice."""

    site: str
    address: str


class Reconfirmation:
    """For all threads; ``own`` is what changes profiles, None where notices alone are sent."""

    def __init__(self, accounts: Accounts, own: OwnProfiles | None, clock: Clock) -> None:
        self._accounts = accounts
        self._own = own
        self._clock = clock
        self._rows = accounts.reconfirmations

    # -- the member

    def asks(self, member: Member) -> bool:
        """Whether it is time that they confirm what they show."""
        last = self._rows.last(member.id)
        return last is not None and last < self._clock() - ASK_AFTER

    def hidden(self, member: Member) -> Reconfirming | None:
        """What was made private since they did not answer; None where nothing was."""
        found = self._rows.of(member.id)
        return found if found.hidden and found.fields else None

    def confirm(self, member: Member, *, wording: str, language: str) -> None:
        """They say that it is still true, or that what was hidden may stay so."""
        self._accounts.consents.confirm(member.id, wording=wording, language=language)
        self._rows.forget(member.id)

    def restore(self, member: Member, *, wording: str, language: str) -> None:
        """Shows again what was shown and is still private; raises what saving a profile raises."""
        hidden, own = self.hidden(member), self._own
        if hidden is not None and own is not None:
            now = own.read(member).parts
            parts = [part for part in Field if part in hidden.fields and now[part].state is State.PRIVATE]
            changes = {part: Change(Part(State.PUBLIC, now[part].freed.lines), now[part].mark) for part in parts}
            own.save(member, changes, agreed=True, wording=wording, language=language)
        self.confirm(member, wording=wording, language=language)

    # -- the periodic work

    def awaits_notice(self) -> bool:
        """Whether a notice is due to anybody now."""
        return next(self._due_for_notice(), None) is not None

    def send(self, delivery: Delivery, sender: Sender, *, most: int = AT_ONCE) -> int:
        """Sends what is due, some of it; answers how many notices were delivered. Who cannot be reached is tried
        again after a day, then after two, and so on; a wiki that takes nothing ends the round.
        """
        sent = 0
        for count, member in enumerate(self._due_for_notice()):
            if count == most:
                break
            language = self._language(member)
            notice = reconfirmation_notice(
                member.name, language, site=sender.site, address=sender.address, days=GRACE.days
            )
            self._rows.trying(member.id)
            try:
                delivery.send(member, notice)
            except NotDelivered as error:
                _LOG.info("a notice was not delivered: %s", error)
            except (Unavailable, Forbidden) as error:
                _LOG.error("notices are put off: %s", error)
                break
            else:
                self._rows.delivered(member.id)
                sent += 1
        return sent

    def lapsed(self) -> list[Member]:
        """Members who did not answer a delivered notice in time."""
        ids = [id_ for id_, _ in self._rows.silent(self._clock() - NOTICE_AFTER) if self._is_over(id_)]
        return [member for id_ in ids if (member := self._accounts.members.by_id(id_))]

    def hide(self) -> int:
        """Makes private what they show to everybody; answers for how many. Nothing is lost."""
        own, count = self._own, 0
        if own is None:
            return 0
        for member in self.lapsed():
            try:
                count += own.make_private(member, still=partial(self._is_over, member.id))
            except CapxError as error:
                _LOG.error("a profile is made private later: %s", error)
        return count

    def _due_for_notice(self) -> Iterator[Member]:
        now = self._clock()
        for id_, last in self._rows.silent(now - NOTICE_AFTER):
            found, member = self._rows.of(id_), self._accounts.members.by_id(id_)
            told = found.delivered is not None and found.delivered > last
            if member is not None and not told and (found.again is None or found.again <= now):
                yield member

    def _is_over(self, member_id: int) -> bool:
        """Whether a notice was delivered, a month ago at least, and nothing was said since."""
        last, delivered = self._rows.last(member_id), self._rows.of(member_id).delivered
        return last is not None and delivered is not None and last < delivered <= self._clock() - GRACE

    def _language(self, member: Member) -> str:
        consents = self._accounts.consents.of(member.id)
        return consents[-1].language if consents else "en"
