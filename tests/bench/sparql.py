"""What the SPARQL endpoint adds to the engine, and how it bears several clients, beside the ``oxigraph`` server.

One small query, three ways in the same run on the same data: the engine alone in this process, the service over HTTP,
the server of the package ``oxigraph`` over HTTP. Clients are threads of this process, so they take part of the machine.
The service keeps answers in memory until the graph changes, so each query carries a comment of its own and reaches the
engine; one row more shows the same query asked again and again.
"""

from __future__ import annotations

import http.client
import itertools
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from pyoxigraph import QueryResultsFormat, Store

from tests.bench.figures import Row, percentile
from tests.bench.processes import served

SMALL = "SELECT ?c { ?c a <https://w3id.org/capx/ontology/Capacity> } LIMIT 10"
CLIENTS = 8
_WARM_UP = 50


def sparql_rows(data: Path, *, requests: int) -> list[Row]:
    """The figures for the data in a directory that a service may open."""
    with served(data, log=data / "sparql-bench.log") as (address, _, _):
        ours = _Target(f"{address}/sparql")
        ours.times(_WARM_UP)
        copy = data / "sparql-bench"
        shutil.rmtree(copy, ignore_errors=True)
        snapshots = (data / "cache" / "sparql" / "snapshots").iterdir()
        shutil.copytree(max(snapshots, key=lambda path: int(path.name)), copy)
        alone = statistics.median(_engine(copy, requests))
        through = sorted(ours.times(requests))
        rate, median = ours.together(requests)
        again, median_again = ours.together(requests, same=True)
    rows = [
        Row("SPARQL, a small query", statistics.median(through), "ms", p95=percentile(through, 0.95), key="sparql"),
        Row("... the engine alone", alone, "ms"),
        Row("... so the endpoint adds", statistics.median(through) - alone, "ms", note="at most 2 ms wanted"),
        Row(f"SPARQL, {CLIENTS} clients", rate, "queries/s", note=f"median {median:.1f} ms"),
        Row("... the same query again and again", again, "queries/s", note=f"median {median_again:.1f} ms"),
    ]
    try:
        with _oxigraph(copy) as address:
            theirs = _Target(address)
            theirs.times(_WARM_UP)
            rate, median = theirs.together(requests)
            rows.append(
                Row(f"... the oxigraph server, {CLIENTS} clients", rate, "queries/s", note=f"median {median:.1f} ms")
            )
    finally:
        shutil.rmtree(copy)
    return rows


class _Target:
    """An endpoint; times are in milliseconds."""

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        self._numbers = itertools.count()

    def times(self, count: int, *, same: bool = False) -> list[float]:
        connection = http.client.HTTPConnection(self._parts.hostname or "", self._parts.port, timeout=60)
        found = []
        for _ in range(count):
            begin = time.perf_counter()
            query = SMALL if same else f"{SMALL} # {next(self._numbers)}"
            path = f"{self._parts.path}?query={quote(query)}"
            connection.request("GET", path, headers={"Accept": "application/sparql-results+json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise RuntimeError(f"{self._parts.netloc} answered {answer.status}")
            found.append((time.perf_counter() - begin) * 1000)
        connection.close()
        return found

    def together(self, count: int, *, same: bool = False) -> tuple[float, float]:
        """Queries a second and the median, with all clients at once."""
        begin = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as threads:
            asked = [threads.submit(self.times, count, same=same) for _ in range(CLIENTS)]
            times = [each for found in asked for each in found.result()]
        return len(times) / (time.perf_counter() - begin), statistics.median(times)


def _engine(folder: Path, count: int) -> list[float]:
    store = Store.read_only(str(folder))
    found = []
    for _ in range(count):
        begin = time.perf_counter()
        store.query(SMALL).serialize(format=QueryResultsFormat.JSON)
        found.append((time.perf_counter() - begin) * 1000)
    return found


@contextmanager
def _oxigraph(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    binary = Path(sys.executable).with_name("oxigraph")
    command = [binary, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.kill()
        process.wait()
