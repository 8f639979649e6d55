"""How we call ourselves elsewhere: whoever is asked can find somebody to write to."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from capx_graph import __version__, settings


@pytest.mark.parametrize(
    ("environ", "site", "contact"),
    [
        (
            {"CAPX_CONTACT": "ops@example.org", "CAPX_BASE": "https://c.example"},
            "https://data.example",
            "ops@example.org",
        ),
        ({"CAPX_BASE": "https://c.example"}, "https://data.example", "https://data.example"),
        ({"CAPX_BASE": "https://c.example"}, None, "https://c.example"),
        ({}, None, settings.DEFAULT_BASE),
    ],
)
def test_the_nearest_contact_is_named(environ: Mapping[str, str], site: str | None, contact: str) -> None:
    assert settings.load(environ).user_agent(site) == f"capx-graph/{__version__} ({contact})"
