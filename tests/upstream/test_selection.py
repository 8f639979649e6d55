"""Reading a part of a connected Wikibase: chosen items, what they mention, and no more, also as it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.errors import InvalidSetting
from capx_graph.upstream import Selection
from tests.houses.upstream import Connected, Remote, connected, remote_differences, remote_wiki

pytestmark = pytest.mark.slow


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    with remote_wiki(tmp_path / "remote") as wiki:
        yield wiki


@pytest.fixture
def here(remote: Remote, tmp_path: Path) -> Iterator[Connected]:
    with connected(remote, tmp_path / "data", CAPX_WIKIBASE_SELECT=chosen(remote)) as made:
        yield made
        made.sync.sweep()
        made.graph.ingest.catch_up()
        assert made.differences() == []


def chosen(remote: Remote) -> str:
    return f"{remote.instance.property_id('instanceOf')}={remote.instance.item_id('Capacity')}"


def capacity(remote: Remote, label: str, **claims: str) -> str:
    return remote.item(label, claims=[("instanceOf", remote.instance.item_id("Capacity")), *claims.items()])


def items(here: Connected) -> set[str]:
    """What is here of the wiki, without the ontology's own."""
    return {id_ for id_ in here.repository.mirror.revisions() if id_.startswith("Q") and int(id_[1:]) > 199}


def test_chosen_items_and_what_they_mention_are_read(remote: Remote, here: Connected) -> None:
    parent = remote.item("a topic that is no capacity")
    grandparent = remote.item("not mentioned")
    remote.change(parent, claims=remote.content(remote.item("x", claims=[("broader", grandparent)]))["claims"])
    one = capacity(remote, "one", broader=parent)
    here.catch_up()
    assert items(here) == {one, parent}
    assert {id_ for id_ in here.repository.mirror.revisions() if id_.startswith("P")}
    assert remote_differences(here) == []


def test_what_is_chosen_later_comes_and_what_is_not_any_more_goes(remote: Remote, here: Connected) -> None:
    topic, other = remote.item("topic"), remote.item("other")
    one = capacity(remote, "one")
    here.catch_up()
    assert items(here) == {one}
    remote.clock.tick(60)
    two = capacity(remote, "two", broader=topic)
    remote.label(other, "still not wanted")
    here.catch_up()
    assert items(here) == {one, two, topic}
    remote.clock.tick(60)
    remote.change(one, claims={})
    remote.label(topic, "mentioned and changed")
    here.catch_up()
    assert items(here) == {two, topic}
    assert here.label(topic) == "mentioned and changed"
    remote.clock.tick(60)
    remote.change(two, claims=remote.content(capacity(remote, "three"))["claims"])
    here.catch_up()
    here.sync.sweep()
    assert topic not in items(here)
    assert here.sync.rebuild().changed == 0


def test_a_redirect_that_is_mentioned_brings_its_target(remote: Remote, here: Connected) -> None:
    target, moved = remote.item("target"), remote.item("moved")
    one = capacity(remote, "one", broader=moved)
    remote.redirect(moved, target)
    here.catch_up()
    assert items(here) == {one, moved, target}
    assert remote_differences(here) == []


def test_another_selection_fills_the_mirror_anew(remote: Remote, tmp_path: Path) -> None:
    remote.item("left out at first")
    capacity(remote, "one")
    with connected(remote, tmp_path / "data", CAPX_WIKIBASE_SELECT=chosen(remote)) as part:
        part.catch_up()
        assert len(items(part)) == 1
    with connected(remote, tmp_path / "data") as whole:
        whole.catch_up()
        assert len(items(whole)) == 2
        assert remote_differences(whole) == []


@pytest.mark.parametrize("text", ["P5", "P5=x", "P5=Q1;P6=Q2", "SELECT ?x"])
def test_a_selection_is_of_statements(text: str) -> None:
    with pytest.raises(InvalidSetting, match="P5=Q34531"):
        Selection.parse([text])
