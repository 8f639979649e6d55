"""Texts and names as they are compared: what people and addresses do differently makes no difference."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.spelling import one_line, spaced, spellings


@given(st.text())
def test_a_text_on_one_line_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert unicodedata.is_normalized("NFC", line)
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize("typed", ["jane_doe", " Jane  doe ", "Jane_doe", "jane\tdoe"])
def test_a_name_from_an_address_is_tried_as_a_wiki_writes_it(typed: str) -> None:
    assert spellings(typed)[0] == typed
    assert spellings(typed)[-1] == "Jane doe"
    assert spaced(typed).casefold() == "jane doe"


def test_a_name_without_a_capital_of_its_own_is_left_alone() -> None:
    assert spellings("王小明") == ("王小明",)
    assert spellings("") == ("",)
