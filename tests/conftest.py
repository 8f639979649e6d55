"""Fixtures that several test files share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from capx_graph.cli import main
from capx_graph.settings import SETTINGS
from tests import CHECKOUT
from tests.bench_data.search import SearchBench
from tests.houses import ready
from tests.houses.command import Run
from tests.houses.demo_graph import DemoGraph, demo_graph

LONGEST = (
    *("browser/every_page", "operation/crash", "browser/pages", "members/crawl", "matching/follows"),
    *("upstream/crash", "operation/backup_served", "browser/query", "upstream/speed", "graph/ingest_crash"),
    *("handover/crash", "webapp/whole", "graph/remote_queries", "members/erasing", "browser/wiki", "members/many"),
    *("browser/event", "browser/members", "analytics/panels", "members/leaving", "browser/translate"),
    *(
        "documents",
        "directory/keeping_pages",
        "search/answers",
        "upstream/people",
        "handover/push_pull",
        "matching/matching",
    ),
    *("directory/translation_exchange", "matching/groups_solver", "members/profile_pages", "analytics/follows"),
    *("members/own_profile", "matching/groups", "search/follows", "members/wiki_signin", "webapp/owasp"),
    *("operation/cli", "graph/check", "analytics/analytics", "directory/translate_pages", "graph/ingest"),
    *("importers/outside_files", "handover/provision", "upstream/rdf", "search/imported", "operation/backup"),
    *("webapp/api_description", "importers/batch", "upstream/sync", "upstream/check", "repository/fuzz"),
    *("members/reconfirming", "wiki/pages", "ontology/shapes", "importers/losses", "search/completion"),
    *("graph/ingest_random", "stewardship/event_pages", "upstream/closed", "directory/demonstration"),
    *("upstream/values", "repository/structure_guarded", "repository/rest_fuzz", "stewardship/managing_pages"),
    *("upstream/grants", "upstream/kept_hierarchy", "upstream/members", "members/signing_in"),
    *("repository/concurrent_writers", "repository/golden_replay", "matching/groups_pages", "webapp/pages"),
    *("analytics/pages", "operation/serve", "webapp/linked_data", "analytics/charts"),
)
"""Files that take more than two seconds, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, so that the processes of a run end together; a file stays in one piece."""
    files = [CHECKOUT / "tests" / name for name in LONGEST]
    place = {file.with_name(f"test_{file.name}.py"): number for number, file in enumerate(files)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_collection_finish() -> None:
    """The collector is kept off what was loaded and collected, and does not look after every few hundred objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
def addresses() -> Iterator[None]:
    """How an address is put together is compiled once for each rule, not anew by every application: the compiled
    function knows nothing of its application, and is a third of what making one costs.
    """
    compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compile_ = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.subdomain, rule.host, tuple((rule.defaults or {}).items()), append_unknown)
        if key not in compiled:
            compiled[key] = compile_(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords() -> Iterator[None]:
    """To hash a password takes a while on purpose; here it takes none."""
    with pytest.MonkeyPatch.context() as patch:
        quick = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("capx_graph.accounts.passwords.PasswordHasher", quick)
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


@pytest.fixture
def capx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on a data directory of this test; answers exit code, standard output, standard error."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("CAPX_NOW", "2026-06-01T00:00:00Z")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["capx", "--data", str(tmp_path / "data"), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run
