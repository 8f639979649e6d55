"""``capx export``: the graph as RDF, or the public facts in forms that ``capx import`` takes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from capx_graph.cli.context import Context, tell
from capx_graph.datadir import whole
from capx_graph.exporters.tabular import LONGEST, TabReport
from capx_graph.jobs.operations import export_graph, export_records, export_tables

_RDF = ("nt", "ttl")
_DIRECTORIES = ("jsonl", "tab")
_FORMS = (*_RDF, *_DIRECTORIES)


@click.command()
@click.argument("arguments", metavar="[FORMAT] [PATH]", nargs=-1)
@click.option("--format", "form", type=click.Choice(_FORMS), help="The form, where FORMAT does not name it.")
@click.pass_obj
def export(context: Context, arguments: tuple[str, ...], *, form: str | None) -> None:
    """Write all public facts: nt or ttl (both layers of the graph) to a file or standard output.

    jsonl writes a directory that 'capx import' takes, tab a directory with users.tab and capacities.tab, the tables of
    the Capacity Exchange on Commons: people who published what they know or offer. PATH may be left out for nt and ttl.
    """
    settings = context.settings()
    form, path = _asked(arguments, form)
    if form in _RDF:
        with output(path) as out:
            export_graph(settings, form, out)
    elif path is None:
        raise click.UsageError(f"{form} needs a PATH: a directory for its files")
    elif form == "jsonl":
        counts = export_records(settings, path)
        tell(f"wrote {sum(counts.values())} records to {path}")
    else:
        _tell_of_tables(export_tables(settings, path), path)


def _asked(arguments: tuple[str, ...], form: str | None) -> tuple[str, Path | None]:
    if form is None:
        if not arguments or arguments[0] not in _FORMS:
            given = repr(arguments[0]) if arguments else "no FORMAT"
            raise click.UsageError(f"{given} is not one of {', '.join(_FORMS)}")
        form, arguments = arguments[0], arguments[1:]
    if len(arguments) > 1:
        raise click.UsageError("there is one PATH")
    return form, Path(arguments[0]) if arguments else None


def _tell_of_tables(report: TabReport, path: Path) -> None:
    tell(f"wrote {report.people} people and {report.capacities} capacities to {', '.join(report.files)} in {path}")
    if report.made_up:
        tell(f"{report.made_up} of the people were made up; nobody should publish them as real")
    if report.without_number:
        tell(f"{report.without_number} capacities have no number in the Capacity Exchange and were left out")
    if report.shortened:
        tell(f"{report.shortened} lists of capacities were cut to the {LONGEST} characters that a table takes")


@contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """A file that appears whole or not at all, or standard output."""
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with whole.writing(path) as out:
        yield out


COMMANDS = (export,)
