"""Clients that load a service, each a process of its own, asking one thing after the other without a pause.

    python -m tests.bench.load ADDRESS SEED < PATHS

They take processor time from the service themselves, as clients on the same machine do.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.bench.client import Reader

CLIENTS = 8
_SETTLING_SECONDS = 2.0


@contextmanager
def loaded(address: str, paths: Sequence[str]) -> Iterator[list[float]]:
    """While the context lasts, eight processes ask; then the list holds how many answers a second they got."""
    command = [sys.executable, "-m", "tests.bench.load", address]
    rate: list[float] = []
    clients = [
        subprocess.Popen([*command, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for seed in range(CLIENTS)
    ]
    try:
        for client in clients:
            assert client.stdin is not None, "the pipe was asked for"
            client.stdin.write("\n".join(paths))
            client.stdin.close()
            client.stdin = None
        time.sleep(_SETTLING_SECONDS)
        yield rate
    finally:
        for client in clients:
            client.send_signal(signal.SIGTERM)
        told = [client.communicate(timeout=60)[0] for client in clients]
    rate.append(sum(float(each) for each in told))


def _asked(address: str, paths: Sequence[str], stream: random.Random) -> float:
    """Answers a second, until a signal ends it."""
    reader = Reader(address)
    begin, count = time.perf_counter(), 0
    try:
        while True:
            reader.get(stream.choice(paths))
            count += 1
    except _Ended:
        return count / (time.perf_counter() - begin)


class _Ended(Exception):
    """Somebody has measured enough."""


def _end(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Ended


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    print(_asked(sys.argv[1], sys.stdin.read().splitlines(), random.Random(sys.argv[2])))
