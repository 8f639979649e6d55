"""The checkup: rules of the shapes counted aside, kept as a file, shown with its date."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.analytics import Health, HealthReport, PanelRequest
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.checkup import Checkup
from capx_graph.model import Draft
from capx_graph.opening import open_importing
from capx_graph.provisioning import provision
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository
from capx_graph.shapes import Result, Severity
from capx_graph.terms import iri
from tests.bench_data.analytics import AnalyticsBench
from tests.bench_data.graph import BenchGraph, generate
from tests.houses.demo_graph import INSTANCE

pytestmark = pytest.mark.slow


def finding(rule: str, record: str, severity: Severity = Severity.INFO) -> Result:
    node = iri(f"http://capx.test/entity/{record}")
    texts = (("en", f"Mend {rule}."), ("pt", f"Corrija {rule}."))
    return Result(severity, node, node, None, None, f"https://w3id.org/capx/shape/{rule}", "minCount", texts)


def test_a_record_counts_once_for_each_rule_that_it_breaks(tmp_path: Path) -> None:
    results = [finding("person-language", f"Q{number}") for number in (1, 1, 2)] + [finding("capacity-label", "Q9")]
    report = HealthReport.of(results, date="2026-06-01T00:00:00+00:00", version=7)
    Health(tmp_path).publish(report)
    kept = Health(tmp_path).report()
    assert kept == report
    assert [(line.shape, line.records) for line in report.lines] == [("person-language", 2), ("capacity-label", 1)]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"date": 1, "version": "x", "lines": []}', '{"lines": [{}]}'])
def test_a_file_that_cannot_be_read_is_no_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "health.json").write_text(text, encoding="utf-8")
    assert Health(tmp_path).report() is None


def test_the_panel_shows_the_last_report_with_its_date(shared: Path, tmp_path: Path) -> None:
    bench = AnalyticsBench(BenchGraph(generate(shared, 50, tmp_path / "set")), tmp_path)
    assert bench.by_bitmaps.panel(PanelRequest("health")).date is None
    results = [finding("person-language", f"Q{number}") for number in range(4)]
    results += [finding("person-place", f"Q{number}") for number in range(6)] + [finding("capacity-label", "Q9")]
    Health(tmp_path).publish(HealthReport.of(results, date="2026-05-31T12:00:00+00:00", version=7))
    answer = bench.by_bitmaps.panel(PanelRequest("health", reader=("pt-br", "pt", "en")))
    assert (answer.date, answer.version) == ("2026-05-31T12:00:00+00:00", 7)
    shown = {line.key[0].code: (line.key[0].label, line.counts[0]) for line in answer.lines}
    assert shown["person-place"] == ("Corrija person-place.", 6)
    assert shown["person-language"] == ("Corrija person-language.", None), "four people are few"
    assert shown["capacity-label"] == ("Corrija capacity-label.", 1), "a capacity is nobody"


def test_the_command_keeps_what_the_shapes_find(shared: Path, tmp_path: Path) -> None:
    settings = setting_list.load({}, data=str(tmp_path / "data"))
    with open_importing(settings) as importing:
        importing.importer.run(
            BenchDirectory(generate(shared, 50, tmp_path / "set")), rejects=tmp_path / "rejects.jsonl", workers=0
        )
    command = [sys.executable, "-m", "capx_graph", "--data", str(tmp_path / "data"), "validate", "--publish"]
    subprocess.run(command, check=True, capture_output=True)
    report = Health(settings.cache).report()
    assert report is not None
    assert "organization-manager-missing" in {line.shape for line in report.lines}
    assert {line.severity for line in report.lines} == {"Info"}


def test_months_of_pages_count_what_was_published_and_left(tmp_path: Path) -> None:
    """Pages with an owner are people's; what was erased stays counted, without a name."""
    moments = iter([datetime(2026, month, 3, tzinfo=UTC) for month in (1, 1, 2, 4, 5)])
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    repository = Repository.open(tmp_path, clock=lambda: now[0])
    provision(repository, INSTANCE)
    people = repository.allocate("item", 3)
    lives = repository.lives
    for item in people:
        now[0] = next(moments)
        draft = {"type": "item", "id": item, "labels": {"en": {"language": "en", "value": item}}, "claims": {}}
        repository.bulk([Draft(draft, owner=f"Owner of {item}")], actor="Ana")
    assert lives.begun() == {"2026-01": 2, "2026-02": 1}
    assert lives.ended() == {}
    now[0] = next(moments)
    with repository.transaction() as transaction:
        page = transaction.page(people[0])
        assert page is not None
        transaction.delete(page, Author(f"Owner of {people[0]}", ""))
    assert lives.ended() == {"2026-04": 1}
    assert lives.begun() == {"2026-01": 2, "2026-02": 1}
    repository.close()


def test_a_checkup_is_due_when_something_changed_since_the_last(tmp_path: Path) -> None:
    settings = setting_list.load({}, data=str(tmp_path))
    head = [3]
    checkup = Checkup(settings, lambda: head[0])
    assert checkup.due
    Health(settings.cache).publish(HealthReport.of([], date="2026-06-01T00:00:00+00:00", version=3))
    assert not checkup.due
    head[0] = 4
    assert checkup.due
    checkup.stop()
