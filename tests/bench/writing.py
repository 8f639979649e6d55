"""Edits through an unmodified wikibaseintegrator: new items with five statements, durable when the call returns.

In this process first, with the service's own wiring (an answer leaves when the graph holds the edit), then by eight
clients over HTTP. A watcher measures how long the graph is behind the repository.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from wikibaseintegrator import WikibaseIntegrator, datatypes, wbi_login
from wikibaseintegrator.wbi_config import config

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.opening import open_repository
from capx_graph.services import Services, open_services
from capx_graph.wikibase.transport import InProcessSessions
from tests.bench.figures import Row, percentile
from tests.bench.processes import served

STATEMENTS = 5
WRITERS = 8
_WATCH_SECONDS = 0.002
_PASSWORD = "a password of the bench"


def writing_rows(*, items: int) -> list[Row]:
    """The figures, measured in data directories of their own."""
    config["USER_AGENT"] = "capx-graph bench (bench@example.org)"
    with tempfile.TemporaryDirectory(prefix="capx-bench-writing-") as folder:
        data = Path(folder)
        settings = setting_list.load({}, data=folder)
        with open_repository(settings):
            pass
        accounts = Accounts(data)
        accounts.add("Bench", _PASSWORD, groups=["bot"])
        accounts.add_bot_password("Bench", "bench", password=_PASSWORD)
        accounts.close()
        with open_services(settings) as services:
            rows = _in_process(services, items)
        return [*rows, _over_http(data, items)]


def _in_process(services: Services, items: int) -> list[Row]:
    base = services.repository.namespaces.base
    config["MEDIAWIKI_API_URL"] = f"{base}/w/api.php"
    sessions = InProcessSessions(services.wiki_app, base)
    services.ingest.catch_up()

    def client() -> WikibaseIntegrator:
        return WikibaseIntegrator(login=wbi_login._Login(session=sessions.open("Bench")), is_bot=True)

    properties = _properties(client())
    with _watched(services) as behind:
        one = _written("one", client, properties, writers=1, items=items)
        several = _written("several", client, properties, writers=WRITERS, items=items)
    return [
        _row("items with 5 statements, one writer in process", one),
        _row(f"... {WRITERS} writers in process", several),
        Row("... the graph behind the repository, at most", max(behind, default=0.0) * 1000, "ms"),
    ]


def _over_http(data: Path, items: int) -> Row:
    with served(data, log=data / "writing.log") as (address, _, _):
        config["MEDIAWIKI_API_URL"] = f"{address}/w/api.php"

        def client() -> WikibaseIntegrator:
            return WikibaseIntegrator(login=wbi_login.Login("Bench@bench", _PASSWORD), is_bot=True)

        times = _written("http", client, _properties(client()), writers=WRITERS, items=items)
    return _row(f"... {WRITERS} writers over HTTP", times)


def _properties(wbi: WikibaseIntegrator) -> list[str]:
    return [str(wbi.property.new(datatype="string").write(max_retries=1).id) for _ in range(STATEMENTS)]


def _written(
    name: str, client: Callable[[], WikibaseIntegrator], properties: list[str], *, writers: int, items: int
) -> tuple[float, list[float]]:
    """Seconds that all took together, and each edit."""

    def write(number: int) -> list[float]:
        wbi = client()
        seconds = []
        for count in range(items // writers):
            item = wbi.item.new()
            item.labels.set("en", f"{name} {number} {count}")
            for prop in properties:
                item.claims.add(datatypes.String(f"value {count}", prop_nr=prop))
            begin = time.perf_counter()
            item.write(max_retries=1)
            seconds.append(time.perf_counter() - begin)
        return seconds

    begin = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        each = [seconds for times in pool.map(write, range(writers)) for seconds in times]
    return time.perf_counter() - begin, each


def _row(name: str, times: tuple[float, list[float]]) -> Row:
    whole, each = times
    middle, slow = statistics.median(each) * 1000, percentile(each, 0.95) * 1000
    return Row(name, len(each) / whole, "a second", note=f"an edit {middle:.1f} ms, p95 {slow:.1f} ms")


@contextmanager
def _watched(services: Services) -> Iterator[list[float]]:
    """How long the graph was behind, each time that it was."""
    behind: list[float] = []
    ended = Event()

    def watch() -> None:
        since: float | None = None
        while not ended.wait(_WATCH_SECONDS):
            if services.ingest.cursor >= services.repository.head():
                since = None
            else:
                since = since or time.perf_counter()
                behind.append(time.perf_counter() - since)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield behind
    finally:
        ended.set()
        thread.join()
