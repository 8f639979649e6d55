"""Real SPARQL engines of other people, started on the loopback for tests of the remote graph."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoteengine import Addresses, RemoteEngine, RemoteLimits

_NUMBERS = count(1)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def oxigraph_server() -> Iterator[Addresses]:
    """The server of the package ``oxigraph``, in memory."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/query?query=ASK%7B%7D", process)
        yield Addresses(f"{address}/query", f"{address}/update", f"{address}/store")
    finally:
        process.terminate()
        process.wait(timeout=10)


_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/graph.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/graph.lck
TransactionFile = {folder}/graph.trx
xa_persistent_file = {folder}/graph.pxa
[TempDatabase]
DatabaseFile = {folder}/passing.db
TransactionFile = {folder}/passing.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 20000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = 60
"""


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Addresses]:
    """Debian's Virtuoso 7 (virtuoso-opensource-7-bin), with its files in a folder; skips where there is none."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("needs Virtuoso: apt-get install virtuoso-opensource-7-bin")
    http = free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(folder=folder, sql=free_port(), http=http))
    command = [program, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{http}"
    try:
        _wait_for(f"{address}/sparql?query=ASK%7B%7D", process)
        guarded = f"{address}/sparql-auth"
        yield Addresses(guarded, guarded, f"{address}/sparql-graph-crud-auth", user="dba", password="dba")
    finally:
        process.terminate()
        process.wait(timeout=30)


def remote_store(addresses: Addresses, limits: RemoteLimits | None = None) -> RemoteStore:
    """An empty store of its own in an engine that several tests share."""
    engine = RemoteEngine(addresses, user_agent="capx-graph tests", limits=limits)
    return RemoteStore(engine, f"http://test{next(_NUMBERS)}.example")


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the engine ended at once"
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            process.poll()
    raise TimeoutError(address)
