"""SPARQL text cut into tokens by the grammar's terminals (SPARQL 1.1, section 19.8); the rooms of ``sparql`` use it.

Guards and rewriters work on tokens, never on raw text: a pattern can be fooled by ``ex:a\\#``, by a comment that ends
at a carriage return, or by ``SERVICE`` in a string. Safe only if no engine cuts the text otherwise, so what may be cut
in two ways is refused or has one meaning forced on it: ``?a<1)SERVICE#>`` is an IRI to one reader, a comparison, a
service and a comment to another. What is no token is refused with its line and column. The work is linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from capx_graph.errors import InvalidQuery

_PN_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PN_U = _PN_BASE + "_"
_PN = _PN_U + "0-9\u00b7\u0300-\u036f\u203f-\u2040\\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_PN_BASE}](?:\.*+[{_PN}]++)*+)?"
_LOCAL = rf"(?:[{_PN_U}:0-9]|{_PLX})(?:\.*+(?:[{_PN}:]|{_PLX}))*"
_VARIABLE = f"[{_PN_U}0-9][{_PN_U}0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
_ESCAPED = r"\\."


class Kind(StrEnum):
    """What a token is. NAMED is Blazegraph's name of a subquery, ``%people``."""

    IRI = "iri"
    PREFIXED = "prefixed"
    VARIABLE = "variable"
    BLANK = "blank"
    STRING = "string"
    LANGUAGE = "language"
    NUMBER = "number"
    NAMED = "named"
    WORD = "word"
    MARK = "mark"


_TERMINALS: tuple[tuple[Kind | None, str], ...] = (
    (None, r"[ \t\r\n]+"),
    (None, r"#[^\r\n]*"),
    (Kind.IRI, r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>'),
    (Kind.BLANK, rf"_:[{_PN_U}0-9](?:\.*+[{_PN}])*"),
    (Kind.PREFIXED, rf"{_PREFIX}:(?:{_LOCAL})?"),
    (Kind.VARIABLE, rf"[?$]{_VARIABLE}"),
    (Kind.STRING, rf"'''(?:(?:'|'')?(?:[^'\\]|{_ESCAPED}))*+'''"),
    (Kind.STRING, rf'"""(?:(?:"|"")?(?:[^"\\]|{_ESCAPED}))*+"""'),
    (Kind.STRING, rf"'(?:[^'\\\r\n]|{_ESCAPED})*+'"),
    (Kind.STRING, rf'"(?:[^"\\\r\n]|{_ESCAPED})*+"'),
    (Kind.LANGUAGE, r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    (Kind.NUMBER, r"(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"),
    (Kind.NAMED, rf"%{_VARIABLE}"),
    (Kind.WORD, r"[A-Za-z_][A-Za-z0-9_]*"),
    (Kind.MARK, r"\^\^|\|\||&&|!=|<=|>=|<<(?=[ \t\r\n(])|<(?!<)|>>|\{\||\|\}|[{}()\[\].;,*/|^!+?\-=>]"),
)
_RUN = re.compile(rf"[{_PN}.]+")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_COMMENT = re.compile(r"#[^\r\n]*")
_OPERANDS = frozenset(
    {Kind.IRI, Kind.PREFIXED, Kind.VARIABLE, Kind.BLANK, Kind.STRING, Kind.LANGUAGE, Kind.NUMBER, Kind.NAMED}
)
_ROWS = "VALUES {"


def _compiled(*without: Kind) -> re.Pattern[str]:
    patterns = (f"(?P<t{index}>{text})" for index, (kind, text) in enumerate(_TERMINALS) if kind not in without)
    return re.compile("|".join(patterns), re.DOTALL)


_TOKEN = _compiled()
_TOKEN_BUT_PREFIXED = _compiled(Kind.PREFIXED)
_TOKEN_BUT_IRI = _compiled(Kind.IRI)


class Token(NamedTuple):
    """A token: ``text[start:end]`` of the query. A named tuple is made in a third of a dataclass's time."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The keyword in capitals; empty for what is not a bare word, so that ``"SERVICE"`` is none."""
        return self.text.upper() if self.kind is Kind.WORD else ""

    @property
    def variable(self) -> str:
        """The name of a variable; empty for other tokens."""
        return self.text[1:] if self.kind is Kind.VARIABLE else ""

    def is_mark(self, mark: str) -> bool:
        """Whether it is this mark of punctuation."""
        return self.kind is Kind.MARK and self.text == mark


def tokens(text: str) -> list[Token]:
    """The tokens of a query, comments and blanks left out; raises InvalidQuery at the first that is none."""
    found: list[Token] = []
    nesting = _Nesting()
    at = barren = 0
    while at < len(text):
        if at >= barren and (run := _RUN.match(text, at)) and not _ends_prefix(text, run.end()):
            barren = run.end()  # no prefixed name begins in here; asking at each of its letters would be quadratic
        match = (_TOKEN_BUT_PREFIXED if at < barren else _TOKEN).match(text, at)
        if match is None:
            raise refusal(text, at, f"{text[at : at + 20]!r} begins no SPARQL token")
        assert match.lastgroup is not None, "every alternative is a group"
        kind = _TERMINALS[int(match.lastgroup[1:])][0]
        if kind is Kind.IRI and found and nesting.compares(found[-1]) and not _is_iri(text, match.group(), at):
            match = _TOKEN_BUT_IRI.match(text, at)
            assert match is not None, "the sign itself is a token"
            kind = Kind.MARK
        if kind is not None:
            found.append(Token(kind, match.group(), at, match.end()))
            nesting.take(found[-1])
        at = match.end()
    return found


def without_comments(text: str, found: Sequence[Token]) -> str:
    """The text with every comment blanked, all else in its place."""
    parts: list[str] = []
    at = 0
    for token in found:
        parts += [_COMMENT.sub(_blanks, text[at : token.start]), token.text]
        at = token.end
    return "".join(parts) + _COMMENT.sub(_blanks, text[at:])


def blanked(text: str) -> str:
    """As many blanks as the text has characters; line breaks stay, so that what follows keeps line and column."""
    return re.sub(r"[^\r\n]", " ", text)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def refusal(text: str, offset: int, rule: str) -> InvalidQuery:
    """The error for what stands at an offset."""
    line, column = position(text, offset)
    return InvalidQuery(rule, line=line, column=column)


class _Nesting:
    """The open brackets, as far as they tell whether ``<`` after an operand compares: inside ``(``, outside VALUES."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._values = False

    def take(self, token: Token) -> None:
        if token.word == "VALUES":
            self._values = True
        elif token.kind is not Kind.MARK:
            return
        elif token.text in "([":
            self._open.append("" if self._open and self._open[-1] == _ROWS else token.text)
        elif token.text in {"{", "{|"}:
            self._open.append(_ROWS if self._values else token.text)
            self._values = False
        elif token.text in {")", "]", "}", "|}"} and self._open:
            self._open.pop()

    def compares(self, before: Token) -> bool:
        """Whether ``<`` behind this token may be a comparison."""
        if not self._open or self._open[-1] != "(":
            return False
        if before.kind is Kind.MARK:
            return before.text in {")", "}", ">>"}
        return before.kind in _OPERANDS or before.word in {"TRUE", "FALSE"}


def _is_iri(text: str, found: str, at: int) -> bool:
    """Which of two readings holds for ``<...>`` behind an operand; neither when it could hide something."""
    if any(mark in found for mark in "#'()"):
        raise refusal(text, at, "this '<' may compare or begin an IRI: put a blank behind it, or a comma before it")
    return _ABSOLUTE.match(found) is not None


def _ends_prefix(text: str, at: int) -> bool:
    return text.startswith(":", at) and text[at - 1] != "."


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())
