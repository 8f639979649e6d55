"""Parameters that the search does not have: ignored, and said to be."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.doubles.services import FakeServices
from webapp import create_app

TOLD = "Ignored, since the search has no parameter of that name"


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeServices()).test_client()


def test_the_data_warns_of_each_parameter_that_it_ignores(client: FlaskClient) -> None:
    found = client.get("/search.json?langauge=pt&q=x&role=offers&roles=wants&uselang=en").get_json()
    assert found["total"] == 42
    assert found["warnings"] == [{"parameter": name, "message": f"{TOLD}: {name}"} for name in ("langauge", "roles")]


def test_the_page_names_them_and_leads_to_those_that_there_are(client: FlaskClient) -> None:
    html = client.get("/search?langauge=pt&roles=wants&uselang=en").text
    assert f"{TOLD}: <bdi>langauge</bdi> and <bdi>roles</bdi>" in html
    assert 'href="/help/search?uselang=en#parameters"' in html or 'href="/help/search#parameters"' in html


@pytest.mark.parametrize(
    "address",
    [
        *("", "q=x&limit=3", "utm_source=x&fbclid=1&wprov=sfla1&_=5&mtm_kwd=z", "more=language", "=x", "%20=x"),
        *("<b>=1", "your+account+is+locked,+call+us=1", "%E2%80%AElanguage=x", "langue\u0301e=x", f"{'x' * 41}=1"),
    ],
)
def test_what_is_known_no_name_and_what_trackers_add_is_passed_over(client: FlaskClient, address: str) -> None:
    assert "warnings" not in client.get(f"/search.json?{address}").get_json()
    assert "no parameter of that name" not in client.get(f"/search?{address}&uselang=en").text


def test_a_flood_of_parameters_is_told_in_part(client: FlaskClient) -> None:
    flood = "&".join(f"{'x' * 30}{number}=1" for number in range(100))
    warnings = client.get(f"/search.json?{flood}").get_json()["warnings"]
    assert 0 < len(warnings) <= 10
    assert all(len(warning["parameter"]) <= 40 for warning in warnings)
