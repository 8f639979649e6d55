"""The running service: the web server, and the thread that keeps graph and text index in step with the repository.

The address is announced when the socket listens and the application is ready; a graph that is far behind (a first
start, a lost cache) is built meanwhile. What other processes write (an import beside the service) the thread finds
by itself.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from threading import Thread
from types import FrameType
from typing import Any, Protocol

from waitress.server import create_server

from capx_graph.datadir import serving
from capx_graph.errors import CapxError
from capx_graph.ingest import IngestLoop
from capx_graph.jobs.checkup import Checkup
from capx_graph.jobs.nightly import Nightly
from capx_graph.jobs.tick import Housekeeping
from capx_graph.outage import begin_from_repository
from capx_graph.services import Services
from capx_graph.status import EngineWatch
from capx_graph.store.remote import RemoteStore
from webapp import create_app


class Job(Protocol):
    """What runs beside the server."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


_PATIENCE = 5.0
"""Seconds that an end waits for the ingest; a rebuild may take minutes and is dropped instead, it lies aside."""

_LARGEST_BODY = 40 << 20
"""Bytes of a request that are taken in before anybody looks at it; the Wikibase's own limit is 32 MiB."""

_BELIEVED = {"x-forwarded-for", "x-forwarded-proto"}
"""Not the host: which hosts are ours is a setting."""

_LOG = logging.getLogger(__name__)


def serve(services: Services, *, announce: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; raises Unavailable when the address is taken."""
    settings = services.settings
    app = create_app(services)
    server = bound(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        proxy=settings.proxy,
        prefix=settings.prefix,
    )
    loop = IngestLoop(services.ingest)
    services.repository.on_commit(loop.wake)
    loop.start()
    nightly = Nightly(settings)
    housekeeping = Housekeeping(services, publish=nightly.publish)
    jobs: list[Job] = [nightly, Checkup(settings, services.repository.head), housekeeping]
    if services.following:
        jobs.append(services.following)
    if isinstance(services.store, RemoteStore):
        jobs.append(EngineWatch(services.store.look, lambda: services.standing.silent_since))
    for job in jobs:
        job.start()
    Thread(target=_prepare, args=(services,), name="index", daemon=True).start()
    Thread(target=_settle, args=(services,), name="members", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    address = serving.Address(settings.host, server.effective_port, settings.prefix)
    try:
        serving.tell(settings.cache, address)
        announce(str(address))
        server.run()
    finally:
        serving.forget(settings.cache)
        server.close()
        for job in jobs:
            job.stop()
        _stop(loop)


def _prepare(services: Services) -> None:
    """What makes answers fast: the index, then the panels counted from it; without the engine, what can be had so."""
    if services.standing.silent_since is not None:
        begin_from_repository(
            services.ingest, services.index, services.names, silent=lambda: services.standing.silent_since is not None
        )
    services.index.keep_loading()
    services.names.end()
    try:
        services.analytics.warm()
    except Exception:  # the service may end meanwhile and close what is read; at worst the first answers are slower
        _LOG.debug("the panels were not counted ahead", exc_info=True)


def _settle(services: Services) -> None:
    """What members chose while the service was killed is brought to their items."""
    try:
        services.membership.own.settle_all()
    except CapxError as error:
        _LOG.error("what members chose is not in the graph yet: %s", error)


def _stop(loop: IngestLoop) -> None:
    stopping = Thread(target=loop.stop, daemon=True)
    stopping.start()
    stopping.join(_PATIENCE)
    if stopping.is_alive():
        _LOG.info("the graph was being built; the next start begins that again")
        logging.shutdown()
        # The engine is at work in a thread that cannot be interrupted; its files lie aside and are swept away.
        os._exit(0)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signature of a signal handler
    raise SystemExit(0)


def bound(app: Any, *, host: str, port: int, threads: int, proxy: str = "", prefix: str = "") -> Any:
    """A server that listens; ``proxy`` may say for whom it asks, ``prefix`` is cut from paths. Raises Unavailable."""
    placed = {"url_prefix": prefix} if prefix else {}
    believed = {"trusted_proxy": proxy, "trusted_proxy_headers": _BELIEVED} if proxy else {}
    limits = {"threads": threads, "max_request_body_size": _LARGEST_BODY}
    try:
        return create_server(  # type: ignore[no-untyped-call]
            app, host=host, port=port, ident="capx-graph", **limits, **believed, **placed
        )
    except (OSError, ValueError) as error:
        raise serving.refused(host, port, error) from error
