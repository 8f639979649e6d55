"""What lies beside repository and private store and may tell of a person: short links, suggestions, rejects, dumps.

This package and the jobs import it. Files of rejects hold whole records that an import refused; the lines that mention
somebody go. Dumps that were published while somebody was in the data are withdrawn, and made anew by the purge.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capx_graph.datadir import whole
from capx_graph.dumps import Dumps
from capx_graph.handover.state import erase_pairs
from capx_graph.mentions import Mentions
from capx_graph.queryhelp.shortlinks import ShortLinks
from capx_graph.suggestions import Suggestions

_REJECTS = "*rejects*"


@dataclass(frozen=True, slots=True)
class Beside:
    """The files of one data directory and the dumps made of it."""

    data: Path
    dumps: Dumps
    links: ShortLinks
    suggestions: Suggestions

    def erase(self, names: Sequence[str], items: Collection[str]) -> list[str]:
        """Takes a person out of the files; doing it again does nothing. Answers what stands for them elsewhere."""
        mentions = Mentions(names)
        self.links.forget(mentions)
        for name in names:
            self.suggestions.forget(name)
        for path in self._rejects():
            _keep_lines(path, names, mentions, items)
        return erase_pairs(self.data, items)

    def withdraw(self, until: datetime) -> int:
        """Takes the dumps of before a moment offline."""
        return self.dumps.withdraw(until=until)

    def _rejects(self) -> Iterator[Path]:
        if self.data.is_dir():
            yield from (path for path in self.data.glob(_REJECTS) if path.is_file())


def _keep_lines(path: Path, names: Sequence[str], mentions: Mentions, items: Collection[str]) -> None:
    """Writes a file anew without the lines that tell of a person; nothing where there are none."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not _tells(line, set(names), mentions, items)]
    if len(kept) == len(lines):
        return
    if not kept:
        path.unlink()
        return
    whole.put(path, "".join(kept), durable=True, private=True)


def _tells(line: str, names: Collection[str], mentions: Mentions, items: Collection[str]) -> bool:
    try:
        content = json.loads(line)
    except ValueError:
        return mentions.within(line)
    return any(text in names or text in items or mentions.within(text) for text in _texts(content))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield str(key)
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
