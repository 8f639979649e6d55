"""Jobs over the whole repository, as an operator asks for them: exports, dumps, validation, another base.

Each opens what it needs and closes it again; none needs the graph, so all but ``rebase`` work beside a service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from capx_graph.analytics import Health, HealthReport
from capx_graph.connected import instance_of
from capx_graph.datadir.generations import Generations
from capx_graph.datadir.runs import Runs
from capx_graph.dumps import Dumps, Publication, dump_directory
from capx_graph.exporters.bench import BenchExporter
from capx_graph.exporters.rdf import graph_triples, write_ntriples, write_turtle
from capx_graph.exporters.statements import Facts
from capx_graph.exporters.tabular import TabExporter, TabReport
from capx_graph.items.checking import repository_batches
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, Keys
from capx_graph.membership import DumpedPeople
from capx_graph.model import EntityJson, EntityKind
from capx_graph.opening import Importing, open_accounts, open_repository
from capx_graph.repository.dumps.dump import DumpFormat, write_dump
from capx_graph.repository.dumps.importing import DumpImport, DumpReport, Rejection
from capx_graph.repository.rebase import rebase
from capx_graph.settings import Settings
from capx_graph.shapes import Shapes, ShapesPool, ValidationReport, validate_all
from capx_graph.shapes.report import plain
from capx_graph.terms import Term

_CHECKED_AT_ONCE = 250
"""Records that a check of everything holds at once: it runs beside a service, whose memory it shares."""


def import_dump(
    importing: Importing, path: Path, *, reject: Callable[[Rejection], None], progress: Callable[[int], None]
) -> tuple[DumpReport, int]:
    """A Wikibase JSON dump into the repository; ``progress`` hears of the position in the file.

    People whom nobody made up are theirs to publish here: they become drafts, of which the second answer is the number.
    """
    reader = KeyReader(importing.vocabulary)
    people = DumpedPeople(
        importing.vocabulary, path.name, is_here=lambda item: importing.repository.page(item) is not None
    )

    def erased(entity: EntityJson) -> bool:
        claims = entity.get("claims")
        if not isinstance(claims, Mapping):
            return False
        try:
            names = list(reader.keys(entity, EntityKind.PERSON))
        except (KeyError, TypeError, AttributeError):
            return False  # of no form that could be taken in; refused where it is read
        return any(isinstance(name, str) and importing.erased.stands_for(name) for name in names)

    def left_out(entity: EntityJson) -> bool:
        return erased(entity) or people.takes(entity)

    report = DumpImport(importing.repository, reject=reject, progress=progress, left_out=left_out).run(path)
    with open_accounts(importing.settings) as accounts:
        accounts.drafts.keep(people.drafts.values())
    return report, len(people.drafts)


def rebase_repository(settings: Settings, base: str) -> str:
    """Gives the data directory another concept base; answers the former one."""
    held = Generations(settings.cache / "graph")
    try:
        return rebase(settings.data, base)
    finally:
        held.close()


def validate_repository(settings: Settings, *, workers: int = 2) -> tuple[ValidationReport, Callable[[Term], str]]:
    """The report on everything in the repository, and how to name its terms; works while a service runs."""
    shapes = Shapes.load()
    keys = Keys()
    with open_repository(settings, make=False) as repository, ShapesPool(shapes, workers=workers) as pool:
        batches = repository_batches(
            repository, instance_of(settings), keys=keys, clock=settings.now, size=_CHECKED_AT_ONCE
        )
        report = validate_all(shapes, batches, validator=pool)
        namespaces = repository.namespaces
    names = keys.names()

    def named(term: Term) -> str:
        """``Q12 (username)``; anything but an item of ours as it is."""
        item = namespaces.entity_id(term.value)
        return f"{item} ({names[item]})" if item in names else plain(term)

    return report, named


def export_records(settings: Settings, directory: Path) -> Mapping[EntityKind, int]:
    """The public facts as JSON Lines; answers how many records of each kind."""
    ids = instance_of(settings)
    with open_repository(settings, make=False) as repository:
        exporter = BenchExporter(repository, KeyReader(Vocabulary(ids)), lambda page: Facts(ids, page))
        return exporter.write(directory, now=settings.now())


def export_tables(settings: Settings, directory: Path) -> TabReport:
    """What people published, as the tables of the Capacity Exchange on Commons."""
    ids = instance_of(settings)
    with open_repository(settings, make=False) as repository:
        exporter = TabExporter(repository, KeyReader(Vocabulary(ids)), lambda page: Facts(ids, page))
        return exporter.write(directory, source=f"{repository.base}/")


def publish_health(settings: Settings) -> HealthReport:
    """How often each rule of the shapes is broken, kept for the analytics; works while a service runs."""
    with Runs(settings.data).recorded("checkup", settings.now):
        with open_repository(settings, make=False) as repository:
            version = repository.head()
        report, _ = validate_repository(settings, workers=1)
        health = HealthReport.of(report.results, date=settings.now().isoformat(timespec="seconds"), version=version)
        Health(settings.cache).publish(health)
        return health


def export_graph(settings: Settings, form: str, out: BinaryIO) -> None:
    """Both layers of the graph as ``nt`` or ``ttl``, made from the repository: works while a service runs."""
    with open_repository(settings, make=False) as repository:
        graph = graph_triples(repository, instance_of(settings))
        if form == "nt":
            write_ntriples(graph, out)
        else:
            write_turtle(graph, out, prefixes=repository.namespaces.prefixes())


def dump_entities(settings: Settings, form: str, out: BinaryIO) -> int:
    """All entities in one of Wikibase's forms of dump; answers their number."""
    with open_repository(settings, make=False) as repository:
        return write_dump(repository, out, DumpFormat(form), at=settings.now())


def publish_dumps(settings: Settings) -> Publication:
    """Makes the files that are offered for download; works while a service runs."""
    with Runs(settings.data).recorded("dumps", settings.now), open_repository(settings, make=False) as repository:
        now = settings.now()

        def turtle(out: BinaryIO) -> None:
            write_turtle(
                graph_triples(repository, instance_of(settings)), out, prefixes=repository.namespaces.prefixes()
            )

        return Dumps(dump_directory(settings)).publish(
            {
                "graph.nt.gz": lambda out: write_ntriples(graph_triples(repository, instance_of(settings)), out),
                "graph.ttl.gz": turtle,
                "entities.json.gz": lambda out: write_dump(repository, out, DumpFormat.JSON, at=now),
            },
            at=now,
        )
