"""Texts made comparable: case, accents, width, kana and Arabic vowel signs folded; imported by the text index.

Scripts written without spaces are cut into single characters for the word table, so that a phrase query finds a
word of any length inside them, one character included, which trigrams cannot. The surprising thing: only marks
that writers leave out are dropped; the vowel signs of Indic scripts and the voicing of kana carry meaning and stay.
"""

from __future__ import annotations

import re
import unicodedata

_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
"""Accents; Hebrew points; Arabic vowel signs, hamza above or below, and the lengthening stroke."""

_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters: no text has them, and the index's query language ends at a NUL."""

_KATAKANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_FOLDED_LETTERS = _KATAKANA | _LETTERS

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7af\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER = re.compile(f"([{_UNSPACED}])")
_WORD = re.compile(r"[^\W_]")
_MARKS = ',;:?!¿¡()“”«»„"、。，：；？！（）「」؟،؛।'
_PIECE = re.compile(rf"[{_UNSPACED}]|[^\s{_MARKS}{_UNSPACED}]+")


def fold(text: str) -> str:
    """The text as it is compared: two texts that a reader would call the same fold to the same."""
    text = _UNSPEAKABLE.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        text = unicodedata.normalize("NFC", _OPTIONAL_MARKS.sub("", text)).translate(_FOLDED_LETTERS)
    return " ".join(text.casefold().split())


def spaced(folded: str) -> str:
    """The folded text with spaces around each character of the scripts that are written without."""
    if folded.isascii():
        return folded
    return " ".join(_UNSPACED_CHARACTER.sub(r" \1 ", folded).split())


def pieces(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end, without the marks between them; unspaced scripts by characters."""
    return [match.span() for match in _PIECE.finditer(text)]


def is_unspaced(text: str) -> bool:
    """Whether the text begins in a script that is written without spaces."""
    return _UNSPACED_CHARACTER.match(text) is not None


def words(folded: str) -> list[str]:
    """The parts of a query between spaces that hold a letter or a digit."""
    return [part for part in folded.split() if _WORD.search(part)]
