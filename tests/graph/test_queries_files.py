"""The rules that every query file of the house keeps."""

from __future__ import annotations

import re

import pyoxigraph
import pytest

from capx_graph import queries


@pytest.mark.parametrize("name", queries.names())
def test_a_query_file_parses_and_runs_unchanged(name: str) -> None:
    """A form that the engine refuses raises; the answer on an empty graph is of no interest."""
    pyoxigraph.Store().query(queries.load(name).unchanged().text)


@pytest.mark.parametrize("name", queries.names())
def test_a_query_file_is_short_and_orders_before_it_limits(name: str) -> None:
    text = queries.load(name).text
    assert text.count("\n") <= 60
    code = re.sub(r"(?m)^\s*#.*$", "", text)
    for found in re.finditer(r"\bLIMIT\b", code):
        before = code[: found.start()]
        assert re.search(r"\bORDER BY\b[^}]*$", before), "LIMIT without ORDER BY gives another answer every time"


@pytest.mark.parametrize("name", queries.names())
def test_a_query_file_uses_every_prefix_that_it_declares(name: str) -> None:
    text = queries.load(name).text
    for prefix in re.findall(r"(?m)^PREFIX\s+(\w*):", text):
        assert len(re.findall(rf"(?<![\w?]){prefix}:", text)) > 1, f"{prefix}: is declared and not used"


def test_no_two_query_files_are_nearly_alike() -> None:
    """One file with a parameter instead of two that drift apart; alike means nine tenths of the lines."""
    bodies = {
        name: {line.strip() for line in queries.load(name).text.splitlines() if line[:1] != "#"}
        for name in queries.names()
    }
    for name, lines in bodies.items():
        for other, others in bodies.items():
            if name < other:
                assert len(lines & others) <= 0.9 * max(len(lines), len(others)), f"{name} and {other}"
