"""``capx match``: the matches of a person on the terminal, with the reasons that the page gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from capx_graph import languages
from capx_graph.cli.context import Context, tell_json
from capx_graph.connected import instance_of
from capx_graph.directory import DirectoryCache, Naming
from capx_graph.errors import InvalidParameter
from capx_graph.index import Index
from capx_graph.matching import CAPACITIES, EVENTS, LIMIT, LISTS, EventMatch, Match, Matches, Matching
from capx_graph.messages import Translator, load_messages
from capx_graph.opening import open_accounts, open_graph, open_repository
from capx_graph.resources import messages_dir
from capx_graph.settings import Settings
from webapp.matching.answers import matches_answer
from webapp.matching.sentences import Reasoned, plain


@click.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(0), default=LIMIT, show_default=True, help="Entries of each list.")
@click.option("--hierarchy/--no-hierarchy", default=True, help="Let parts of a capacity count, or exact ones only.")
@click.option("--saved", is_flag=True, help="Those too whom the person has saved.")
@click.option("--format", "-f", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--language", default="en", show_default=True, help="The language of names and reasons.")
@click.pass_obj
def match(context: Context, name: str, *, limit: int, hierarchy: bool, saved: bool, form: str, language: str) -> None:
    """Whom a person can learn from, teach and swap with, and why; those whom they have saved left out."""
    if not languages.is_known(language):
        raise InvalidParameter("--language", language, "is not the code of a language, such as en, pt-br or ja")
    tr = load_messages(messages_dir()).translator(language)
    settings = context.settings()
    with _matching(settings) as matching, open_accounts(settings) as accounts:
        asker = matching.asker(name)
        left_out = frozenset() if saved else accounts.saved.items(asker.item)
        asker = replace(asker, hierarchy=hierarchy, left_out=left_out)
        matches = matching.matches(asker, reader=languages.reader_chain([language]), limit=limit)
    if form == "json":
        tell_json(matches_answer(matches, tr, address=lambda _: None))
    else:
        for line in _lines(matches, tr):
            click.echo(_printable(line))


@contextmanager
def _matching(settings: Settings) -> Iterator[Matching]:
    """Matches answered by the index: to load it among 10,000 people takes 2 s, the queries for one person 10 s."""
    with open_repository(settings, make=False) as repository, open_graph(repository, settings) as graph:
        graph.ingest.catch_up()
        namespaces = repository.namespaces
        directory = DirectoryCache(graph.store, namespaces)
        index = Index(graph.store, namespaces, directory)
        index.load()
        yield Matching(
            graph.store,
            namespaces,
            index=index,
            directory=directory,
            naming=Naming(graph.store, namespaces, directory),
            instance=instance_of(settings),
            clock=settings.now,
        )


def _lines(matches: Matches, tr: Translator) -> Iterator[str]:
    hits: dict[str, tuple[Reasoned, ...]] = {**matches.lists}
    hits |= {EVENTS: matches.events, CAPACITIES: matches.capacities}
    for name in LISTS:
        yield f"{tr.text(f'matches-{name}')}: {tr.number(matches.totals[name])}"
        for hit in hits[name]:
            yield f"  {_named(hit)}"
            yield from (f"    {reason}" for reason in plain(hit, tr))


def _printable(line: str) -> str:
    """Names are what members wrote: nothing in them may steer a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def _named(hit: Reasoned) -> str:
    if isinstance(hit, Match):
        return f"{hit.name}  ({hit.points})"
    return f"{hit.ref.label}  ({hit.begin})" if isinstance(hit, EventMatch) else hit.ref.label


COMMANDS = (match,)
