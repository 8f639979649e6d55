"""The recorded behaviour of a real Wikibase, replayed against an empty repository."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from capx_graph.golden_server import build


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The golden server on a port that the system chooses."""
    server = make_server("127.0.0.1", 0, build(directory), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("name", ["scenario.jsonl", "entities-setup.jsonl"])
def test_a_recorded_file_replays_without_a_difference(name: str, shared: Path, tmp_path: Path) -> None:
    golden = shared / "golden" / "wikibase"
    with served(tmp_path) as origin:
        command = [
            sys.executable, str(golden / "replay.py"), "--origin", origin, "--lenient", "--skip-quirks",
            str(golden / "public" / name),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
