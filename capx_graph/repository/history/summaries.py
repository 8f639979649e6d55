"""Edit summaries: what an edit did, in the form that Wikibase's clients know, and what its author said.

Only rooms of the repository that write import it. ``/* wbsetclaim-create:2||1 */ [[Property:P1]]: text, said``:
the comment names module, action and counts, what follows it the values. Summaries of owned pages lose the latter when
they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable

from capx_graph.repository.ids import title_of
from capx_graph.repository.statements import Json, flat
from capx_graph.repository.values import plainformat
from capx_graph.repository.values.texts import clean_text

LONGEST = 500
"""Characters of a summary, as in MediaWiki; longer ones are cut and end with three dots."""

_LANGUAGES_NAMED = 50
_CONTENT_LANGUAGE = "en"


def summary(action: str, *, counts: Iterable[object] = (), values: Iterable[str] = (), said: str = "") -> str:
    """``action`` is module and action (``wbsetlabel-set``), ``counts`` what the comment tells after it."""
    shown = [text for text in (", ".join(filter(None, values)), clean_text(said)) if text]
    text = f"/* {action}:{'|'.join(map(str, counts))} */ {', '.join(shown)}".rstrip()
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def term_summary(action: str, language: str, texts: list[str], *, said: str) -> str:
    """Of a change to the terms of one language."""
    return summary(action, counts=(len(texts), language), values=texts, said=said)


def snak_summary(action: str, snaks: list[Json], *, said: str, more: Iterable[object] = ()) -> str:
    """Of a change that these snaks tell best."""
    return summary(action, counts=(len(snaks), "", *more), values=map(snak_text, snaks), said=said)


def snak_text(snak: Json) -> str:
    """``[[Property:P1]]: value``."""
    if snak["snaktype"] == "value":
        value = plainformat.plain(snak["datavalue"], _CONTENT_LANGUAGE, lambda entity_id: f"[[{title_of(entity_id)}]]")
    else:
        value = {"somevalue": "unknown value", "novalue": "no value"}[snak["snaktype"]]
    return f"[[{title_of(snak['property'])}]]: {value}"


def entity_summary(languages: list[str], *, other_changes: bool, said: str) -> str:
    """Of an edit of many parts at once."""
    if not languages:
        return summary("wbeditentity-update", counts=(0, ""), said=said)
    short = len(languages) <= _LANGUAGES_NAMED
    action = "wbeditentity-update-languages" + ("-and-other" if other_changes else "") + ("-short" if short else "")
    told = ", ".join(languages) if short else len(languages)
    return summary(action, counts=(0, "", told), said=said)


def claim_summary(old: Json | None, new: Json, *, said: str) -> str:
    """Of setting a whole statement: which of its parts changed, when it was only one."""
    action, more = "create", 0
    if old is not None:
        action, more = _part_changed(old, new)
    counts = (1, more) if more else (1,)
    return snak_summary(f"wbsetclaim-{action}", [new["mainsnak"]], said=said, more=counts)


def _part_changed(old: Json, new: Json) -> tuple[str, int]:
    mainsnak = old["mainsnak"] != new["mainsnak"]
    qualifiers = _difference(_qualifier_hashes(old), _qualifier_hashes(new))
    references = _difference(_reference_hashes(old), _reference_hashes(new))
    rank = old["rank"] != new["rank"]
    if sum((mainsnak, bool(qualifiers), bool(references), rank)) != 1 or mainsnak:
        return "update", 0
    if qualifiers:
        return "update-qualifiers", qualifiers
    return ("update-references", references) if references else ("update-rank", 0)


def _qualifier_hashes(statement: Json) -> list[str]:
    return [snak["hash"] for snak in flat(statement.get("qualifiers", {}))]


def _reference_hashes(statement: Json) -> list[str]:
    return [reference["hash"] for reference in statement.get("references", ())]


def _difference(old: list[str], new: list[str]) -> int:
    return len(set(old) ^ set(new)) or int(old != new)
