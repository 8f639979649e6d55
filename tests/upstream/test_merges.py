"""Merges at the source, and what it tells nobody: however it is met, nothing differs afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from capx_graph.namespaces import SKOS
from capx_graph.terms import iri
from capx_graph.upstream.source import Fetched
from tests.houses.upstream import BASE, Connected, Remote, connected, parted, remote_differences, remote_wiki


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with remote_wiki(tmp_path_factory.mktemp("remote")) as wiki:
        yield wiki


@pytest.fixture(scope="module")
def here(remote: Remote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    with connected(remote, tmp_path_factory.mktemp("here")) as made:
        made.catch_up()
        yield made
        assert remote_differences(made) == []


def _pair(remote: Remote) -> tuple[str, str, str]:
    """Two capacities, one above another that is the first's alone, and a third that lies below the first."""
    capacity = remote.instance.item_id("Capacity")
    top = remote.item("top", claims=[("instanceOf", capacity)])
    source = remote.item("teaching", claims=[("instanceOf", capacity), ("broader", top)])
    target = remote.item("instruction", claims=[("instanceOf", capacity)])
    below = remote.item("lecturing", claims=[("instanceOf", capacity), ("broader", source)])
    return source, target, below


def _in_step(remote: Remote, here: Connected) -> None:
    """The mirror; the graph after it is compared once, at the end."""
    assert parted(remote, here) == []


def _is_merged(here: Connected, source: str, target: str) -> None:
    page, kept = here.page(source), here.page(target)
    assert page is not None
    assert kept is not None
    assert kept.entity is not None
    assert page.redirect_to == target
    assert kept.entity["aliases"]["en"][0]["value"] == "teaching"


@pytest.mark.parametrize("seconds", [0, 30, 600])
def test_a_merge_in_one_window_moves_everything(remote: Remote, here: Connected, seconds: float) -> None:
    source, target, _ = _pair(remote)
    here.catch_up()
    remote.clock.tick(seconds)
    remote.merge(source, target)
    assert here.catch_up() == 2
    _is_merged(here, source, target)
    _in_step(remote, here)


@pytest.mark.parametrize("first", ["the target", "the source"])
@pytest.mark.parametrize("looks", [(1,), (2,), (1, 2), ()], ids=str)
def test_the_steps_of_a_merge_may_come_in_any_order_and_window(
    remote: Remote, here: Connected, first: str, looks: tuple[int, ...]
) -> None:
    """Other tools than the wiki's own merge in steps of their own; a look may fall between any two."""
    source, target, _ = _pair(remote)
    here.catch_up()
    moved = remote.content(source)
    kept = remote.content(target)

    def empty() -> None:
        remote.change(source, labels={}, claims={})

    def fill() -> None:
        claims = {
            property_id: [{**one, "id": one["id"].replace(source, target).replace("-4000-", "-4001-")} for one in group]
            for property_id, group in moved["claims"].items()
        }
        names = [{"language": "en", "value": "teaching"}]
        remote.change(target, claims={**kept["claims"], **claims}, aliases={"en": names})

    steps: list[Callable[[], None]] = [empty, fill] if first == "the source" else [fill, empty]
    for number, step in enumerate([*steps, lambda: remote.redirect(source, target)], start=1):
        step()
        remote.clock.tick(3)
        if number in looks:
            here.catch_up(thorough=False)
            _in_step(remote, here)
    here.catch_up(thorough=False)
    _is_merged(here, source, target)
    _in_step(remote, here)


def test_a_merge_of_what_was_merged_into_leads_to_the_last(remote: Remote, here: Connected) -> None:
    source, target, below = _pair(remote)
    last = remote.item("education")
    here.catch_up()
    remote.merge(source, target)
    remote.merge(target, last)
    here.catch_up()
    _in_step(remote, here)
    node = iri(f"{BASE}/entity/{below}")
    found = here.graph.store.subject_triples([node], [iri(f"{SKOS}broader")])
    assert [str(triple.object) for triple in found] == [f"<{BASE}/entity/{last}>"]


def test_a_merge_that_is_undone_comes_apart_again(remote: Remote, here: Connected) -> None:
    source, target, _ = _pair(remote)
    before = {id_: remote.content(id_) for id_ in (source, target)}
    here.catch_up()
    remote.merge(source, target)
    here.catch_up()
    remote.clock.tick(5)
    for content in before.values():
        remote.write(content)
    here.catch_up(thorough=False)
    assert here.label(source) == "teaching"
    _in_step(remote, here)


def test_a_page_that_vanishes_without_a_word_is_missed_at_the_next_glance(remote: Remote, here: Connected) -> None:
    gone = remote.item("to vanish")
    remote.clock.tick(61)
    here.catch_up()
    remote.clock.tick(20)
    remote.vanish(gone)
    here.catch_up()
    assert here.page(gone) is not None, "no list tells of it"
    swept = here.sync.standing.swept
    for _ in range(4):
        remote.clock.tick(61)
        here.catch_up(thorough=False)
    assert here.page(gone) is None
    assert here.sync.standing.swept == swept
    _in_step(remote, here)


def test_a_glance_costs_one_request_a_minute_and_goes_round(
    remote: Remote, here: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capx_graph.upstream.source._LISTED", 7)
    starts = []
    for _ in range(400):
        remote.clock.tick(30)
        remote.asked.clear()
        here.catch_up(thorough=False)
        lists = [sent["gapfrom"] for sent in remote.asked if sent.get("generator") == "allpages"]
        assert len(lists) <= 1
        starts += lists
        if starts.count("Q") == 2:
            break
    assert starts.count("Q") == 2
    assert "P" in starts
    ids = [start for start in starts if len(start) > 1]
    assert len(set(ids)) > 10


def test_a_glance_that_meets_an_older_copy_changes_nothing(
    remote: Remote, here: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = remote.item("as it was")
    here.catch_up()
    old = here.page(made)
    assert old is not None
    remote.label(made, "as it is")
    here.catch_up()
    listed = {**here.repository.mirror.revisions(), made: old.revision_id}
    stretch = lambda start: ({i: revision for i, revision in listed.items() if i[0] == start[0]}, "")  # noqa: E731
    monkeypatch.setattr(here.sync.source, "stretch", stretch)
    monkeypatch.setattr(here.sync.source, "fetch", lambda _: Fetched(pages=[old]))
    for _ in range(2):
        remote.clock.tick(61)
        here.catch_up(thorough=False)
    assert here.label(made) == "as it is"
