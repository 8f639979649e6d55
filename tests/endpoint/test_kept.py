"""Answers that are kept: those of the present edition, the most useful ones, within bounds."""

from __future__ import annotations

from capx_graph.endpoint.kept import Kept


def test_an_answer_is_kept_until_the_data_change() -> None:
    kept = Kept(most=100, largest=100)
    assert kept.get("1", "a") is None
    kept.put("1", "a", b"one")
    assert kept.get("1", "a") == b"one"
    assert kept.get("2", "a") is None
    kept.put("2", "b", b"two")
    assert kept.get("2", "a") is None
    assert kept.get("1", "a") is None


def test_what_was_asked_for_least_recently_goes_first() -> None:
    kept = Kept(most=10, largest=10)
    kept.put("1", "a", b"aaaa")
    kept.put("1", "b", b"bbbb")
    assert kept.get("1", "a")
    kept.put("1", "c", b"cccc")
    assert kept.get("1", "b") is None
    assert kept.get("1", "a")
    assert kept.get("1", "c")


def test_the_same_answer_twice_counts_once_and_a_large_one_is_not_kept() -> None:
    kept = Kept(most=10, largest=6)
    for _ in range(5):
        kept.put("1", "a", b"aaaa")
    kept.put("1", "b", b"bbbb")
    kept.put("1", "c", b"7777777")
    assert kept.get("1", "a")
    assert kept.get("1", "b")
    assert kept.get("1", "c") is None
