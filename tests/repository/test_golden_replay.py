"""The recorded behaviour of a real Wikibase, replayed against an empty repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.houses import loopback
from tests.houses.golden_server import build


@pytest.mark.parametrize("name", ["scenario.jsonl", "entities-setup.jsonl"])
def test_a_recorded_file_replays_without_a_difference(name: str, shared: Path, tmp_path: Path) -> None:
    golden = shared / "golden" / "wikibase"
    with loopback.werkzeug(build(tmp_path)) as origin:
        command = [
            sys.executable, str(golden / "replay.py"), "--origin", origin, "--lenient", "--skip-quirks",
            str(golden / "public" / name),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
