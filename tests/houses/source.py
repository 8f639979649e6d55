"""The source files of the project as the tests of its rules read them: syntax trees, imports, calls."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tests import CHECKOUT


@dataclass(frozen=True, slots=True)
class Room:
    """A source file by its path from the checkout."""

    path: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path)[0]

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        return _walked(self.path)

    @property
    def lines(self) -> int:
        return _parsed(self.path)[1]


@cache
def _parsed(path: str) -> tuple[ast.Module, int]:
    """The syntax tree of a file and the number of its lines; read when a test asks, not when tests are collected."""
    text = (CHECKOUT / path).read_text(encoding="utf-8")
    return ast.parse(text), text.count("\n")


@cache
def _walked(path: str) -> tuple[ast.AST, ...]:
    """All nodes of that tree: most rules look at them."""
    return tuple(ast.walk(_parsed(path)[0]))


def rooms(*folders: str) -> tuple[Room, ...]:
    """The files in some folders, in the order of their paths."""
    found = [path for folder in folders for path in sorted((CHECKOUT / folder).rglob("*.py"))]
    return tuple(Room(path.relative_to(CHECKOUT).as_posix()) for path in found)


def imports(room: Room) -> Iterator[str]:
    """Dotted names of all modules that a room imports, wherever in it."""
    for node in room.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    """Names of the functions that are called there, with their lines."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node.lineno
