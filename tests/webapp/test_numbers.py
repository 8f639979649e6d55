"""Numbers in addresses and forms: whatever is typed is a number within bounds, or refused by its name."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from capx_graph.errors import InvalidParameter
from webapp.request.numbers import MOST, between, whole

HOSTILE = ("-1", "1.5", "1e3", "٣", "²", "0x1", "one", "9" * 30, "9" * 5000)
"""No numbers that are taken; the last one is longer than Python reads."""


def test_a_number_is_what_is_given_and_at_most_the_most() -> None:
    assert whole({"limit": " 7 "}, "limit") == 7
    assert whole({"limit": "900"}, "limit", most=50) == 50
    assert whole({"limit": str(MOST)}, "limit") == MOST
    assert whole({}, "limit", default=20) == 20


@pytest.mark.parametrize("typed", ["", *HOSTILE])
def test_what_is_no_number_is_refused_by_its_name(typed: str) -> None:
    with pytest.raises(InvalidParameter, match="limit"):
        whole({"limit": typed}, "limit")
    with pytest.raises(InvalidParameter, match="shortest"):
        between(typed, "shortest", least=2, most=5)


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("address", ["/search.json?limit=", "/search?offset=", "/rings?person=x&shortest="])
def test_a_page_refuses_what_is_no_number(client: FlaskClient, address: str, typed: str) -> None:
    assert client.get(address + typed).status_code == 400
