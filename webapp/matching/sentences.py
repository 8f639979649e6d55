"""Why a match is one, in sentences of the reader's language, with or without links; spoken to the asker as "you".

Each sentence is one message with places for names, so that a translator decides the order of words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup

from capx_graph.matching import CapacityToConsider, CommonLanguage, EventMatch, Match, Served
from capx_graph.messages import Parameter, Translator
from capx_graph.model import EntityKind, Ref

Names = Callable[[Ref], str]
"""How a thing is written in a sentence: its label, or a link (as Markup)."""

Sentence = tuple[str, tuple[Parameter, ...]]
"""The key of a message and its parameters."""

Reasoned = Match | EventMatch | CapacityToConsider


def plain(match: Reasoned, tr: Translator) -> list[str]:
    """The sentences as text, for JSON and the command line."""
    return [tr.text(key, *parameters) for key, parameters in _sentences(match, _label, tr)]


def marked_up(match: Reasoned, tr: Translator, name: Callable[[Ref], Markup]) -> list[Markup]:
    """The sentences as HTML; ``name`` writes a thing, such as a link."""
    return [tr.html(key, *parameters) for key, parameters in _sentences(match, name, tr)]


def _label(ref: Ref) -> str:
    return ref.label


def _sentences(match: Reasoned, name: Names, tr: Translator) -> Iterator[Sentence]:
    if isinstance(match, EventMatch):
        yield from _served("match-event-wants", match.wanted, name)
        yield from _served("match-event-knows", match.known, name)
    elif isinstance(match, CapacityToConsider):
        yield from _considered(match, name)
    else:
        yield from _served("match-learn", match.learn, name)
        yield from _served("match-share", match.share, name)
        yield from _common(match, name, tr)


def _served(key: str, served: Served, name: Names) -> Iterator[Sentence]:
    for capacity in served.exact:
        yield key, (name(capacity),)
    for via in served.via:
        yield f"{key}-part", (name(via.wanted), name(via.offered))


def _common(match: Match, name: Names, tr: Translator) -> Iterator[Sentence]:
    for language in match.languages:
        yield _language(language, name, tr)
    for territory in match.territories:
        yield "match-territory", (name(territory),)
    if match.near:
        yield "match-near", (name(match.near),)
    for project in match.projects:
        yield "match-project", (name(project),)
    for organization in match.affiliations:
        own = match.ref.kind is EntityKind.ORGANIZATION
        yield ("match-own-organization", ()) if own else ("match-affiliation", (name(organization),))


def _language(common: CommonLanguage, name: Names, tr: Translator) -> Sentence:
    if not (common.mine and common.theirs):
        return "match-language", (name(common.language),)
    levels = (tr.text(f"level-{level}") for level in (common.mine, common.theirs))
    return "match-language-levels", (name(common.language), *levels)


def _considered(match: CapacityToConsider, name: Names) -> Iterator[Sentence]:
    yield "match-peers", (match.peers,)
    if match.part_of:
        yield "match-part-of", (name(match.part_of),)
    if match.beside:
        yield "match-beside", (name(match.beside),)
    yield "match-offerers", (match.offerers,)
