"""Batches, the whole graph and files are checked as their records are, and the trees as a whole."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.errors import InvalidInput, NotFound
from capx_graph.namespaces import CAPX
from capx_graph.shapes import Batch, InProcess, Shapes, ShapesPool, ValidationReport, validate_all, validate_file
from capx_graph.shapes.batches import batches_of
from capx_graph.terms import RdfFormat, Triple, parse_rdf, write_rdf
from tests import CHECKOUT

PREFIXES = f"""
@prefix capx: <{CAPX}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://127.0.0.1:8000/entity/> .
"""


def turtle(text: str) -> list[Triple]:
    return list(parse_rdf(PREFIXES + text, RdfFormat.TURTLE))


def person(name: str, *, username: str, more: str = "") -> str:
    return f':{name} a capx:Person ; rdfs:label "{name}"@en ; capx:username "{username}" {more}.\n'


def capacity(name: str, parent: str) -> str:
    return f':{name} a capx:Capacity ; rdfs:label "{name}"@en ; skos:broader :{parent} .\n'


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load()


def found(report: ValidationReport) -> set[tuple[str, str]]:
    return {(r.record.value.rsplit("/", 1)[-1], r.rule) for r in report.violations}


def test_rules_of_the_whole_graph_see_across_batches(shapes: Shapes) -> None:
    batches = [
        Batch(turtle(person("P1", username="Ana") + person("P2", username="Bo"))),
        Batch(turtle(person("P3", username="Ana"))),
        Batch(turtle(capacity("C1", "C2")), turtle(":C2 a capx:Capacity .")),
        Batch(turtle(capacity("C2", "C1")), turtle(":C1 a capx:Capacity .")),
    ]
    assert found(validate_all(shapes, batches)) == {
        ("P1", "person-username-unique"),
        ("P3", "person-username-unique"),
        ("C1", "capacity-depth"),
        ("C2", "capacity-depth"),
        ("C1", "capacity-circle"),
        ("C2", "capacity-circle"),
    }


def test_a_graph_in_batches_gives_the_report_of_the_graph_in_one(shapes: Shapes) -> None:
    text = "".join(
        person(f"P{n}", username=f"User{n % 9}", more="; capx:offers :C, :gone ; capx:languageSkill :s" + str(n))
        + f":s{n} capx:language :L ; capx:level capx:Level{n} .\n"
        for n in range(10)
    )
    triples = turtle(text + ":C a capx:Capacity . :L a capx:Language .")
    batches = list(batches_of(triples, classes=shapes.classes, size=3))
    assert len(batches) == 4
    assert sum(len(batch.triples) for batch in batches) == len(triples)
    assert validate_all(shapes, batches) == shapes.validate(triples)


def test_batches_are_read_one_after_the_other(shapes: Shapes) -> None:
    read: list[int] = []

    def batches() -> Iterator[Batch]:
        for number in range(3):
            read.append(number)
            yield Batch(turtle(person(f"P{number}", username=f"U{number}")))

    reports = InProcess(shapes).reports(batches())
    next(reports)
    assert read == [0]
    assert all(report.conforms for report in reports)


def test_what_no_record_owns_is_checked_too(shapes: Shapes) -> None:
    triples = turtle(person("P1", username="Ana") + ':P2 capx:username "Bo" .')
    (result,) = (
        r
        for r in validate_all(shapes, batches_of(triples, classes=shapes.classes)).results
        if r.value is None and r.rule == "person-class"
    )
    assert result.record == triples[-1].subject


@pytest.mark.parametrize("format_", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD])
def test_a_file_of_any_rdf_format_is_checked(shapes: Shapes, tmp_path: Path, format_: RdfFormat) -> None:
    path = tmp_path / f"data.{format_.file_extension}"
    path.write_bytes(write_rdf(turtle(person("P1", username="a|b")), format_))
    assert found(validate_file(shapes, path)) == {("P1", "person-username-form")}


def test_a_file_that_is_no_rdf_is_refused_by_name(shapes: Shapes, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(":a :b .", encoding="utf-8")
    with pytest.raises(InvalidInput, match="broken"):
        validate_file(shapes, broken)
    with pytest.raises(InvalidInput, match="unknown kind of file"):
        validate_file(shapes, tmp_path / "table.xlsx")
    with pytest.raises(NotFound, match="no such file"):
        validate_file(shapes, tmp_path / "missing.nt")


def test_a_pool_of_processes_finds_the_same_in_the_same_order(shapes: Shapes) -> None:
    """The last batch breaks a rule on a statement node, whose record only a triple that no shape reads can tell."""
    context = turtle(":C a capx:Capacity . :L a capx:Language .")
    batches = [
        Batch(turtle(person(f"P{n}", username=f"U|{n}", more="; capx:wants :C, :gone ")), context) for n in range(4)
    ]
    skill = person("P9", username="U9", more="; capx:languageSkill :s ") + ":s capx:language :L ; capx:level :C ."
    batches.append(Batch(turtle(skill), context))
    with ShapesPool(shapes, workers=2) as pool:
        reports = list(pool.reports(batches))
    assert reports == list(InProcess(shapes).reports(batches))
    assert found(reports[-1]) == {("P9", "language-skill-level")}


OWNER_OF_A_POOL = """
import sys
from capx_graph.shapes import Batch, Shapes, ShapesPool
if __name__ == "__main__":
    pool = ShapesPool(Shapes.load(), workers=1)
    pool.submit(Batch([])).result()
    print(*pool._pool._processes, flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_workers_end_when_their_owner_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(OWNER_OF_A_POOL, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    ) as owner:
        assert owner.stdout is not None
        workers = [os.pidfd_open(int(pid)) for pid in owner.stdout.readline().split()]
        owner.send_signal(signal.SIGKILL)
        for worker in workers:
            assert select.select([worker], [], [], 10)[0], "the worker outlived its owner"
            os.close(worker)
    assert workers


def test_the_rules_of_the_whole_graph_read_the_few_predicates_that_they_name() -> None:
    """All that they read is held at once, of every record: what people offer must not be among it."""
    shapes = Shapes.load()
    assert f"{CAPX}username" in shapes.wide_predicates
    assert f"{CAPX}offers" in shapes.predicates - shapes.wide_predicates
    assert len(shapes.wide) < len(shapes.local) / 10
