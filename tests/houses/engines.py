"""Real SPARQL engines of other people, started on the loopback for tests of the remote graph."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from urllib.request import urlopen

import pytest

from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoteengine import RemoteEngine, RemoteLimits
from capx_graph.store.remotewire import Addresses
from tests.waiting import until

_NUMBERS = count(1)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A program that is an engine, at addresses that stay the same; it can be killed and started again."""

    def __init__(self, command: Sequence[str | Path], folder: Path | None, addresses: Addresses, asked: str) -> None:
        self.addresses = addresses
        self._command = [str(part) for part in command]
        self._folder = folder
        self._asked = asked
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and wait until it answers."""
        if self._folder:
            self._folder.mkdir(exist_ok=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(self._command, cwd=self._folder, **quiet)  # type: ignore[call-overload]
        until(partial(_answers, self._asked, self._process), what=f"{self._asked} answers", despite=OSError)

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=10)

    def stop(self) -> None:
        """End it in its own way."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)


def oxigraph(folder: Path | None = None) -> Server:
    """The server of the package ``oxigraph``, in memory or with its files in a folder."""
    address = f"http://127.0.0.1:{free_port()}"
    program = Path(sys.executable).with_name("oxigraph")
    where = ["--location", folder] if folder else []
    command = [program, "serve", *where, "--bind", address.removeprefix("http://")]
    addresses = Addresses(f"{address}/query", f"{address}/update", f"{address}/store")
    return Server(command, folder, addresses, f"{address}/query?query=ASK%7B%7D")


@contextmanager
def oxigraph_server() -> Iterator[Addresses]:
    """The server of the package ``oxigraph``, in memory, while the context lasts."""
    server = oxigraph()
    try:
        server.start()
        yield server.addresses
    finally:
        server.stop()


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


def virtuoso(folder: Path) -> Server:
    """Debian's Virtuoso 7 (virtuoso-opensource-7-bin), with its files in a folder; skips where there is none."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("needs Virtuoso: apt-get install virtuoso-opensource-7-bin")
    http = free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(folder=folder, sql=free_port(), http=http))
    command = [program, "+foreground", "+configfile", folder / "virtuoso.ini"]
    address = f"http://127.0.0.1:{http}"
    guarded = f"{address}/sparql-auth"
    addresses = Addresses(guarded, guarded, f"{address}/sparql-graph-crud-auth", user="dba", password="dba")
    return Server(command, folder, addresses, f"{address}/sparql?query=ASK%7B%7D")


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Addresses]:
    """Debian's Virtuoso 7 while the context lasts."""
    server = virtuoso(folder)
    try:
        server.start()
        yield server.addresses
    finally:
        server.stop()


def remote_store(addresses: Addresses, limits: RemoteLimits | None = None) -> RemoteStore:
    """An empty store of its own in an engine that several tests share."""
    engine = RemoteEngine(addresses, user_agent="capx-graph tests", limits=limits)
    return RemoteStore(engine, f"http://test{next(_NUMBERS)}.example")


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the engine ended at once"
    with urlopen(address, timeout=5):
        return True
