"""Rings and teams found in the process that asks, for tests of what is asked and how it is told.

That another process does it, and ends in time, is held by ``matching/test_groups_solver.py`` and the examples of the
API.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from capx_graph.groups import solver
from capx_graph.groups.solving import Solver


@pytest.fixture(scope="module")
def solved_here() -> Iterator[None]:
    def run(_: Solver, task: Mapping[str, Any], seconds: float) -> Any:
        """Task and answer go through JSON, as they do between processes."""
        work = {"rings": solver.rings, "cover": solver.cover}[task["kind"]]
        return json.loads(json.dumps(work(json.loads(json.dumps(task)), time.monotonic() + seconds)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Solver, "_run", run)
        yield
