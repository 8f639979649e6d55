"""Texts and names as they are compared: what people and addresses do differently makes no difference."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph import resources
from capx_graph.spelling import UNSEEN, one_line, seen, spaced, spellings


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


@given(st.text())
def test_what_nobody_sees_is_taken_out_of_a_text(text: str) -> None:
    assert not UNSEEN.search(seen(text))
    assert seen(seen(text)) == seen(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eAna\u202c", "Ana"),
        ("A\u200bna\n \ufeffB", "Ana B"),
        ("\u2067عنا\u2069", "عنا"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("👩\u200d🔧 \U0001f3f4\U000e0067\U000e007f", "👩\u200d🔧 \U0001f3f4\U000e0067\U000e007f"),
        ("\u202e \u2069", ""),
    ],
)
def test_what_scripts_and_pictures_are_written_with_stays(typed: str, kept: str) -> None:
    assert seen(typed) == kept


def test_the_shapes_refuse_the_characters_that_forms_take_out() -> None:
    """But for the NUL that no file of RDF can hold."""
    shape = (resources.shapes_dir() / "entity.ttl").read_text(encoding="utf-8").replace("\\\\", "\\")
    assert UNSEEN.pattern.strip("[]").replace("\\u0000-", "\\u0001-") in shape
