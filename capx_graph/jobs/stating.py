"""The state of an installation for a command: told by the service that runs, else read from the files.

What a service does not answer in time counts as broken, because that is what its users see.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from capx_graph import __version__
from capx_graph.datadir import serving
from capx_graph.datadir.runs import Runs
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.errors import CapxError, StoreLocked
from capx_graph.opening import has_repository, open_graph, open_repository
from capx_graph.settings import Settings
from capx_graph.status import Gatherer, State, Surroundings, engine_of, kept_here, standing_over

_PATIENCE = 10.0

Told = Mapping[str, Any]
"""What /status.json answers."""


def state_of(settings: Settings) -> tuple[State, Told]:
    """The verdict, and what it rests on."""
    if not has_repository(settings):
        return _broken("no-data")
    address = serving.told(settings.cache)
    if address is not None:
        try:
            return _asked(f"{address.local}/status.json", settings.user_agent())
        except (OSError, ValueError, KeyError) as error:
            silent = f"{type(error).__name__}: {error}"
    else:
        silent = ""
    try:
        return _read(settings)
    except StoreLocked:
        return _broken("service-silent", silent)
    except CapxError as error:
        return _broken("cannot-be-opened", str(error))


def _asked(address: str, agent: str) -> tuple[State, Told]:
    """What the service says; raises OSError, ValueError, KeyError."""
    request = urllib.request.Request(address, headers={"User-Agent": agent})  # noqa: S310 our own service
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_PATIENCE) as answer:
        told: Told = json.load(answer)
    states = {state.code: state for state in State}
    return states[told["state"]], told


def _read(settings: Settings) -> tuple[State, Told]:
    """What the files say, where no service has them; raises StoreLocked where one does."""
    with ExitStack() as stack:
        repository = stack.enter_context(open_repository(settings, make=False))
        graph = stack.enter_context(open_graph(repository, settings))
        made = Dumps(dump_directory(settings)).publications()
        here = Surroundings(
            software=__version__,
            engine=engine_of(graph.store),
            started=settings.now(),
            model=lambda: graph.ingest.model,
            jobs=Runs(settings.data).all,
            dumps=lambda: made[0].at if made else None,
            counts=lambda: {"triple": graph.store.state.triples},
            queue=dict,
            kept_here=kept_here(graph.ingest),
        )
        standing = standing_over(graph.ingest, settings)
        status = Gatherer(standing, here, lag=settings.lag, clock=settings.now).status()
        return status.state, status.as_json() | {"started": None}


def _broken(reason: str, detail: str = "") -> tuple[State, Told]:
    return State.BROKEN, {"state": State.BROKEN.code, "reasons": [reason], "detail": detail, "software": __version__}
