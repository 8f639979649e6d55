"""``capx serve``; only the entry imports it."""

from __future__ import annotations

import logging

import click

from capx_graph.cli.context import Context
from capx_graph.datadir.serving import check_free
from capx_graph.serve import serve as serve_forever
from capx_graph.services import open_services
from capx_graph.settling import share_heaps


@click.command()
@click.option("--host", metavar="ADDRESS", help="The address to listen on (else CAPX_HOST).")
@click.option("--port", metavar="NUMBER", help="The port to listen on, 0 for any free one (else CAPX_PORT).")
@click.pass_obj
def serve(context: Context, host: str | None, port: str | None) -> None:
    """Serve the pages, the search and the wiki's API until interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = context.settings(host=host, port=port)
    check_free(settings.host, settings.port)
    share_heaps()
    with open_services(settings) as services:
        serve_forever(services, announce=lambda address: click.echo(f"capx-graph is ready at {address}"))


COMMANDS = (serve,)
