"""Edits of labels, descriptions and aliases, from the JSON of ``wbeditentity`` or one by one.

Only rooms of the repository that write import it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from capx_graph import languages
from capx_graph.repository.editing.operations import Operation
from capx_graph.repository.entities import check_term
from capx_graph.repository.refusals import fault, refused_value
from capx_graph.repository.statements import Json
from capx_graph.repository.values.texts import clean_text

_OTHER = {"labels": "descriptions", "descriptions": "labels"}
_TERM = {"labels": "label", "descriptions": "description"}


def set_term(part: str, language: str, text: str) -> Operation:
    """Sets the label or description (``part`` is the entity's key); empty text removes it."""
    return Operation(partial(_set_term, part, language, clean_text(text)), language)


def set_aliases(language: str, texts: Iterable[str]) -> Operation:
    """Replaces the aliases of a language."""
    return Operation(partial(_set_aliases, language, [clean_text(text) for text in texts]), language)


def add_aliases(language: str, texts: Iterable[str]) -> Operation:
    """Adds aliases to those of a language."""
    return Operation(partial(_add_aliases, language, [clean_text(text) for text in texts]), language)


def remove_aliases(language: str, texts: Iterable[str]) -> Operation:
    """Removes aliases of a language, those that are there."""
    return Operation(partial(_remove_aliases, language, [clean_text(text) for text in texts]), language)


def _set_term(part: str, language: str, text: str, entity: Json) -> None:
    terms = entity[part]
    if text:
        check_term(text, _TERM[part], entity["type"])
    if part == "descriptions" and language == "mul":
        raise refused_value("a description is in one language", "no-mul-descriptions", languages.name("mul", "en"))
    if (terms[language]["value"] if language in terms else "") == text:
        return
    other = entity[_OTHER[part]].get(language)
    if text and other is not None and other["value"] == text:
        raise refused_value("label and description are the same", "label-equals-description", language)
    if text:
        terms[language] = {"language": language, "value": text}
    else:
        del terms[language]


def _set_aliases(language: str, texts: list[str], entity: Json) -> None:
    for text in texts:
        check_term(text, "alias", entity["type"])
    _put_aliases(language, texts, entity)


def _add_aliases(language: str, texts: list[str], entity: Json) -> None:
    for text in texts:
        check_term(text, "alias", entity["type"])
    _put_aliases(language, [*_aliases(language, entity), *texts], entity)


def _remove_aliases(language: str, texts: list[str], entity: Json) -> None:
    _put_aliases(language, [text for text in _aliases(language, entity) if text not in texts], entity)


def _aliases(language: str, entity: Json) -> list[str]:
    return [alias["value"] for alias in entity["aliases"].get(language, ())]


def _put_aliases(language: str, texts: list[str], entity: Json) -> None:
    aliases = [{"language": language, "value": text} for text in dict.fromkeys(texts)]
    if aliases:
        entity["aliases"][language] = aliases
    else:
        entity["aliases"].pop(language, None)


class TermReader:
    """Reads the ``labels``, ``descriptions`` and ``aliases`` of an edit."""

    def __init__(self, known_language: Callable[[str], bool]) -> None:
        self._known_language = known_language

    def operations(self, data: Json) -> list[Operation]:
        """The operations that the JSON asks for; raises Refused for JSON of a wrong shape."""
        found: list[Operation] = []
        for part in ("labels", "descriptions"):
            if part in data:
                for key, raw in _entries(data[part], f"List of {part} must be an array"):
                    term = self._checked(raw, key)
                    text = "" if "remove" in term else term["value"]
                    found.append(set_term(part, term["language"], text))
        if "aliases" in data:
            for language, group in _entries(data["aliases"], "List of aliases must be an array"):
                found += self._aliases(language, group)
        return found

    def _aliases(self, language: str, group: object) -> Iterator[Operation]:
        if isinstance(group, dict):
            terms = [term for _, term in _entries(group, "")] if _is_list(group) else [group]
        else:
            terms = [term for _, term in _entries(group, "List of aliases must be an array")]
        if not terms:
            yield set_aliases(language, ())
            return
        whole: list[str] = []
        last = language
        for raw in terms:
            term = self._checked(raw, language)
            text, last = term.get("value", ""), term["language"]
            if "remove" in term:
                yield remove_aliases(term["language"], [text] if isinstance(text, str) else [])
            elif "add" in term:
                yield add_aliases(term["language"], [text])
            else:
                whole.append(text)
        if whole:
            yield set_aliases(last, whole)

    def _checked(self, term: object, key: str) -> Json:
        if not isinstance(term, dict) and term != []:
            raise fault(f"a term for {key} is an object", "not-recognized-array")
        if not isinstance(term, dict) or "language" not in term:
            raise fault(f"'language' was not found in term serialization for {key}", "missing-language")
        language = term["language"]
        if not isinstance(language, str):
            raise fault(f"the language of the term for {key} is text", "not-recognized-string")
        if not key.isdigit() and key != language:
            raise fault(f"the term for {key} says {language}", "inconsistent-language", parameters=(language, key))
        if not self._known_language(language):
            raise fault(f"Unknown language: {language}", "not-recognized-language", parameters=(language,))
        if "remove" not in term and not isinstance(term.get("value"), str):
            raise fault(f"the value of the term for {key} is text", "not-recognized-string")
        return term


def _is_list(group: Json) -> bool:
    return list(group) == [str(number) for number in range(len(group))]


def _entries(raw: object, complaint: str) -> list[tuple[str, object]]:
    """Keys and values of a JSON object, or of an array with its places as keys."""
    if isinstance(raw, list):
        return [(str(place), value) for place, value in enumerate(raw)]
    if isinstance(raw, dict):
        return list(raw.items())
    raise fault(complaint, "not-recognized-array")
