"""Short links: one text, one link; durable, bounded, and closed to guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from capx_graph.errors import InvalidParameter, NotFound, Unavailable
from capx_graph.queryhelp.shortlinks import LONGEST_TEXT, ShortLinks


def test_a_text_is_found_under_its_id_by_another_process(tmp_path: Path) -> None:
    text = "SELECT ?x { ?x ?y 'é🙂' }\n"
    link = ShortLinks(tmp_path).keep(text)
    assert ShortLinks(tmp_path).find(link) == text
    assert len(link) == 8


def test_one_text_has_one_link(tmp_path: Path) -> None:
    links = ShortLinks(tmp_path)
    assert links.keep("ASK {}") == links.keep("ASK {}")
    assert links.keep("ASK {}") != links.keep("ASK { }")


@pytest.mark.parametrize("link", ["", "x", "../../etc", "22222222", "0O1Il000", "a" * 300])
def test_what_was_never_kept_is_not_found(link: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        ShortLinks(tmp_path).find(link)


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_TEXT + 1)])
def test_an_empty_or_endless_text_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter):
        ShortLinks(tmp_path).keep(text)


def test_no_more_than_the_cap_are_kept_but_known_ones_still_answer(tmp_path: Path) -> None:
    links = ShortLinks(tmp_path, most=2)
    kept = links.keep("ASK {}")
    links.keep("ASK { }")
    with pytest.raises(Unavailable):
        links.keep("ASK {  }")
    assert links.keep("ASK {}") == kept


def test_texts_with_the_same_beginning_of_their_digest_get_longer_ids(tmp_path: Path) -> None:
    links = ShortLinks(tmp_path)
    short = links.keep("ASK {}")
    with links._open() as connection, connection:
        text = links._text(connection, short)
        connection.execute("DELETE FROM link")
        links._add(connection, short, "another text")
    longer = links.keep(text or "")
    assert longer.startswith(short)
    assert links.find(longer) == text
    assert links.find(short) == "another text"
