"""What a connected Wikibase may do to whoever follows it: nothing is lost, nothing doubled, the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from capx_graph.errors import InvalidSetting, Unavailable
from capx_graph.upstream import SyncLoop
from tests.houses.upstream import Answer, Connected, Remote, connected, on, parted, remote_wiki
from tests.houses.upstream_edits import random_edits

HTML = (("Content-Type", "text/html"),)
WALL = Answer(b"<!DOCTYPE html><title>Just a moment ...</title>Are you a robot?", "403 Forbidden", HTML)
WALL_THAT_SAYS_OK = Answer(WALL.body, headers=HTML)
BUSY = Answer(b"<h1>Too many requests</h1>", "429 Too Many Requests", (*HTML, ("Retry-After", "7")))
BEHIND = Answer(
    json.dumps({"error": {"code": "maxlag", "info": "Waiting for a copy: 8 seconds lagged"}}).encode(),
    headers=(("Content-Type", "application/json"), ("Retry-After", "5")),
)
TORN = Answer(b'{"entities": {"Q1": {"id": "Q')
DOWN = Answer(b"upstream connect error", "502 Bad Gateway", HTML)
NOT_A_MAP = Answer(b"[]")
EMPTY = Answer(b"{}")


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with remote_wiki(tmp_path_factory.mktemp("remote")) as wiki:
        random_edits(wiki, 30, 1)
        yield wiki


@pytest.fixture(scope="module")
def here(remote: Remote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    with connected(remote, tmp_path_factory.mktemp("here")) as made:
        made.catch_up()
        yield made
        assert parted(remote, made) == []
        assert made.differences() == []


@pytest.fixture(autouse=True)
def later(remote: Remote) -> Iterator[None]:
    remote.clock.tick(3600)
    yield
    assert not remote.faults


@pytest.mark.parametrize("answer", [WALL, WALL_THAT_SAYS_OK, TORN, DOWN, NOT_A_MAP], ids=str)
@pytest.mark.parametrize("place", ["query", "recentchanges", "wbgetentities"])
def test_an_answer_of_no_use_changes_nothing_and_the_next_look_takes_in_all(
    remote: Remote, here: Connected, answer: Answer, place: str
) -> None:
    made = remote.item(f"made before {answer.status} {place}")
    before = here.sync.standing
    remote.fail(on(place, answer))
    with pytest.raises(Unavailable):
        here.catch_up()
    assert here.sync.standing.at >= before.at
    assert here.page(made) is None
    assert here.catch_up() == 1
    assert here.page(made) is not None


def test_a_wall_against_programs_is_called_one(remote: Remote, here: Connected) -> None:
    remote.fail(WALL_THAT_SAYS_OK)
    with pytest.raises(Unavailable, match=r"an HTML page \('Just a moment \.\.\.'\) instead of JSON"):
        here.catch_up()


@pytest.mark.parametrize(("answer", "seconds"), [(BUSY, 7.0), (BEHIND, 5.0)])
def test_a_wiki_that_asks_to_come_back_is_waited_for(
    remote: Remote, here: Connected, answer: Answer, seconds: float
) -> None:
    remote.clock.slept.clear()
    remote.item(f"made while it was busy {seconds}")
    remote.fail(answer, answer)
    assert here.catch_up() == 1
    assert remote.clock.slept == [seconds, seconds]


def test_a_source_that_sends_drop_by_drop_is_left(remote: Remote, here: Connected) -> None:
    made = remote.item("made while it was slow")

    def slow(sent: dict[str, str]) -> Answer | None:
        return Answer(json.dumps(remote.own(sent)).encode(), drops=90)

    remote.fail(on("recentchanges", slow))
    with pytest.raises(Unavailable, match="too slow"):
        here.catch_up()
    assert here.catch_up() == 1
    assert here.page(made) is not None


def test_every_request_says_who_asks_and_bears_a_wiki_that_is_behind(remote: Remote, here: Connected) -> None:
    remote.asked.clear()
    here.catch_up()
    assert remote.asked
    assert {sent["maxlag"] for sent in remote.asked} == {"5"}
    assert all("tests@example.org" in agent for agent in remote.agents)


def test_a_source_that_is_down_for_a_minute_is_followed_again(remote: Remote, here: Connected) -> None:
    loop = SyncLoop(here.sync, here.repository.mirror.count, clock=remote.clock.seconds)
    assert loop.look() == 1.0
    gone_at = remote.clock.seconds()
    made = remote.item("made while it was down")
    looks = 0
    while remote.clock.seconds() - gone_at < 60:
        remote.fail(DOWN)
        remote.clock.tick(loop.look())
        looks += 1
        assert here.graph.store.count()
    state = loop.state()
    assert state.failures == looks
    assert "502" in (state.failure or "")
    assert 3 <= looks < 10
    loop.look()
    assert here.page(made) is not None
    assert loop.state().failure is None
    here.graph.ingest.catch_up()


def test_changes_told_twice_and_out_of_order_are_taken_in_once(remote: Remote, here: Connected) -> None:
    made = [remote.item(f"shuffled {number}") for number in range(5)]
    remote.label(made[0], "shuffled again")

    def shuffled(sent: dict[str, str]) -> Answer | None:
        answer = remote.own(sent)
        lines = answer["query"]["recentchanges"]
        answer["query"]["recentchanges"] = [*reversed(lines), *lines]
        return Answer(json.dumps(answer).encode())

    remote.fail(on("recentchanges", shuffled))
    head = here.repository.head()
    assert here.catch_up() == 5
    assert here.repository.head() == head + 5
    assert here.label(made[0]) == "shuffled again"
    assert here.catch_up() == 0


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_that_jumps_loses_no_change(remote: Remote, here: Connected, minutes: int) -> None:
    here.catch_up()
    remote.clock.now += timedelta(minutes=minutes)
    made = remote.item(f"made after a jump of {minutes}")
    here.catch_up()
    assert here.page(made) is not None
    remote.clock.tick(600)


def test_a_copy_that_is_behind_is_asked_again(remote: Remote, here: Connected) -> None:
    made = remote.item("made", claims=[])
    here.catch_up()
    old = remote.own({"action": "wbgetentities", "ids": made, "format": "json", "formatversion": "2"})
    remote.clock.tick(2)
    remote.label(made, "made newer")
    remote.fail(on("wbgetentities", Answer(json.dumps(old).encode())))
    assert here.catch_up() == 0
    assert here.label(made) == "made"
    remote.clock.tick(2)
    assert here.catch_up(thorough=False) == 1
    assert here.label(made) == "made newer"


def test_an_entity_that_the_wiki_cannot_give_holds_nobody_up(remote: Remote, here: Connected) -> None:
    made = [remote.item(f"beside a broken one {number}") for number in range(4)]

    def broken(sent: dict[str, str]) -> Answer | None:
        if made[2] in sent.get("ids", "").split("|"):
            return Answer(b'{"error": {"code": "cant-load-entity-content", "info": "it is broken"}}')
        return None

    remote.fail(*[broken] * 6)
    done = here.sync.once()
    remote.faults.clear()
    assert done.changed == 3
    assert len(done.unreadable) == 1
    assert here.catch_up() == 1
    assert here.page(made[2]) is not None


def test_a_fault_of_the_wiki_itself_is_no_fault_of_what_was_asked_for(remote: Remote, here: Connected) -> None:
    made = remote.item("made while its database was broken")
    fault = Answer(b'{"error": {"code": "internal_api_error_DBQueryError", "info": "the database is broken"}}')
    remote.fail(on("wbgetentities", fault))
    with pytest.raises(Unavailable, match="database is broken"):
        here.catch_up()
    assert here.catch_up() == 1
    assert here.page(made) is not None


def test_what_the_wiki_hides_makes_us_look_at_all_revisions(remote: Remote, here: Connected) -> None:
    made = remote.item("to be suppressed")
    here.catch_up()
    remote.delete(made)

    def hidden(sent: dict[str, str]) -> Answer | None:
        answer = remote.own(sent)
        for line in answer["query"]["recentchanges"]:
            if line["type"] == "log" and line["title"].endswith(made):
                del line["title"]
                line["actionhidden"] = True
        return Answer(json.dumps(answer).encode())

    remote.fail(on("recentchanges", hidden))
    done = here.sync.once()
    assert done.swept
    assert here.page(made) is None


def test_too_long_away_compares_all_revisions(remote: Remote, here: Connected) -> None:
    here.catch_up()
    made = remote.item("made while we were away")
    remote.clock.tick(40 * 86400)
    kept = remote.clock.now - timedelta(days=30)

    def purged(sent: dict[str, str]) -> Answer | None:
        if "rcstart" in sent:
            return None
        line = {"type": "edit", "timestamp": kept.strftime("%Y-%m-%dT%H:%M:%SZ")}
        return Answer(json.dumps({"query": {"recentchanges": [line]}}).encode())

    remote.fail(on("recentchanges", purged))
    done = here.sync.once()
    assert done.swept
    assert done.changed == 1
    assert here.page(made) is not None


def test_another_way_of_mirroring_is_filled_aside_and_swapped(remote: Remote, here: Connected) -> None:
    made = remote.item("read anew")
    here.catch_up()
    before = here.repository.mirror.revisions()
    state = here.sync.standing
    here.repository.mirror.apply((), state=state.text().replace(state.model, "0 of old"))
    remote.delete(made)

    def torn(sent: dict[str, str]) -> Answer | None:
        assert here.repository.mirror.revisions() == before
        return TORN

    remote.fail(on("wbgetentities", torn))
    with pytest.raises(Unavailable):
        here.sync.once()
    assert here.page(made) is not None
    done = here.sync.once()
    assert done.swept
    assert done.changed == 1
    assert here.page(made) is None
    assert here.sync.standing.model == state.model
    assert not here.repository.mirror.revisions_aside()


def test_a_wiki_that_is_no_wikibase_is_refused_with_a_way_out(tmp_path: Path, remote: Remote) -> None:
    remote.fail(Answer(json.dumps({"query": {"general": {"sitename": "A wiki"}, "namespaces": {}}}).encode()))
    with pytest.raises(InvalidSetting, match="CAPX_WIKIBASE_CONCEPT_BASE"), connected(remote, tmp_path / "data"):
        pass


def test_a_start_needs_no_network(tmp_path: Path, remote: Remote) -> None:
    with connected(remote, tmp_path / "data") as first:
        first.catch_up()
        count = first.graph.store.count()
    remote.asked.clear()
    with connected(remote, tmp_path / "data") as again:
        assert again.graph.store.count() == count
        assert again.graph.ingest.catch_up().changed == 0
        assert not remote.asked
