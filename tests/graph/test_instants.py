"""Instants: kept as seconds, written with a Z, read from whatever zone; hostile text is no instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.instants import from_epoch, instant, said_instant, stamp, to_epoch

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)


@given(MOMENTS)
def test_what_is_written_is_read_again_to_the_second(at: datetime) -> None:
    assert instant(stamp(at)) == said_instant(stamp(at)) == at.astimezone(UTC).replace(microsecond=0)


@given(st.integers(0, 2**33))
def test_what_is_kept_is_what_is_brought_back(seconds: int) -> None:
    assert to_epoch(from_epoch(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "+1\x00"])
def test_text_of_the_graph_that_is_no_instant_is_none(text: str) -> None:
    assert said_instant(text) is None


def test_an_instant_without_a_zone_is_of_utc_in_the_graph_and_refused_elsewhere() -> None:
    assert said_instant("2026-11-29T02:50:00") == datetime(2026, 11, 29, 2, 50, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        instant("2026-11-29T02:50:00")
