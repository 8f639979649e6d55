"""The message bundle by which wikis exchange the directory: its JSON, its keys, the titles of its translations.

This package and jobs import it. The form is that of MediaWiki's Translate extension: the bundle's page holds the source
language (``{"@metadata": {"sourceLanguage": "en"}, "Q11024-label": "communication", ...}``), and each translation is
a page ``Translations:BUNDLE/KEY/LANGUAGE``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from capx_graph.errors import InvalidInput
from capx_graph.translation.model import FIELDS

SOURCE = "en"
METADATA = "@metadata"
OUTDATED = "!!FUZZY!!"
"""How Translate marks a translation whose source has changed since."""

LARGEST = 4 * 1024 * 1024
_KEY = re.compile(rf"((?:Q|capx|local)[1-9][0-9]{{0,15}})-({'|'.join(FIELDS)})")


def read(text: str, where: str) -> dict[str, str]:
    """The messages of a bundle without what is not ours; raises InvalidInput."""
    if len(text.encode()) > LARGEST:
        raise InvalidInput(f"{where} has more than {LARGEST} bytes")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{where} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise InvalidInput(f'{where} is not an object of messages such as {{"Q11024-label": "communication"}}')
    return {key: value for key, value in found.items() if _KEY.fullmatch(key) and isinstance(value, str)}


def language_of(text: str) -> str | None:
    """The language that a bundle says it is in."""
    try:
        metadata = json.loads(text).get(METADATA)
    except (ValueError, AttributeError, RecursionError):
        return None
    code = metadata.get("sourceLanguage") if isinstance(metadata, dict) else None
    return code if isinstance(code, str) else None


def write(messages: Mapping[str, str], *, language: str = SOURCE) -> str:
    """A bundle of these messages."""
    return _text({METADATA: {"sourceLanguage": language}, **messages})


def changed(text: str, messages: Mapping[str, str], where: str) -> str:
    """The bundle with these messages in place of its own, all else of it as it was."""
    read(text, where)
    return _text({**json.loads(text), **messages})


def parts(key: str) -> tuple[str, str] | None:
    """The key of a capacity, and label or description; None for a message that is not ours."""
    found = _KEY.fullmatch(key)
    return (found[1], found[2]) if found else None


def unit_of(title: str, bundle: str) -> tuple[str, str] | None:
    """Key and language of the title of a translation, without its namespace; None for any other page."""
    rest = title.removeprefix(f"{bundle}/")
    key, _, language = rest.rpartition("/")
    return (key, language) if rest != title and parts(key) and language else None


def title_of(key: str, language: str, bundle: str) -> str:
    """The title of a translation, without its namespace."""
    return f"{bundle}/{key}/{language}"


def _text(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent="\t") + "\n"
