"""``capx check``, ``validate``, ``rebuild`` and ``query``: looking at the graph, and making it anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from capx_graph import queries
from capx_graph.check import Check
from capx_graph.cli.context import FAILED, Context, tell, text_of
from capx_graph.cli.importing import progress_bar
from capx_graph.connected import RemoteCheck, heal, open_sync
from capx_graph.errors import InvalidInput, InvalidParameter
from capx_graph.exporters.results import FORMATS, render
from capx_graph.jobs.operations import publish_health, validate_repository
from capx_graph.namespaces import VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.opening import Graph, open_graph, open_repository
from capx_graph.queries import BoundQuery, Value
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.shapes import Shapes, validate_file
from capx_graph.shapes.report import plain
from capx_graph.terms import Term

_UNHURRIED = 19


@click.command()
@click.option("--remote", is_flag=True, help="Read every entity of the connected Wikibase again and compare it too.")
@click.option(
    "--heal",
    "healing",
    is_flag=True,
    help="With --remote: read again what differs, make the graph anew, compare again.",
)
@click.pass_obj
def check(context: Context, *, remote: bool, healing: bool) -> int:
    """Compare repository, graph and text index; prints the differences, exit code 1 when there are any."""
    settings = context.settings()
    with open_repository(settings, make=False) as repository, open_graph(repository, settings) as graph:
        with progress_bar("graph")(None) as progress:
            graph.ingest.catch_up(progress=progress)
        with progress_bar("check")(None) as progress:
            if remote:
                found = _remotely(settings, repository, graph, healing=healing, progress=progress)
            else:
                found = _shown(Check(graph.ingest, progress=progress))
        stands = f"{graph.store.state.triples} triples, {len(graph.texts)} texts at change {graph.store.version}"
    click.echo(f"{found} differences ({stands})")
    return FAILED if found else 0


def _shown(comparison: Check | RemoteCheck) -> int:
    """Prints the differences; answers how many."""
    found = 0
    for difference in comparison.differences():
        found += 1
        click.echo(str(difference))
    return found


def _remotely(
    settings: Settings, repository: Repository, graph: Graph, *, healing: bool, progress: Callable[[int], None]
) -> int:
    with open_sync(repository, settings, progress=progress) as sync:
        comparison = RemoteCheck(graph.ingest, sync, progress=progress)
        found = _shown(comparison)
        if found and healing:
            tell(f"{found} differences; reading again what differs")
            heal(sync, graph.ingest, settings, comparison.suspects)
            found = _shown(RemoteCheck(graph.ingest, sync, progress=progress))
    return found


@click.command()
@click.pass_obj
def rebuild(context: Context) -> None:
    """Make the graph and the text index anew from the repository."""
    settings = context.settings()
    with (
        open_repository(settings, make=False) as repository,
        open_graph(repository, settings) as graph,
        progress_bar("graph")(None) as progress,
    ):
        report = graph.ingest.rebuild(progress=progress)
    tell(f"made anew from {report.rebuilt} entities")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--turtle", is_flag=True, help="The SHACL report as Turtle instead of text.")
@click.option("--language", default="en", show_default=True, help="The language of the messages.")
@click.option("--publish", is_flag=True, help="Keep how often each rule is broken for the analytics page instead.")
@click.pass_obj
def validate(
    context: Context,
    file: Path | None,
    turtle: bool,  # noqa: FBT001 click's way
    language: str,
    publish: bool,  # noqa: FBT001 click hands options over so
) -> int:
    """Check everything, or an RDF file, against the shapes; exit code 1 when there are violations."""
    name: Callable[[Term], str] = plain
    if publish:
        if file:
            raise click.UsageError("--publish checks everything and takes no FILE")
        # A service beside this process answers people, who come first.
        os.nice(_UNHURRIED)
        kept = publish_health(context.settings())
        tell(f"{len(kept.lines)} rules are broken at change {kept.version}")
        return 0
    if file:
        report = validate_file(Shapes.load(), file)
    else:
        report, name = validate_repository(context.settings())
    if turtle:
        click.echo(report.turtle(), nl=False)
    else:
        click.echo(report.text((language,), name=name), nl=False)
    return 0 if report.conforms else FAILED


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--param", "-p", "given", multiple=True, metavar="NAME=VALUE", help="A parameter; repeat for several.")
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.pass_obj
def query(context: Context, file: Path, given: tuple[str, ...], form: str) -> None:
    """Run a SPARQL query from a file (- for standard input) and print its rows."""
    text = sys.stdin.read() if str(file) == "-" else text_of(file)
    settings = context.settings()
    with open_repository(settings, make=False) as repository, open_graph(repository, settings) as graph:
        graph.ingest.catch_up()
        bound = _bound(file.stem, text, given, repository.namespaces)
        prefixes = {**repository.namespaces.prefixes(), **VOCABULARY_PREFIXES}
        click.echo(render(graph.store.select(bound), form, shorten=prefixes), nl=False)


def _bound(name: str, text: str, given: tuple[str, ...], namespaces: WikibaseNamespaces) -> BoundQuery:
    """The query with its parameters; one without our header runs as it is and has none."""
    if not text.startswith("# title:"):
        if given:
            raise InvalidInput(f"{name} declares no parameters: its first line is no '# title: ...'")
        return BoundQuery(name, text)
    found = queries.parse(name, text)
    declared = {parameter.name: parameter for parameter in found.parameters}
    values: dict[str, list[str]] = {}
    for pair in given:
        key, sign, value = pair.partition("=")
        if not sign:
            raise InvalidParameter("--param", pair, "must be NAME=VALUE")
        values.setdefault(key, []).append(value)
    bound: dict[str, Value] = {}
    for key, texts in values.items():
        if key not in declared:
            raise InvalidParameter(key, texts[0], f"{name} has only {', '.join(declared) or 'no parameters'}")
        parameter = declared[key]
        if parameter.type in ("limit", "offset"):
            bound[key] = _whole(key, texts[-1])
        else:
            terms = [parameter.read(text, namespaces=namespaces) for text in texts]
            bound[key] = terms if parameter.many or len(terms) > 1 else terms[0]
    return found.bind_some(bound)


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise InvalidParameter(name, text, "must be a whole number")
    return int(text)


COMMANDS = (check, rebuild, validate, query)
