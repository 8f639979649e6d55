"""Fixtures that several test files share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import ready
from argon2 import PasswordHasher
from demograph import DemoGraph, demo_graph
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from searchbench import SearchBench

CHECKOUT = Path(__file__).resolve().parent.parent
LONGEST = (
    *("every_page", "crash", "webapp_browser", "members_crawl", "matching_follows", "upstream_crash", "backup_served"),
    *("query_browser", "upstream_speed", "ingest_crash", "handover_crash", "webapp_whole", "remote_queries", "erasing"),
    *("wiki_browser", "members_many", "event_browser", "members_browser", "panels", "leaving", "translate_browser"),
    *("keeping_pages", "matching", "groups", "analytics_follows", "owasp", "search_answers", "search_follows"),
    *("profile_pages", "wiki_signin", "api_description", "push_pull", "cli", "analytics", "connected_members"),
    *("golden_replay", "webapp_groups", "translate_pages", "own_profile", "reconfirming", "translation_exchange"),
    *("webapp", "outside_files", "repository_fuzz", "webapp_analytics", "search_imported", "completion", "serve"),
    *("importers_batch", "linked_data", "groups_solver", "shapes", "ingest", "backup", "check", "webapp_charts"),
    *("importers_losses", "provision_elsewhere", "upstream_sync", "rest_fuzz", "demonstration", "wiki_pages"),
)
"""Files that take more than two seconds, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, so that the processes of a run end together; a file stays in one piece."""
    place = {f"test_{name}.py": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="session", autouse=True)
def ready_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where folders lie that are made once: pytest's own for this run, above those of its processes."""
    own = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ready.PLACE, str((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "ready"))
        yield


@pytest.fixture(scope="session", autouse=True)
def templates(ready_made: None) -> Iterator[None]:
    """Each template is compiled once a run, not anew by every application that a test makes; all compile alike."""
    with pytest.MonkeyPatch.context() as patch:
        kept = FileSystemBytecodeCache(str(ready.ready("templates", Path.mkdir)))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": kept})
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords() -> Iterator[None]:
    """To hash a password takes a while on purpose; here it takes none."""
    with pytest.MonkeyPatch.context() as patch:
        quick = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("capx_graph.accounts.directory.PasswordHasher", quick)
        yield


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
