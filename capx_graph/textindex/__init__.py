"""Finding entities by their names: labels, aliases, usernames and texts in every language and script.

Rooms above import from here. The index is SQLite FTS5 in swappable generations, derived from the repository, with
its own cursor into the change log in every transaction; only the ingest writes it. A name is compared folded:
without case, accents, width, or the difference of katakana and hiragana.
"""

from __future__ import annotations

from capx_graph.textindex.entries import FoldedName, TextEntry, TextField, TextHit
from capx_graph.textindex.folding import fold
from capx_graph.textindex.index import TextBuild, TextIndex

__all__ = ["FoldedName", "TextBuild", "TextEntry", "TextField", "TextHit", "TextIndex", "fold"]
