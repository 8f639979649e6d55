"""``capx dump``: everything public in Wikibase's forms of dump, or published with checksums for download."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import BinaryIO, cast

import click

from capx_graph.cli.context import Context, tell
from capx_graph.cli.exporting import output
from capx_graph.jobs.operations import dump_entities, publish_dumps

_UNHURRIED = 10


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["json", "nt", "ttl"]), default="json", help="The form.")
@click.option("--gzip", "packed", is_flag=True, help="Compress it.")
@click.option("--publish", is_flag=True, help="Make the files that are offered under /dumps/ instead.")
@click.pass_obj
def dump(context: Context, path: Path | None, form: str, packed: bool, publish: bool) -> None:  # noqa: FBT001 click
    """Write all entities as a Wikibase dump to PATH or standard output; works while a service runs."""
    settings = context.settings()
    if publish:
        if path is not None:
            raise click.UsageError("--publish chooses its own place and takes no PATH")
        # A service beside this process answers people, who come first.
        os.nice(_UNHURRIED)
        made = publish_dumps(settings)
        tell(f"published {len(made.files)} files, {sum(file.size for file in made.files)} bytes, as {made.name}")
        return
    with output(path) as out:
        if packed:
            with gzip.GzipFile("", "wb", 6, out) as archive:
                count = dump_entities(settings, form, cast(BinaryIO, archive))
        else:
            count = dump_entities(settings, form, out)
    tell(f"wrote {count} entities")


COMMANDS = (dump,)
