"""Edit summaries: what an edit did, in the form that Wikibase's clients know, and what its author said.

Only rooms of the repository that write import it. ``/* wbsetclaim-create:2||1 */ [[Property:P1]]: text, said``:
the comment names module, action and counts, what follows it the values. Summaries of owned pages lose the latter when
they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable

from capx_graph.repository.ids import title_of
from capx_graph.repository.statements import Json, qualifier_hashes, reference_hashes
from capx_graph.repository.values import plainformat
from capx_graph.repository.values.plainformat import LabelOf
from capx_graph.repository.values.texts import clean_text

LONGEST = 500
"""Characters of a summary, as in MediaWiki; longer ones are cut and end with three dots."""

_LANGUAGES_NAMED = 50
CONTENT_LANGUAGE = "en"


def summary(action: str, *, counts: Iterable[object] = (), values: Iterable[str] = (), said: str = "") -> str:
    """``action`` is module and action (``wbsetlabel-set``), ``counts`` what the comment tells after it."""
    shown = [text for text in (", ".join(filter(None, values)), clean_text(said)) if text]
    text = f"/* {action}:{'|'.join(map(str, counts))} */ {', '.join(shown)}".rstrip()
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def term_summary(action: str, language: str, texts: list[str], *, said: str) -> str:
    """Of a change to the terms of one language."""
    return summary(action, counts=(len(texts), language), values=texts, said=said)


def snak_summary(
    action: str, snaks: list[Json], names: LabelOf, *, said: str, counts: Iterable[object] | None = None
) -> str:
    """Of a change that these snaks tell best; ``names`` are those of units in the language of the content."""
    told = (len(snaks), "") if counts is None else counts
    return summary(action, counts=told, values=(snak_text(snak, names) for snak in snaks), said=said)


def whole_summary(action: str, mainsnak: Json, names: LabelOf, *, said: str, more: Iterable[object] = ()) -> str:
    """Of a change of a whole statement or of its references, whose main snak Wikibase counts twice."""
    return snak_summary(action, [mainsnak], names, said=said, counts=(2, "", *more))


def snak_text(snak: Json, names: LabelOf) -> str:
    """``[[Property:P1]]: value``."""
    if snak["snaktype"] == "value":
        linked = snak["datavalue"]["type"] == "wikibase-entityid"
        value = plainformat.plain(snak["datavalue"], CONTENT_LANGUAGE, _link if linked else names)
    else:
        value = {"somevalue": "unknown value", "novalue": "no value"}[snak["snaktype"]]
    return f"[[{title_of(snak['property'])}]]: {value}"


def _link(entity_id: str) -> str:
    return f"[[{title_of(entity_id)}]]"


def entity_summary(languages: list[str], *, other_changes: bool, said: str) -> str:
    """Of an edit of many parts at once."""
    if not languages:
        return summary("wbeditentity-update", counts=(0, ""), said=said)
    short = len(languages) <= _LANGUAGES_NAMED
    action = "wbeditentity-update-languages" + ("-and-other" if other_changes else "") + ("-short" if short else "")
    told = ", ".join(languages) if short else len(languages)
    return summary(action, counts=(0, "", told), said=said)


def claim_summary(old: Json | None, new: Json, names: LabelOf, *, said: str) -> str:
    """Of setting a whole statement: created or updated; qualifiers or references that alone changed are counted."""
    action = "wbsetclaim-create" if old is None else "wbsetclaim-update"
    changed = _parts_changed(old, new) if old is not None else 0
    return whole_summary(action, new["mainsnak"], names, said=said, more=(1, changed) if changed else (1,))


def _parts_changed(old: Json, new: Json) -> int:
    others = old["mainsnak"] != new["mainsnak"] or old["rank"] != new["rank"]
    qualifiers = _difference(qualifier_hashes(old), qualifier_hashes(new))
    references = _difference(reference_hashes(old), reference_hashes(new))
    return 0 if others or (qualifiers and references) else qualifiers or references


def _difference(old: list[str], new: list[str]) -> int:
    return len(set(old) ^ set(new)) or int(old != new)
