"""Fixtures that several test files share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from demograph import DemoGraph, demo_graph
from searchbench import SearchBench

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded behaviour and bench data beside the checkout; skips where there is none."""
    folder = CHECKOUT.parent / "shared"
    if not (folder / "golden").is_dir():
        pytest.skip("needs the folder ../shared with recorded data, which is not part of the project")
    return folder


@pytest.fixture(scope="session")
def bench(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchBench]:
    """A thousand people of the bench data, searched and shown."""
    made = SearchBench(shared, tmp_path_factory.mktemp("bench"))
    yield made
    made.texts.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoGraph]:
    """The graph of the starter directory and a few demonstration people; tests only read it."""
    with demo_graph(tmp_path_factory.mktemp("demo"), people=90) as found:
        yield found
