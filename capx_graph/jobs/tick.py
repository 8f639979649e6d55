"""Periodic work, once: erasures that were interrupted or are due, sessions that ran out, dumps, the yearly question.

``capx tick`` runs it from cron, ``Housekeeping`` inside ``capx serve``. Doing it again does nothing; two at once are
safe, because the second one leaves at the lock. A service holds the graph, so that beside one a tick only says what is
due, and the service does it within seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread

from capx_graph.accounts import Accounts
from capx_graph.connected import instance_of, leaving_there
from capx_graph.datadir.locks import held
from capx_graph.datadir.runs import Runs
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.errors import CapxError, Conflict, StoreLocked, Unavailable
from capx_graph.ingest import Ingest
from capx_graph.jobs.nightly import next_night
from capx_graph.jobs.operations import publish_dumps
from capx_graph.notices.delivery import delivery_over
from capx_graph.notices.reconfirming import Reconfirmation, Sender
from capx_graph.opening import has_repository, open_accounts, open_graph, open_repository
from capx_graph.privacy import Erasures, Purge, beside, erasures_over
from capx_graph.repository.store import Repository
from capx_graph.services import Services, open_services
from capx_graph.settings import Settings

_LOCK = "tick.lock"
_LOOK = 1.0
"""Seconds after which a service looks for erasures that another process asked for."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did; ``waiting`` erasures wait for the service that holds the graph."""

    resumed: int = 0
    purged: int = 0
    waiting: int = 0
    sessions: int = 0
    dumps: int = 0
    notices: int = 0
    hidden: int = 0
    busy: bool = False


def tick(settings: Settings, *, dumps: bool = True) -> Ticked:
    """Everything that is due, once; a tick that runs at the same time does it alone."""
    if not has_repository(settings):
        return Ticked()
    with ExitStack() as stack:
        try:
            stack.enter_context(held(settings.data / _LOCK))
        except StoreLocked:
            return Ticked(busy=True)
        stack.enter_context(Runs(settings.data).recorded("tick", settings.now))
        repository = stack.enter_context(open_repository(settings))
        accounts = stack.enter_context(open_accounts(settings))
        beyond = leaving_there(settings, accounts)
        leaving = erasures_over(repository, accounts, instance_of(settings), settings=settings, beyond=beyond)
        resumed = leaving.resume()
        purged = _purged(settings, repository, accounts, leaving)
        waiting = len(leaving.due.all())
        ended = _end_what_ran_out(settings, accounts)
        _settle(settings, accounts)
        made = _publish(settings) if dumps and dumps_are_due(settings) else 0
        notices = _send_notices(settings, accounts, repository.base)
        leaving.ask_again()
        hidden = _hidden(settings, Reconfirmation(accounts, None, settings.now))
        return Ticked(resumed, purged, waiting, ended, made, notices, hidden)


def _end_what_ran_out(settings: Settings, accounts: Accounts) -> int:
    """Sessions, drafts that nobody claimed, proposals that were accepted and not made; answers how many sessions."""
    ended = accounts.end_expired()
    accounts.drafts.end_unclaimed(settings.draft_days)
    accounts.proposals.reopen_unmade()
    return ended


def _send_notices(settings: Settings, accounts: Accounts, base: str) -> int:
    """Asks members whose year is over, where the operator configured who does it."""
    asking = Reconfirmation(accounts, None, settings.now)
    if not settings.channels.mails or not asking.awaits_notice():
        return 0
    with delivery_over(settings) as delivery:
        return asking.send(delivery, Sender(settings.site_name, f"{base}/me")) if delivery else 0


def _hidden(settings: Settings, asking: Reconfirmation) -> int:
    """Makes private who did not answer; a service that holds the graph does it itself."""
    if not asking.lapsed():
        return 0
    try:
        with open_services(settings) as services:
            services.ingest.catch_up()
            return services.reconfirmation.hide()
    except StoreLocked:
        return 0


def _settle(settings: Settings, accounts: Accounts) -> None:
    """Makes the items of members follow what was said while nothing could write them; a service does it by itself."""
    if accounts.values.unsettled():
        try:
            with open_services(settings) as services:
                services.ingest.catch_up()
                services.membership.own.settle_all()
        except StoreLocked:
            return


def _purged(settings: Settings, repository: Repository, accounts: Accounts, leaving: Erasures) -> int:
    if not leaving.due.all():
        return 0
    leaving.due.hurry()
    publish = partial(_publish, settings)
    try:
        with open_graph(repository, settings) as graph:
            purge = purge_over(
                settings, repository, accounts, leaving, ingest=graph.ingest, forget=_nothing, publish=publish
            )
            return purge.run()
    except StoreLocked:
        return 0


def purge_over(
    settings: Settings,
    repository: Repository,
    accounts: Accounts,
    leaving: Erasures,
    *,
    ingest: Ingest,
    forget: Callable[[], None],
    publish: Callable[[], object],
) -> Purge:
    """The purge of one installation, in the process that has its graph."""
    return Purge(repository, accounts, ingest, beside(settings), leaving.due, forget, publish)


def dumps_are_due(settings: Settings) -> bool:
    """Whether the last hour at which dumps are made has passed without any."""
    if settings.dump_hour is None:
        return False
    now = settings.now()
    last = next_night(now, settings.dump_hour) - timedelta(days=1)
    made = Dumps(dump_directory(settings)).publications()
    return not made or made[0].at < last


def _publish(settings: Settings) -> int:
    try:
        return len(publish_dumps(settings).files)
    except (Conflict, StoreLocked):
        return 0  # another process publishes, or did so this second


class Housekeeping:
    """The thread of a service that hides and purges what is asked for from outside, and ticks once a minute.

    ``publish`` makes dumps in place of those that an erasure took offline, in another process.
    """

    def __init__(self, services: Services, *, publish: Callable[[], object], look: float = _LOOK) -> None:
        self._services = services
        self._publish = publish
        self._look = look
        self._stopping = Event()
        self._seen = 0
        self._publisher: Thread | None = None
        self._asker: Thread | None = None
        self._minute: datetime | None = None
        self._thread = Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; what is under way is finished by the next start."""
        self._stopping.set()

    def look(self) -> None:
        """Does what is due now."""
        services = self._services
        lines = services.erasures.due.all()
        newest = max((line.number for line in lines), default=self._seen)
        if newest > self._seen:
            services.erasures.resume()
            with suppress(Unavailable):  # an engine elsewhere; the next look tries again
                services.hide()
                self._seen = newest
        now = services.settings.now()
        if self._minute is None or now - self._minute >= timedelta(minutes=1):
            self._minute = now
            self._tick()
        if any(line.due <= now for line in lines):
            purge_over(
                services.settings,
                services.repository,
                services.accounts,
                services.erasures,
                ingest=services.ingest,
                forget=services.endpoint.forget,
                publish=self._publish,
            ).run()
        elif any(line.dumps for line in lines) and not services.dumps.publications() and not self._publishing():
            self._publisher = Thread(target=self._publish, name="dumps-anew", daemon=True)
            self._publisher.start()

    def _tick(self) -> None:
        services = self._services
        with Runs(services.settings.data).recorded("tick", services.settings.now):
            _end_what_ran_out(services.settings, services.accounts)
            services.membership.own.settle_all()
            services.stewardship.stewards.follow()
            services.reconfirmation.hide()
        self._ask()

    def _ask(self) -> None:
        """Sends notices and asks other wikis beside the rest: a slow one must not keep an erasure waiting."""
        if self._asker is None or not self._asker.is_alive():
            self._asker = Thread(target=self._ask_others, name="notices", daemon=True)
            self._asker.start()

    def _ask_others(self) -> None:
        services = self._services
        _send_notices(services.settings, services.accounts, services.repository.base)
        services.erasures.ask_again()

    def _publishing(self) -> bool:
        return self._publisher is not None and self._publisher.is_alive()

    def _run(self) -> None:
        while not self._stopping.wait(self._look):
            try:
                self.look()
            except CapxError as error:
                _LOG.error("housekeeping was put off: %s", error)
            except Exception:
                # Whatever it was, people go on being served, and the next round tries again.
                _LOG.exception("housekeeping failed")
                self._stopping.wait(60)


def _nothing() -> None:
    """No process reads an older state where no service runs."""
