"""``capx export``: the graph as RDF, or the public facts in the format that ``capx import`` takes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from capx_graph.cli.context import Context, tell
from capx_graph.operations import export_graph, export_records

_RDF = ("nt", "ttl")


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice([*_RDF, "jsonl"]))
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def export(context: Context, form: str, path: Path | None) -> None:
    """Write all public facts: nt or ttl (both layers of the graph) to a file or standard output, jsonl to a directory.

    FORMAT is nt, ttl or jsonl; PATH may be left out for nt and ttl.
    """
    settings = context.settings()
    if form != "jsonl":
        with output(path) as out:
            export_graph(settings, form, out)
    elif path is None:
        raise click.UsageError("jsonl needs a PATH: a directory for its files")
    else:
        counts = export_records(settings, path)
        tell(f"wrote {sum(counts.values())} records to {path}")


@contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """A file that appears whole or not at all, or standard output."""
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as out:
            yield out
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


COMMANDS = (export,)
