"""``capx status``: the state of the service in a few lines, its verdict as exit code; only the entry imports it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from capx_graph.cli.context import Context, tell_json
from capx_graph.jobs.stating import state_of


@click.command()
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON, as /status.json answers.")
@click.option("--quiet", is_flag=True, help="Print nothing where everything is in step; for cron.")
@click.pass_obj
def status(context: Context, *, as_json: bool, quiet: bool) -> int:
    """Tell whether the data is in step: exit code 0 it is, 1 something lags or a job failed, 2 something is broken."""
    state, told = state_of(context.settings())
    if as_json:
        tell_json(told)
    elif state or not quiet:
        for line in _lines(told):
            click.echo(line)
    return int(state)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield " ".join([told["state"], *told["reasons"]])
    if told.get("detail"):
        yield f"  {told['detail']}"
    if "sources" not in told:
        return
    if told["started"] is None:
        yield "  no service runs here"
    for source in told["sources"]:
        lag = "never" if source["lag"] is None else f"{source['lag']:.0f} s behind"
        trouble = f", {source['trouble']} since {source['since']}" if source["trouble"] else ""
        yield f"  {source['name']}: {lag}, {source['waiting']} changes wait at {source['cursor']}{trouble}"
    for run in told["jobs"]:
        outcome = "ok" if run["ok"] else f"failed, succeeded {run['succeeded'] or 'never'}"
        yield f"  {run['job']}: {run['started']} {outcome}"
    yield f"  capx-graph {told['software']}, model {told['model']}, {told['engine']}"


COMMANDS = (status,)
