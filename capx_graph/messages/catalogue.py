"""All messages of a folder of banana files, one a language; read once a process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from capx_graph.errors import DataError
from capx_graph.messages.parsing import Message, parse
from capx_graph.messages.translator import KEYS, KeyTranslator, Translator

DOCUMENTATION = "qqq"
_TRANSLATORS = 64
"""Readers' languages whose messages are kept ready."""


class Messages:
    """All messages of a folder of banana files, one a language."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts
        self._parsed: dict[tuple[str, str], Message] = {}
        self._translators = lru_cache(maxsize=_TRANSLATORS)(self._made)

    @classmethod
    def load(cls, folder: Path) -> Messages:
        """Reads every ``CODE.json``; raises DataError naming the file that is no banana file."""
        return cls({path.stem: _read(path) for path in sorted(folder.glob("*.json"))})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have messages, by code."""
        return tuple(code for code in self._texts if code != DOCUMENTATION)

    def keys(self, code: str) -> frozenset[str]:
        """The messages that a language has itself."""
        return frozenset(self._texts.get(code, {}))

    def raw(self, code: str, key: str) -> str:
        """A message as written in its file; raises KeyError."""
        return self._texts[code][key]

    def translator(self, code: str) -> Translator:
        """Messages for a reader of any language; what is not translated falls back along its chain."""
        return self._translators(code)

    def _made(self, code: str) -> Translator:
        return (KeyTranslator if code == KEYS else Translator)(code, self._find)

    def _find(self, key: str, chain: tuple[str, ...]) -> tuple[str, Message] | None:
        for code in chain:
            text = self._texts.get(code, {}).get(key)
            if text is not None:
                parsed = self._parsed.get((code, key))
                if parsed is None:
                    parsed = self._parsed[code, key] = parse(text)
                return code, parsed
        return None


def _read(path: Path) -> Mapping[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(data, dict) or not all(isinstance(v, str) for k, v in data.items() if k != "@metadata"):
        raise DataError(f"{path} must be one object of message keys and texts")
    return {key: text for key, text in data.items() if key != "@metadata"}


@cache
def load_messages(folder: Path) -> Messages:
    """The messages of a folder, read once a process."""
    return Messages.load(folder)
