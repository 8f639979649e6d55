"""Many members at once, and one member in many windows: nothing is lost, every conflict is shown as one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from capx_graph.accounts import Member
from capx_graph.membership import Change, Field, Line, Part, ProfileConflict, State
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

MEMBERS, THREADS = 200, 16


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


def member(home: House, name: str) -> Member:
    return home.services.accounts.members.of(home.services.accounts.add(name, "correct horse"))


def publish(home: House, who: Member, wants: str) -> str | None:
    own = home.services.membership.own
    change = Change(Part(State.PUBLIC, (Line("wants", wants),)), own.read(who).parts[Field.WANTS].mark)
    return own.save(who, {Field.WANTS: change}, agreed=True, wording="1", language="en").item


def test_two_hundred_members_who_publish_at_once_lose_nothing(home: House) -> None:
    people = [member(home, f"Member {number}") for number in range(MEMBERS)]
    wishes = [home.item(code) for code in ("10", "11")]
    with ThreadPoolExecutor(THREADS) as pool:
        items = list(pool.map(lambda pair: publish(home, pair[1], wishes[pair[0] % 2]), enumerate(people)))
    assert len(set(items)) == MEMBERS
    assert None not in items
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda pair: publish(home, pair[1], wishes[(pair[0] + 1) % 2]), enumerate(people)))
    own = home.services.membership.own
    for number, who in enumerate(people):
        assert own.read(who).values(Field.WANTS) == {wishes[(number + 1) % 2]}
        page = home.services.repository.page(items[number] or "")
        assert page is not None
        assert page.owner == who.name
    assert home.services.ingest.cursor == home.services.repository.head()


def test_of_many_windows_one_saves_and_every_other_is_told(home: House) -> None:
    own, who = home.services.membership.own, member(home, "Ana")
    seen = own.read(who).parts[Field.ABOUT].mark

    def save(number: int) -> str:
        lines = (Line("displayName", f"Window {number}"),)
        change = Change(Part(State.PUBLIC, lines), seen)
        try:
            own.save(who, {Field.ABOUT: change}, agreed=True, wording="1", language="en")
        except ProfileConflict:
            return "conflict"
        return f"Window {number}"

    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(save, range(THREADS)))
    saved = [answer for answer in told if answer != "conflict"]
    assert len(saved) == 1
    assert [line.value for line in own.read(who).parts[Field.ABOUT].lines] == saved
    assert len(home.services.repository.owned_by("Ana")) == 1
