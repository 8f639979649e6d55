"""The process beside a service: why it failed is told, and that it ended with the service is no failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from capx_graph.jobs.child import Child
from capx_graph.settings import load


@pytest.mark.slow
def test_a_command_that_fails_says_so_unless_the_service_ends(tmp_path: Path) -> None:
    child = Child(load({}, data=str(tmp_path)), name="test", work=lambda: None)
    assert child.run("no-such-command", quiet=True) == "the command ended with 2"
    assert not child.wait(0)
    child.stop()
    assert child.stopping
    assert child.run("no-such-command", quiet=True) is None
