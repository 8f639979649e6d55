"""``capx import``, ``directory``, ``demo``: into the repository first, then into the graph, unless a service has it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click
from tqdm import tqdm

from capx_graph.cli.context import FAILED, Context, progress_wanted, tell
from capx_graph.cli.drafting import import_files, import_real_people
from capx_graph.datadir.serving import check_free
from capx_graph.errors import InvalidInput, NotFound, StoreLocked
from capx_graph.importers.demonstration import DemoState, add_demonstration, recall, remove_demonstration
from capx_graph.importers.directory import import_directory
from capx_graph.importers.importer import ImportOutcome
from capx_graph.importers.sources import BenchDirectory
from capx_graph.items.keys import KeyReader
from capx_graph.jobs.operations import import_dump
from capx_graph.opening import Importing, has_repository, open_accounts, open_graph, open_importing
from capx_graph.repository.dumps.importing import Rejection
from capx_graph.settings import Settings

_REJECTS = "import-rejects.jsonl"

Progress = Callable[[int], None]


@click.command("import")
@click.argument("paths", metavar="PATH...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--rejects", type=click.Path(path_type=Path), help=f"Where refused records go (else DATA/{_REJECTS}).")
@click.option("--wikibase", is_flag=True, help="PATH is a Wikibase JSON dump: plain, gzip or bzip2.")
@click.option("--workers", type=click.IntRange(0, 16), default=2, show_default=True, help="Processes that validate.")
@click.pass_obj
def import_(context: Context, paths: tuple[Path, ...], *, rejects: Path | None, wikibase: bool, workers: int) -> int:
    """Import a directory of JSON Lines in the bench format, a Wikibase dump, or files of other services.

    Files of other services are told by what is in them: registrations of Let's Connect (CSV), the Capacity Exchange's
    /users/, /organizations/, /skill/ and lists (JSON), the Commons tables users.tab, capacities.tab, badges.tab. Give
    those that belong together in one command. What they say of people is kept privately, as drafts for their owners.
    Doing it again changes nothing.
    """
    settings = context.settings()
    refused = rejects or settings.data / _REJECTS
    path = paths[0]
    if wikibase and len(paths) == 1:
        return _import_dump(settings, path, refused)
    if not wikibase and all(one.is_file() for one in paths):
        return import_files(settings, paths, refused, bring=_bring_into_graph)
    if len(paths) > 1:
        raise InvalidInput("several paths are files of other services; a directory or a dump is imported by itself")
    return _import_records(settings, BenchDirectory(path), refused, workers=workers)


def _import_records(settings: Settings, source: BenchDirectory, rejects: Path, *, workers: int) -> int:
    with open_importing(settings) as importing:
        outcome = importing.importer.run(source, rejects=rejects, bar=progress_bar("import"), workers=workers)
        with open_accounts(settings) as accounts:
            accounts.saved.replace(outcome.saved)
        _bring_into_graph(importing)
        tell(summary(outcome))
        code = import_real_people(importing, source, rejects.with_name(f"people-{rejects.name}"))
    if outcome.first_reject is None:
        return code
    problem = outcome.first_reject.problems[0]
    tell(
        f"capx: {outcome.rejected} records were refused and {outcome.dropped} values left out of others, "
        f"see {outcome.rejects_file}; the first: "
        f"{outcome.first_reject.where}: {problem.field}={problem.value!r}: {problem.rule}"
    )
    return FAILED


def _import_dump(settings: Settings, path: Path, rejects: Path) -> int:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise NotFound(f"cannot read {path}: {error.strerror}") from error
    if not path.is_file():
        raise InvalidInput(f"{path} is not a file; --wikibase takes a Wikibase JSON dump (.json, .gz, .bz2)")
    refused: list[Rejection] = []
    with open_importing(settings) as importing:
        with progress_bar("import", unit="B")(size) as advance:
            reached = 0

            def progress(position: int) -> None:
                nonlocal reached
                advance(position - reached)
                reached = position

            report, drafts = import_dump(importing, path, reject=refused.append, progress=progress)
        _bring_into_graph(importing)
    left_out = report.statements_left_out
    tell(
        f"{report.written} written, {report.unchanged} unchanged, {report.rejected} refused, "
        f"{left_out} statements left out" + (f"; {drafts} people kept as drafts of their profiles" if drafts else "")
    )
    rejects.unlink(missing_ok=True)
    if not refused:
        return 0
    rejects.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"line": one.line, "id": one.entity_id, "rule": one.reason}) + "\n" for one in refused)
    rejects.write_text("".join(lines), encoding="utf-8")
    first = refused[0]
    tell(f"capx: see {rejects}; the first: {path.name}:{first.line}: {first.entity_id}: {first.reason}")
    return FAILED


@click.command("directory")
@click.pass_obj
def directory(context: Context) -> None:
    """Add the starter directory: capacities, territories, languages, projects; what is there is completed."""
    with open_importing(context.settings()) as importing:
        keys = KeyReader(importing.vocabulary).scan(importing.repository.scan("item"))
        report = import_directory(importing.repository, importing.vocabulary, keys)
        _bring_into_graph(importing)
    outcomes = (("created", report.created), ("completed", report.completed), ("unchanged", report.unchanged))
    tell(", ".join(f"{counts.total()} {name}" for name, counts in outcomes))


@click.group()
def demo() -> None:
    """The starter directory with a made-up, clearly marked population."""


@demo.command()
@click.option("--first", is_flag=True, help="Only where there is no data yet; never a second time.")
@click.option("--people", type=click.IntRange(1, 5000), default=300, show_default=True, help="How many people.")
@click.option("--host", metavar="ADDRESS", help="With --port: where it will be served.")
@click.option("--port", metavar="NUMBER", help="Where it will be served; made only if that port is free.")
@click.pass_obj
def add(context: Context, people: int, host: str | None, port: str | None, *, first: bool) -> None:
    """Add the starter directory and the demonstration population."""
    settings = context.settings(host=host, port=port)
    if port is not None:
        check_free(settings.host, settings.port)
    state = recall(settings.data).state
    if first and not (state is DemoState.ADDING or (state is DemoState.NEVER and not has_repository(settings))):
        return
    tell(f"making the starter directory and {people} made-up people in {settings.data} (capx demo remove undoes it)")
    with open_importing(settings) as importing:
        add_demonstration(
            importing.repository,
            importing.importer,
            importing.vocabulary,
            data=settings.data,
            now=settings.now(),
            people=people,
            bar=progress_bar("demonstration"),
        )
        _bring_into_graph(importing)


@demo.command()
@click.pass_obj
def remove(context: Context) -> None:
    """Remove the demonstration population, and nothing else."""
    settings = context.settings()
    with open_importing(settings) as importing:
        removed = remove_demonstration(
            importing.repository, importing.vocabulary, data=settings.data, now=settings.now()
        )
        _bring_into_graph(importing)
    tell(f"removed {removed} demonstration items")


def _bring_into_graph(importing: Importing) -> None:
    """Into graph and text index; a service that is running does it itself."""
    try:
        with open_graph(importing.repository, importing.settings) as graph, progress_bar("graph")(None) as progress:
            graph.ingest.catch_up(progress=progress)
    except StoreLocked as error:
        tell(f"the graph follows by itself: {error}")


def progress_bar(name: str, *, unit: str = " records") -> Callable[[int | None], AbstractContextManager[Progress]]:
    """Opens a progress bar on a terminal, and nothing anywhere else."""

    @contextmanager
    def opened(total: int | None) -> Iterator[Progress]:
        with tqdm(
            total=total, desc=name, unit=unit, unit_scale=unit == "B", disable=not progress_wanted(), smoothing=0.05
        ) as bar:

            def advance(count: int) -> None:
                bar.update(count)

            yield advance

    return opened


def summary(outcome: ImportOutcome) -> str:
    """One line: what was made, changed and left."""
    report = outcome.report
    parts = [
        f"{counts.total()} {name}"
        for name, counts in (
            ("created", report.created),
            ("changed", report.changed),
            ("unchanged", report.unchanged),
        )
    ]
    dropped = [f"{outcome.dropped} values left out"] if outcome.dropped else []
    if report.withdrawn:
        parts.append(f"{report.withdrawn} withdrawn")
    return ", ".join([*parts, f"{outcome.rejected} refused", *dropped])


COMMANDS = (import_, directory, demo)
