"""``capx rings``, ``capx team`` and ``capx needs``: questions about groups, without a running service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from capx_graph.cli.context import Context, tell_json, text_of
from capx_graph.directory import DirectoryCache, Naming
from capx_graph.errors import NotFound
from capx_graph.groups import Group, Groups, Needs, Rings, RingsRequest, Team, TeamRequest
from capx_graph.index import Index
from capx_graph.opening import open_graph, open_repository
from webapp.matching.groupanswers import needs_answer, rings_answer, team_answer

_FORM = click.option("--json", "as_json", is_flag=True, help="The answer as JSON, as the service gives it.")
_PEOPLE = click.option("--people", type=click.Path(path_type=Path, exists=True), help="A file with a username a line.")
_ORGANIZATION = click.option("--organization", multiple=True, metavar="CODE", help="The people of an organization.")
_TERRITORY = click.option("--territory", multiple=True, metavar="CODE", help="The people based in a territory.")


@click.command()
@_PEOPLE
@_ORGANIZATION
@_TERRITORY
@click.option("--shortest", type=click.IntRange(2, 5), default=3, show_default=True)
@click.option("--longest", type=click.IntRange(2, 5), default=5, show_default=True)
@click.option("--any-language", is_flag=True, help="Teacher and learner need no language in common.")
@_FORM
@click.pass_obj
def rings(
    context: Context,
    people: Path | None,
    organization: tuple[str, ...],
    territory: tuple[str, ...],
    shortest: int,
    longest: int,
    *,
    any_language: bool,
    as_json: bool,
) -> None:
    """Find rings of people who teach each other: as many of a group served as possible."""
    group = Group(_names(people), organization, territory)
    with _groups(context) as groups:
        asked = RingsRequest(group, shortest=shortest, longest=longest, common_language=not any_language)
        found = groups.rings(asked)
    if as_json:
        tell_json(rings_answer(found))
    else:
        _tell_rings(found)


@click.command()
@click.argument("capacities", nargs=-1, required=True, metavar="CAPACITY...")
@click.option("--language", metavar="CODE", help="Somebody of the team speaks it.")
@_PEOPLE
@_ORGANIZATION
@_TERRITORY
@_FORM
@click.pass_obj
def team(
    context: Context,
    capacities: tuple[str, ...],
    language: str | None,
    people: Path | None,
    organization: tuple[str, ...],
    territory: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Find the smallest team that offers all of the capacities."""
    group = Group(_names(people), organization, territory)
    with _groups(context) as groups:
        found = groups.team(TeamRequest(capacities, language, group))
    if as_json:
        tell_json(team_answer(found))
    else:
        _tell_team(found)


@click.command()
@click.argument("code")
@_FORM
@click.pass_obj
def needs(context: Context, code: str, *, as_json: bool) -> None:
    """Show what an organization or an event needs, and who could fill it where."""
    with _groups(context) as groups:
        try:
            found = groups.organization_needs(code)
        except NotFound:
            found = groups.event_needs(code)
    if as_json:
        tell_json(needs_answer(found))
    else:
        _tell_needs(found)


@contextmanager
def _groups(context: Context) -> Iterator[Groups]:
    """Groups answered by the queries: for one question that is quicker than loading the index."""
    settings = context.settings()
    with open_repository(settings, make=False) as repository, open_graph(repository, settings) as graph:
        graph.ingest.catch_up()
        namespaces = repository.namespaces
        directory = DirectoryCache(graph.store, namespaces)
        naming = Naming(graph.store, namespaces, directory)
        index = Index(graph.store, namespaces, directory)
        yield Groups(graph.store, namespaces, index=index, directory=directory, naming=naming)


def _names(file: Path | None) -> tuple[str, ...]:
    lines = text_of(file).splitlines() if file else []
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _tell_group(people: int | None, unknown: Sequence[str]) -> None:
    """Who of a group is not there, and whether that leaves nobody."""
    if unknown:
        click.echo(f"nobody here is called: {', '.join(unknown)}")
    if people == 0:
        click.echo("there is nobody in this group")


def _tell_rings(found: Rings) -> None:
    _tell_group(found.people, found.unknown)
    if not found.people:
        return
    proof = "nobody can serve more" if found.exact else f"at most {found.bound} could be"
    click.echo(f"{found.served} of {found.people} people served, {proof}")
    for ring in found.rings:
        click.echo(" -> ".join(f"{step.teacher.code} ({step.capacity.label})" for step in ring))


def _tell_team(found: Team) -> None:
    nobody = "nobody" if found.people is None else "nobody of this group"
    _tell_group(found.people, found.unknown)
    if found.people == 0:
        return
    proof = "none is smaller" if found.exact else f"none is smaller than {found.bound}"
    click.echo(f"a team of {found.size}, {proof}" if found.size else "no team")
    for seat in found.seats:
        covers = [ref.label for ref in seat.covers] + ([found.language.label] if seat.speaks and found.language else [])
        click.echo(f"{seat.person.code}: {', '.join(covers)}")
    for ref in found.uncovered:
        click.echo(f"{nobody} offers {ref.label}")
    if found.language and not found.spoken:
        click.echo(f"{nobody} speaks {found.language.label}")


def _tell_needs(found: Needs) -> None:
    for need in found.needs:
        counts = f"{need.inside.total} inside, {need.near.total} near, {need.elsewhere.total} elsewhere"
        click.echo(f"{need.capacity.label}: {counts}")
    for partner in found.partners:
        gives, gets = (", ".join(ref.label for ref in refs) for refs in (partner.gives, partner.gets))
        click.echo(f"{partner.organization.label} gives {gives or 'nothing'}, gets {gets or 'nothing'}")


COMMANDS = (rings, team, needs)
